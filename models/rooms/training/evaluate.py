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
from networks.generator import Z_DIM, Generator
from rooms_data import load_images, to_bytes

BATCH = 100


@torch.no_grad()
def generate(generator: Generator, count: int, psi: float, seed: int) -> np.ndarray:
    """Unselected images [count, R, R, 3] uint8, truncated by psi around the average w."""
    device = next(generator.parameters()).device
    random = torch.Generator().manual_seed(seed)
    mean = generator.map(torch.randn(20_000, Z_DIM, generator=random).to(device)).mean(0)
    parts = []
    for start in range(0, count, BATCH):
        w = generator.map(torch.randn(min(BATCH, count - start), Z_DIM, generator=random).to(device))
        codes = generator.broadcast(mean + psi * (w - mean)).contiguous()
        parts.append(to_bytes(generator.synthesize(codes)))
    return np.concatenate(parts)


def reference(arguments: argparse.Namespace, predictors, segmentation) -> tuple:
    """Features and class shares of the held-out renders, and their distance to training renders; kept in
    OUT."""
    digest = hashlib.sha256(repr((arguments.count, str(arguments.data))).encode())
    for tensor in [*predictors.state_dict().values(), *segmentation.state_dict().values()]:
        digest.update(tensor.cpu().numpy().tobytes())
    path = arguments.out / f"reference-{digest.hexdigest()[:12]}.npz"
    if not path.exists():
        held = load_images(arguments.held_out)[: arguments.count]
        truth = features(predictors, held)
        between = np.nan
        if arguments.data:
            rendered = features(predictors, load_images(arguments.data)[: arguments.count])
            between = frechet_distance(rendered, truth)
        np.savez(path, features=truth, classes=class_shares(segmentation, held), between=between)
    kept = np.load(path)
    between = float(kept["between"])
    return kept["features"], kept["classes"], None if np.isnan(between) else round(between, 3)


def evaluate(arguments: argparse.Namespace) -> dict:
    """All gates of one checkpoint."""
    generator = checkpoints.load_generator(arguments.generator).to(arguments.device)
    predictors = checkpoints.load_predictors(arguments.predictors)[0].to(arguments.device)
    segmentation = checkpoints.load_segmentation(arguments.segmentation)[0].to(arguments.device)
    truth, shares_of_classes, between = reference(arguments, predictors, segmentation)
    result = {"images": checkpoints.read(arguments.generator)["images"], "generated": arguments.count}
    for psi in arguments.psi:
        images = generate(generator, arguments.count, psi, seed=11)
        figures = {
            "frechet": round(frechet_distance(features(predictors, images), truth), 3),
            "classes": compare(class_shares(segmentation, images), shares_of_classes),
        }
        result[f"psi {psi:g}"] = figures
    if between is not None:
        result["frechetRenders"] = between
    shares = variance_shares(generator, predictors, arguments.pairs)
    result["shares"] = shares
    result["aboveBottom"] = {level: above_bottom(shares, level) for level in shares["bottom"]}
    save_sheet(
        samples(generator.cpu(), 64, 1, 1.0), arguments.out / f"gates{result['images'] // 1000:05d}.png"
    )
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
    parser.add_argument("--out", type=Path, default=Path("run"), help="folder of gates.jsonl and the sheet")
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    arguments.out.mkdir(parents=True, exist_ok=True)
    result = evaluate(arguments)
    with open(arguments.out / "gates.jsonl", "a", encoding="utf-8") as log:
        log.write(json.dumps(result) + "\n")
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
