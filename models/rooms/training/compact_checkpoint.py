"""Writes what another session needs to go on with a training: half precision, no optimiser state.

    python compact_checkpoint.py --generator run/checkpoint.pt --features features.pt --out checkpoints

writes generator.pt (average and discriminator heads; the generator goes on from its average) and features.pt
(only the stages that the discriminator sees). The predictors are read back from their ONNX files.
"""

import argparse
from pathlib import Path

import torch

import checkpoints


def halved(value):
    """Float tensors in half precision, everything else as it is."""
    if isinstance(value, dict):
        return {key: halved(item) for key, item in value.items()}
    if isinstance(value, torch.Tensor) and value.dtype == torch.float32:
        return value.half()
    return value


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--generator", type=Path, required=True)
    parser.add_argument("--features", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path(__file__).resolve().parent / "checkpoints")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    run = checkpoints.read(arguments.generator)
    kept = ("average", "discriminator", "images", *checkpoints.SHAPE)
    checkpoints.write(arguments.out / "generator.pt", halved({name: run[name] for name in kept}))
    network = checkpoints.read(arguments.features)["network"]
    stages = {name: value for name, value in network.items() if name.startswith("stages.")}
    checkpoints.write(arguments.out / "features.pt", halved({"network": stages}))
    for path in sorted(arguments.out.glob("*.pt")):
        print(f"{path.name}: {path.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
