"""Contact sheets: samples of a generator, or renders, as one PNG.

python contact_sheet.py --generator run/checkpoint.pt --out sheets/samples.png
python contact_sheet.py --data data64 --out sheets/renders.png
"""

import argparse
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from checkpoints import load_generator
from networks.generator import CUTOFF, Z_DIM
from rooms_data import load_images, to_bytes


def save_sheet(images: np.ndarray, path: Path, columns: int = 8, scale: int = 2) -> None:
    """images [N, R, R, 3] uint8 -> a PNG with `columns` columns, every pixel `scale` pixels wide."""
    rows = -(-len(images) // columns)
    side = images.shape[1]
    sheet = np.zeros((rows * side, columns * side, 3), np.uint8)
    for i, image in enumerate(images):
        top, left = i // columns * side, i % columns * side
        sheet[top : top + side, left : left + side] = image
    picture = Image.fromarray(sheet)
    picture.resize((picture.width * scale, picture.height * scale), Image.Resampling.NEAREST).save(
        path, optimize=True
    )


@torch.no_grad()
def samples(generator, count: int, seed: int, psi: float, cutoff: int) -> np.ndarray:
    """Unselected samples [count, R, R, 3] uint8, truncated by psi around the mean w below layer `cutoff`."""
    z = torch.randn(count, Z_DIM, generator=torch.Generator().manual_seed(seed))
    mean = generator.map(torch.randn(10_000, Z_DIM, generator=torch.Generator().manual_seed(0))).mean(0)
    return to_bytes(generator.synthesize(generator.truncated(generator.map(z), mean, psi, cutoff)))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--generator", type=Path)
    source.add_argument("--data", type=Path, help="a folder of renders")
    parser.add_argument("--count", type=int, default=64)
    parser.add_argument("--columns", type=int, default=8)
    parser.add_argument("--scale", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--psi", type=float, default=1.0)
    parser.add_argument("--cutoff", type=int, default=CUTOFF)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    if arguments.generator:
        generator = load_generator(arguments.generator)
        images = samples(generator, arguments.count, arguments.seed, arguments.psi, arguments.cutoff)
    else:
        images = load_images(arguments.data)[: arguments.count]
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    save_sheet(images, arguments.out, arguments.columns, arguments.scale)


if __name__ == "__main__":
    main()
