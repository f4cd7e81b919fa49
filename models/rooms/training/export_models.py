"""Exports generator and predictors to ONNX and writes the manifest.

    python export_models.py --generator run/checkpoint.pt \\
    --predictors predictors.pt --segmentation segmentation.pt --out ..

Without --predictors and --segmentation those of the folder stay as they are.
"""

import argparse
from pathlib import Path

import numpy as np
import torch

from checkpoints import load_generator, load_predictors, load_segmentation
from networks.generator import CUTOFF, Z_DIM, Generator
from onnx_export.generator import write_mapping, write_synthesis
from onnx_export.manifest import write_manifest
from onnx_export.predictors import write_predictors, write_segmentation

W_AVG_CODES = 100_000


@torch.no_grad()
def mean_code(generator: Generator) -> np.ndarray:
    """The average w over 100,000 codes, float32 [128]."""
    z = torch.randn(W_AVG_CODES, Z_DIM, generator=torch.Generator().manual_seed(0))
    return generator.map(z).double().mean(0).float().numpy()


def export_generator(generator: Generator, out: Path) -> None:
    """Writes mapping, synthesis and the average w into `out`."""
    out.mkdir(parents=True, exist_ok=True)
    write_mapping(generator).save(out / "mapping.onnx")
    write_synthesis(generator).save(out / "synthesis.onnx")
    np.save(out / "w_avg.npy", mean_code(generator))


def export_predictors(predictors: Path, segmentation: Path, out: Path) -> dict:
    """Writes both networks into `out` and returns their held-out errors by head."""
    network, errors = load_predictors(predictors)
    segmenter, more = load_segmentation(segmentation)
    write_predictors(network).save(out / "predictors.onnx")
    write_segmentation(segmenter).save(out / "segmentation.onnx")
    return {**errors, **more}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--generator", type=Path, required=True)
    parser.add_argument("--predictors", type=Path)
    parser.add_argument("--segmentation", type=Path)
    parser.add_argument("--out", type=Path, default=Path(__file__).resolve().parent.parent)
    parser.add_argument("--psi", type=float, default=1.0, help="truncation of the shipped model; 1 is none")
    parser.add_argument("--cutoff", type=int, default=CUTOFF, help="the first layer that is not truncated")
    arguments = parser.parse_args()
    generator = load_generator(arguments.generator)
    if (arguments.predictors is None) != (arguments.segmentation is None):
        parser.error("--predictors and --segmentation are exported together, or neither")
    export_generator(generator, arguments.out)
    errors = None
    if arguments.predictors:
        errors = export_predictors(arguments.predictors, arguments.segmentation, arguments.out)
    write_manifest(arguments.out, generator.resolution, arguments.psi, arguments.cutoff, errors)


if __name__ == "__main__":
    main()
