"""Reads what `render_rooms.py` has written: images, segmentation and labels of one folder."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from labels import ATTRIBUTES, column


@dataclass
class Rooms:
    """Rendered rooms. `corner` is NaN where no corner is in view."""

    images: np.ndarray  # [N, R, R, 3] uint8
    segmentation: np.ndarray  # [N, R, R] uint8
    category: np.ndarray  # [N] int64
    corner: np.ndarray  # [N] float32, -1 (left edge) to 1
    attributes: np.ndarray  # [N, 10] float32 in [0, 1]

    def __len__(self) -> int:
        return len(self.images)

    def part(self, start: int, stop: int) -> "Rooms":
        """The rooms start <= i < stop."""
        part = slice(start, stop)
        return Rooms(
            self.images[part],
            self.segmentation[part],
            self.category[part],
            self.corner[part],
            self.attributes[part],
        )


def _joined(folder: Path, pattern: str) -> np.ndarray:
    files = sorted(folder.glob(pattern))
    if not files:
        raise SystemExit(
            f"No {pattern} in {folder}: render rooms first (python render_rooms.py {folder} 0 20000)."
        )
    return np.concatenate([np.load(file) for file in files])


def load_images(folder: Path) -> np.ndarray:
    """[N, R, R, 3] uint8."""
    return _joined(Path(folder), "images*.npy")


def load_rooms(folder: Path) -> Rooms:
    """Everything of a folder, in memory (20 kB a room at 64 px)."""
    folder = Path(folder)
    parts = [np.load(file) for file in sorted(folder.glob("labels*.npz"))]
    label = {
        key: np.concatenate([part[key] for part in parts]).astype(np.float32)
        for key in ["category", "corner", *map(column, ATTRIBUTES)]
    }
    return Rooms(
        images=load_images(folder),
        segmentation=_joined(folder, "seg*.npy"),
        category=label["category"].astype(np.int64),
        corner=label["corner"],
        attributes=np.stack([label[column(name)] for name in ATTRIBUTES], 1),
    )


def to_tensor(images: np.ndarray) -> Tensor:
    """[N, R, R, 3] uint8 -> [N, 3, R, R] float32 in [-1, 1]."""
    return torch.from_numpy(images).permute(0, 3, 1, 2).float() / 127.5 - 1


def quantise(images: Tensor) -> Tensor:
    """[N, 3, R, R] about [-1, 1] -> the values that 8-bit pixels can hold, in [-1, 1]."""
    return torch.floor((127.5 * images + 128).clamp(0, 255)) / 127.5 - 1


def to_bytes(images: Tensor) -> np.ndarray:
    """[N, 3, R, R] about [-1, 1] -> [N, R, R, 3] uint8, as the engine quantises."""
    pixels = torch.floor((127.5 * images.float() + 128).clamp(0, 255))
    return pixels.to(torch.uint8).permute(0, 2, 3, 1).cpu().numpy()
