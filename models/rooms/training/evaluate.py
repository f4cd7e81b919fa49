"""Measures a checkpoint by the gates, appends one line of JSON to a log and writes its contact sheet.

    python evaluate.py --generator run/checkpoint.pt \\
    --predictors predictors.pt --segmentation segmentation.pt --held-out held64 --data data64 --out run
"""

import argparse
import hashlib
import json
from pathlib import Path

import numpy as np
import torch

import checkpoints
from contact_sheet import samples, save_sheet
from gates.class_frequency import class_shares, compare
from gates.frechet import features, frechet_distance
from gates.variance_shares import above_bottom, variance_shares
from networks.generator import CUTOFF, Z_DIM, Generator
from rooms_data import load_images, to_bytes

BATCH = 100


@torch.no_grad()
def generate(generator: Generator, count: int, psi: float, cutoff: int, seed: int) -> np.ndarray:
    """Unselected images [count, R, R, 3] uint8, truncated by psi around the mean w below layer `cutoff`."""
    device = next(generator.parameters()).device
    random = torch.Generator().manual_seed(seed)
    mean = generator.map(torch.randn(20_000, Z_DIM, generator=random).to(device)).mean(0)
    parts = []
    for start in range(0, count, BATCH):
        w = generator.map(torch.randn(min(BATCH, count - start), Z_DIM, generator=random).to(device))
        codes = generator.truncated(w, mean, psi, cutoff)
        parts.append(to_bytes(generator.synthesize(codes)))
    return np.concatenate(parts)


def kept(folder: Path, name: str, network: torch.nn.Module, more: tuple, compute) -> np.ndarray:
    """What `compute()` returns, from a file in `folder` where this network has computed it before."""
    digest = hashlib.sha256(repr(more).encode())
    for tensor in network.state_dict().values():
        digest.update(tensor.cpu().numpy().tobytes())
    path = folder / f"{name}-{digest.hexdigest()[:12]}.npy"
    if not path.exists():
        np.save(path, compute())
    return np.load(path)


def evaluate(arguments: argparse.Namespace) -> dict:
    """All gates of one checkpoint, in the precision of the training (bfloat16 convolutions)."""
    to = {"device": arguments.device, "memory_format": torch.channels_last}
    generator = checkpoints.load_generator(arguments.generator).to(**to)
    predictors = checkpoints.load_predictors(arguments.predictors)[0].to(**to)
    segmentation = checkpoints.load_segmentation(arguments.segmentation)[0].to(**to)
    count, out = arguments.count, arguments.out

    def rendered_features(folder: Path) -> np.ndarray:
        return kept(
            out,
            "features",
            predictors.stages,
            (str(folder), count),
            lambda: features(predictors, load_images(folder)[:count]),
        )

    truth = rendered_features(arguments.held_out)
    shares_of_classes = kept(
        out,
        "classes",
        segmentation,
        (str(arguments.held_out), count),
        lambda: class_shares(segmentation, load_images(arguments.held_out)[:count]),
    )
    result = {"images": checkpoints.read(arguments.generator)["images"], "generated": arguments.count}
    for psi in arguments.psi:
        images = generate(generator, arguments.count, psi, arguments.cutoff, seed=11)
        figures = {
            "frechet": round(frechet_distance(features(predictors, images), truth), 3),
            "classes": compare(class_shares(segmentation, images), shares_of_classes),
        }
        result["psi 1" if psi == 1 else f"psi {psi:g} below {arguments.cutoff}"] = figures
    if arguments.data:
        result["frechetRenders"] = round(frechet_distance(rendered_features(arguments.data), truth), 3)
    shares = variance_shares(generator, predictors, arguments.pairs)
    result["shares"] = shares
    result["aboveBottom"] = {level: above_bottom(shares, level) for level in shares["bottom"]}
    sheet = samples(generator.cpu(), 64, 1, arguments.psi[0], arguments.cutoff)
    save_sheet(sheet, arguments.out / f"gates{result['images'] // 1000:05d}.png")
    return result


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--generator", type=Path, required=True)
    parser.add_argument("--predictors", type=Path, required=True)
    parser.add_argument("--segmentation", type=Path, required=True)
    parser.add_argument("--held-out", type=Path, default=Path("held64"))
    parser.add_argument("--data", type=Path, help="training renders: adds the distance between renders")
    parser.add_argument("--count", type=int, default=10_000, help="images for distance and classes")
    parser.add_argument("--pairs", type=int, default=600, help="pairs of codes for the variance shares")
    parser.add_argument("--psi", type=float, nargs="+", default=[1.0])
    parser.add_argument("--cutoff", type=int, default=CUTOFF)
    parser.add_argument("--out", type=Path, default=Path("run"), help="folder of gates.jsonl and the sheet")
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    arguments.out.mkdir(parents=True, exist_ok=True)
    with torch.autocast(arguments.device, torch.bfloat16):
        result = evaluate(arguments)
    with open(arguments.out / "gates.jsonl", "a", encoding="utf-8") as log:
        log.write(json.dumps(result) + "\n")
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
