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


def _no_renders(folder: Path, pattern: str) -> str:
    return f"No {pattern} in {folder}: render rooms first (python render_rooms.py {folder} 0 20000)."


def _joined(folder: Path, pattern: str) -> np.ndarray:
    files = sorted(folder.glob(pattern))
    if not files:
        raise SystemExit(_no_renders(folder, pattern))
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


def _labels_of(images: Path) -> Path:
    return images.with_name(images.stem.replace("images", "labels") + ".npz")


class ImagePool:
    """The images of a folder on a device, to draw from while others are still being rendered into it."""

    def __init__(self, folder: Path, device: str, capacity: int = 0):
        """Takes in what is finished in `folder`; makes room for that or for `capacity` images, whichever is
        more."""
        self._folder = Path(folder)
        self._taken: set[Path] = set()
        chunks = [np.load(path, mmap_mode="r") for path in self._finished()]
        if not chunks:
            raise SystemExit(_no_renders(self._folder, "finished images*.npy"))
        shape = (max(capacity, sum(map(len, chunks))), *chunks[0].shape[1:])
        self._images = torch.empty(shape, dtype=torch.uint8, device=device)
        self._size = 0
        # A tensor, since a captured step draws below what it holds at the time.
        self._count = torch.zeros((), dtype=torch.float64, device=device)
        self.look()

    def __len__(self) -> int:
        return self._size

    def _finished(self) -> list[Path]:
        """Chunks not taken yet whose labels, written last, are there."""
        paths = sorted(set(self._folder.glob("images*.npy")) - self._taken)
        return [path for path in paths if _labels_of(path).exists()]

    def look(self) -> None:
        """Takes in the chunks that have been finished since, as far as there is room."""
        for path in self._finished():
            if self._size == len(self._images):
                break
            chunk = torch.from_numpy(np.load(path)[: len(self._images) - self._size])
            self._images[self._size : self._size + len(chunk)] = chunk.to(self._images.device)
            self._size += len(chunk)
            self._taken.add(path)
        self._count.fill_(self._size)

    def draw(self, batch: int) -> Tensor:
        """A random batch [batch, 3, R, R] in [-1, 1], half of it mirrored."""
        device = self._images.device
        index = (torch.rand(batch, dtype=torch.float64, device=device) * self._count).long()
        x = from_bytes(self._images[index])
        x = torch.where(torch.rand(batch, 1, 1, 1, device=device) < 0.5, x.flip(3), x)
        return x.contiguous(memory_format=torch.channels_last)


def from_bytes(images: Tensor) -> Tensor:
    """[N, R, R, 3] uint8 -> [N, 3, R, R] float32 in [-1, 1]."""
    return images.permute(0, 3, 1, 2).float() / 127.5 - 1


def to_tensor(images: np.ndarray) -> Tensor:
    """[N, R, R, 3] uint8 -> [N, 3, R, R] float32 in [-1, 1]."""
    return from_bytes(torch.from_numpy(images))


def quantise(images: Tensor) -> Tensor:
    """[N, 3, R, R] about [-1, 1] -> the values that 8-bit pixels can hold, in [-1, 1]."""
    return torch.floor((127.5 * images + 128).clamp(0, 255)) / 127.5 - 1


def to_bytes(images: Tensor) -> np.ndarray:
    """[N, 3, R, R] about [-1, 1] -> [N, R, R, 3] uint8, as the engine quantises."""
    pixels = torch.floor((127.5 * images.float() + 128).clamp(0, 255))
    return pixels.to(torch.uint8).permute(0, 2, 3, 1).cpu().numpy()
