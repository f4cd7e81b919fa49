"""Checks the exported files: agreement with PyTorch, operators, the cut at the style tensors, sizes, names.

    python check_export.py --generator run/checkpoint.pt \\
    --predictors predictors.pt --segmentation segmentation.pt

prints the figures that the card quotes, and fails where one is out of bounds.
"""

import argparse
import hashlib
from pathlib import Path

import numpy as np
import onnxruntime
import torch
import yaml

import checkpoints
from networks.generator import W_DIM, Z_DIM
from onnx_export.inspection import PLAIN_OPERATORS, cut_at, multiply_adds, operators

LIMIT = 1e-4
MEGABYTES = 40


def _run(model, inputs: dict[str, np.ndarray]) -> list[np.ndarray]:
    """model: a path, or a model in memory."""
    source = str(model) if isinstance(model, Path) else model.SerializeToString()
    session = onnxruntime.InferenceSession(source, providers=["CPUExecutionProvider"])
    return session.run(None, inputs)


def _difference(ones, others) -> float:
    """The largest absolute difference over all outputs."""
    return max(float(np.abs(one.numpy() - other).max()) for one, other in zip(ones, others))


@torch.no_grad()
def differences(folder: Path, generator, predictors, segmentation, batch: int = 5) -> dict[str, float]:
    """Largest difference between PyTorch and ONNX by file, and between whole and cut synthesis."""
    random = torch.Generator().manual_seed(5)
    z = torch.randn(batch, Z_DIM, generator=random)
    w = generator.map(z)
    codes = generator.broadcast(w) + 0.3 * torch.randn(batch, generator.layers, W_DIM, generator=random)
    image = generator.synthesize(codes).clamp(-1, 1)
    synthesis = folder / "synthesis.onnx"
    found = {
        "mapping": _difference([w], _run(folder / "mapping.onnx", {"z": z.numpy()})),
        "synthesis": _difference([generator.synthesize(codes)], _run(synthesis, {"codes": codes.numpy()})),
        "predictors": _difference(
            predictors(image), _run(folder / "predictors.onnx", {"image": image.numpy()})
        ),
        "segmentation": _difference(
            [segmentation(image)], _run(folder / "segmentation.onnx", {"image": image.numpy()})
        ),
    }
    styles = {f"style_{i}": conv.style(codes[:, i]).numpy() for i, conv in enumerate(generator.convs)}
    for block, conv in enumerate(generator.to_rgb):
        styles[f"style_rgb_{block}"] = conv.style(codes[:, 2 * block + 1]).numpy()
    found["synthesis, cut at its styles"] = _difference(
        [generator.synthesize(codes)], _run(cut_at(synthesis, list(styles)), styles)
    )
    return found


def manifest_faults(folder: Path) -> list[str]:
    """Files whose SHA-256 is not the manifest's."""
    manifest = yaml.safe_load((folder / "manifest.yaml").read_text(encoding="utf-8"))
    generator = manifest["generator"]
    files = [
        generator["mapping"],
        generator["synthesis"],
        generator["truncation"]["mean"],
        *manifest["predictors"],
    ]
    return [
        f"{file['file']} is not the file that manifest.yaml names: export again."
        for file in files
        if hashlib.sha256((folder / file["file"]).read_bytes()).hexdigest() != file["sha256"]
    ]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--generator", type=Path, required=True)
    parser.add_argument("--predictors", type=Path, required=True)
    parser.add_argument("--segmentation", type=Path, required=True)
    parser.add_argument("--models", type=Path, default=Path(__file__).resolve().parent.parent)
    arguments = parser.parse_args()
    faults = manifest_faults(arguments.models)
    found = differences(
        arguments.models,
        checkpoints.load_generator(arguments.generator),
        checkpoints.load_predictors(arguments.predictors)[0],
        checkpoints.load_segmentation(arguments.segmentation)[0],
    )
    for name, difference in found.items():
        print(f"{name}: PyTorch and ONNX differ by at most {difference:.1e}")
        if not difference <= LIMIT:
            faults.append(f"{name} differs by {difference:.1e}, more than {LIMIT:.0e}.")
    for path in sorted(arguments.models.glob("*.onnx")):
        millions, megabytes = multiply_adds(path) / 1e6, path.stat().st_size / 1e6
        print(f"{path.name}: {millions:.1f} M multiply-adds, {megabytes:.2f} MB")
        strange = operators(path) - PLAIN_OPERATORS
        if strange:
            faults.append(f"{path.name} has operators that WebGPU may lack: {', '.join(sorted(strange))}.")
    files = [path for path in arguments.models.iterdir() if path.is_file()]
    size = sum(path.stat().st_size for path in files) / 1e6
    print(f"together {size:.1f} MB")
    if size > MEGABYTES:
        faults.append(f"The shipped files take {size:.1f} MB, more than {MEGABYTES}.")
    if faults:
        raise SystemExit("\n".join(faults))


if __name__ == "__main__":
    main()
