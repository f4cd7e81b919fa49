"""Gives a trained generator more channels and a wider mapping without changing what it draws: new channels
start at random, but nothing old listens to them yet (Chen, Goodfellow, Shlens 2016, with zeros instead of
copies).

python widen_generator.py --generator CHECKPOINT --channels widest --out run/checkpoint.pt
"""

import argparse
from pathlib import Path

import torch
from torch import Tensor

import checkpoints
from networks.generator import CHANNELS, Z_DIM, Generator

TOLERANCE = 1e-3  # of the images, in [-1, 1]


def widened(old: Generator, channels: dict[int, int], mapping_widths: list[int]) -> Generator:
    """A generator of these widths that draws what `old` draws.

    Raises ValueError where a width is smaller than the old one.
    """
    new = Generator(old.resolution, channels, mapping_widths)
    # The sum over inputs is scaled by 1 / sqrt(inputs); demodulation takes that out again, elsewhere the old
    # weights make up for it.
    for layer, before in zip(new.mapping, old.mapping, strict=True):
        _place(layer.weight.data, before.weight.data, before.scale / layer.scale)
        _place(layer.bias.data, before.bias.data)
    _place(new.const.data, old.const.data)
    for conv, before in zip([*new.convs, *new.to_rgb], [*old.convs, *old.to_rgb], strict=True):
        _place(conv.weight.data, before.weight.data, 1 if conv.demodulate else before.scale / conv.scale)
        _place(conv.bias.data, before.bias.data)
        _place(conv.style.weight.data, before.style.weight.data)
        _place(conv.style.bias.data, before.style.bias.data)
    new.w_avg.copy_(old.w_avg)
    return new.eval()


def _place(new: Tensor, old: Tensor, scale: float = 1.0) -> None:
    """The old tensor at the start of the new one; in its rows, what comes from new inputs is zero."""
    if any(n < o for n, o in zip(new.shape, old.shape, strict=True)):
        raise ValueError(f"Cannot narrow {list(old.shape)} to {list(new.shape)}.")
    if new.ndim > 1 and len(old) > 1:
        new[: len(old)] = 0
    new[tuple(slice(size) for size in old.shape)] = old * scale


@torch.no_grad()
def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--generator", type=Path, required=True)
    parser.add_argument("--channels", choices=CHANNELS, default="wider")
    parser.add_argument("--mapping", type=int, default=256, help="width of the mapping's hidden layers")
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    run = checkpoints.read(arguments.generator)
    old = checkpoints.load_generator(arguments.generator)
    widths = [arguments.mapping] * (len(old.mapping) - 1)
    new = widened(old, CHANNELS[arguments.channels], widths)
    z = torch.randn(32, Z_DIM, generator=torch.Generator().manual_seed(1))
    difference = (old(z) - new(z)).abs().max().item()
    if not difference <= TOLERANCE:
        raise SystemExit(f"The wider generator draws something else: largest difference {difference:.2g}.")
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    kept = {name: run[name] for name in ("discriminator", "images", "resolution")}
    checkpoints.write(
        arguments.out,
        kept
        | {"average": new.state_dict(), "channels": CHANNELS[arguments.channels], "mapping_widths": widths},
    )
    count = sum(parameter.numel() for parameter in new.parameters())
    print(f"{count / 1e6:.2f} M parameters, largest difference {difference:.2g}")


if __name__ == "__main__":
    main()
