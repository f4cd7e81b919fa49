"""Calls the ray caster (caster.c) and derives the labels of a room."""

import ctypes
import platform
import subprocess
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from labels import ATTRIBUTES, CLASSES, column
from renderer.room import Room

HERE = Path(__file__).resolve().parent
LIBRARY = HERE / "libcaster.so"
MOST_PRIMITIVES = 140
# A fixed instruction set, so that all x86 machines with AVX2 render the same bytes.
MACHINE = ["-march=x86-64-v3"] if platform.machine() in ("x86_64", "AMD64") else []

LABELS = [
    "category",
    "corner",
    "corner_raw",
    "corner_depth",
    "camera_height",
    "fov",
    "room_height",
    "floor_area",
]
LABELS += [column(name) for name in ATTRIBUTES]

# The share of the image that counts as 1, by surface.
FULL_AREA = {"wood": 0.5, "carpet": 0.35, "tiles": 0.35, "cloth": 0.35}


@dataclass
class Rendering:
    """One rendered room."""

    image: np.ndarray  # [R, R, 3] uint8
    segmentation: np.ndarray  # [R, R] uint8, index into CLASSES
    depth: np.ndarray  # [R, R] float32, metres along the camera's axis
    labels: dict[str, float]  # by LABELS; `corner` is NaN where none is in view


def _load() -> ctypes.CDLL:
    """Compiles the caster if its library is missing or older than a source file."""
    sources = [HERE / "caster.c", *HERE.glob("*.h")]
    newest = max(source.stat().st_mtime for source in sources)
    if not LIBRARY.exists() or LIBRARY.stat().st_mtime < newest:
        temporary = LIBRARY.with_suffix(f".{id(sources)}.tmp")
        command = ["gcc", "-O3", *MACHINE, "-ffast-math", "-shared", "-fPIC", "-o", str(temporary)]
        subprocess.check_call([*command, str(HERE / "caster.c"), "-lm"])
        temporary.replace(LIBRARY)
    return ctypes.CDLL(str(LIBRARY))


_library = _load()


def _floats(array: np.ndarray):
    return array.ctypes.data_as(ctypes.POINTER(ctypes.c_float))


def _bytes(array: np.ndarray):
    return array.ctypes.data_as(ctypes.POINTER(ctypes.c_uint8))


def render(seed: int, index: int, resolution: int = 64) -> Rendering:
    """The room (seed, index); the same on every machine of one kind."""
    room = Room(seed, index)
    header, primitives, materials, lights = (
        np.asarray(rows, np.float32) for rows in (room.header(), room.primitives, room.materials, room.lights)
    )
    if len(primitives) >= MOST_PRIMITIVES:
        raise ValueError(
            f"Room {index} of seed {seed} has {len(primitives)} primitives; the caster takes fewer."
        )
    image = np.empty((resolution, resolution, 3), np.uint8)
    segmentation = np.empty((resolution, resolution), np.uint8)
    depth = np.empty((resolution, resolution), np.float32)
    measured = np.zeros(16, np.float32)
    _library.render_scene(
        _floats(header),
        _floats(primitives),
        len(primitives),
        _floats(materials),
        _floats(lights),
        len(lights),
        resolution,
        _bytes(image),
        _bytes(segmentation),
        _floats(depth),
        _floats(measured),
    )
    return Rendering(image, segmentation, depth, _labels(room, segmentation, measured))


def _share(value: float, full: float) -> float:
    return float(min(1.0, value / full))


def _labels(room: Room, segmentation: np.ndarray, measured: np.ndarray) -> dict[str, float]:
    """All labels; `measured` has the visible area by surface, then brightness and red minus blue."""
    pixels = np.bincount(segmentation.ravel(), minlength=len(CLASSES))
    kinds = int((pixels > segmentation.size * 0.004).sum())
    surface = {name: measured[i] for i, name in enumerate(("wood", "carpet", "tiles", "cloth"), 1)}
    return {
        "category": room.category,
        "corner": room.corner if abs(room.corner) <= 1 else float("nan"),
        "corner_raw": room.corner,
        "corner_depth": room.corner_distance,
        "camera_height": room.eye[1],
        "fov": room.fov,
        "room_height": room.height,
        "floor_area": room.size[0] * room.size[2],
        "indoor_lighting": room.indoor_light,
        "natural_lighting": room.natural_light,
        **{name: _share(area, FULL_AREA[name]) for name, area in surface.items()},
        "glossy": _share(room.floor_gloss, 0.65),
        "cluttered": min(1.0, 0.06 * max(0, kinds - 4) + 0.065 * room.clutter),
        "bright": float(min(1, max(0, (measured[8] - 0.15) / 0.6))),
        "warm": float(min(1, max(0, 0.35 + measured[9] * 2.2))),
    }
