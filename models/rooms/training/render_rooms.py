"""Renders rooms into OUT as .npy chunks that can be memory-mapped; run several at once with different
suffixes.

    python render_rooms.py data64 0 20000 --suffix _a
    python render_rooms.py held64 0 10000 --seed 2

writes images<suffix>.npy [N, R, R, 3] uint8, seg<suffix>.npy [N, R, R] uint8, labels<suffix>.npz and
names.json.
"""

import argparse
import json
import time
from pathlib import Path

import numpy as np

from labels import ATTRIBUTES, CATEGORIES, CLASSES
from renderer.caster import LABELS, render


def write_rooms(out: Path, start: int, count: int, seed: int, resolution: int, suffix: str) -> None:
    """Renders the rooms start <= index < start + count of a seed."""
    out.mkdir(parents=True, exist_ok=True)
    shape = (count, resolution, resolution)
    images = np.lib.format.open_memmap(out / f"images{suffix}.npy", "w+", np.uint8, (*shape, 3))
    segmentation = np.lib.format.open_memmap(out / f"seg{suffix}.npy", "w+", np.uint8, shape)
    labels = np.zeros((count, len(LABELS)), np.float32)
    begun = time.time()
    for i in range(count):
        rendering = render(seed, start + i, resolution)
        images[i], segmentation[i] = rendering.image, rendering.segmentation
        labels[i] = [rendering.labels[key] for key in LABELS]
        if (i + 1) % 1000 == 0:
            print(f"{i + 1} of {count}, {(i + 1) / (time.time() - begun):.0f}/s", flush=True)
    images.flush()
    segmentation.flush()
    columns = {key: labels[:, j] for j, key in enumerate(LABELS)}
    np.savez(out / f"labels{suffix}.npz", index=np.arange(start, start + count), seed=seed, **columns)
    names = {"classes": CLASSES, "categories": CATEGORIES, "attributes": ATTRIBUTES}
    names |= {"seed": seed, "resolution": resolution}
    (out / "names.json").write_text(json.dumps(names, indent=1), encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("out", type=Path)
    parser.add_argument("start", type=int)
    parser.add_argument("count", type=int)
    parser.add_argument("--seed", type=int, default=1, help="1 for training, others to hold out")
    parser.add_argument("--resolution", type=int, default=64)
    parser.add_argument(
        "--suffix", default="", help="names the chunk, so that several can be rendered at once"
    )
    arguments = parser.parse_args()
    write_rooms(
        arguments.out,
        arguments.start,
        arguments.count,
        arguments.seed,
        arguments.resolution,
        arguments.suffix,
    )


if __name__ == "__main__":
    main()
