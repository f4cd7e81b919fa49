"""A scene as the ray caster takes it: lists of primitives, materials and lights, filled from one random
stream.

Frame: metres; wall 0 is the plane z = 0, wall 1 the plane x = 0, the floor y = 0; the walls meet in the
corner (0, y, 0). "Along a wall" is the distance from that corner, "depth" the distance from the wall.
"""

import random

from labels import CLASSES
from renderer.colors import Color

# Kinds of material; p1 ... p4 of a material mean what the case of this number in texture.h says.
PLAIN, PLANKS, WOOD, TILES, CARPET, STRIPES, FABRIC, SHADE, WINDOW, PICTURE, SCREEN, STONE, BOOKS = range(13)
CURTAIN, RUG, FRONT, STEEL, LEAVES = range(14, 19)

# Surfaces whose visible area is a label.
WOODEN, CARPETED, TILED, CLOTH = 1, 2, 3, 4

BOX, FRUSTUM, ELLIPSOID = range(3)
LAMP_LIGHT, WINDOW_LIGHT = range(2)


class Scene:
    """Random draws, materials and primitives."""

    def __init__(self, seed: int, index: int):
        self.random = random.Random(seed * 10000019 + index * 7 + 3)
        self.clear()

    def clear(self) -> None:
        """Forgets everything but the state of the random stream."""
        self.primitives: list[list[float]] = []
        self.materials: list[list[float]] = []
        self.lights: list[list[float]] = []
        self.clutter = 0.0

    def uniform(self, low: float, high: float) -> float:
        return low + (high - low) * self.random.random()

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def choice(self, options):
        return self.random.choice(options)

    def material(
        self,
        kind: int,
        color: Color,
        second: Color | None = None,
        scale: float = 1.0,
        reflection: float = 0.0,
        specular: float = 0.0,
        p1: float = 0.0,
        p2: float = 0.0,
        p3: float = 0.0,
        emission: Color = (0, 0, 0),
        surface: int = 0,
        front: int = -1,
        p4: float = 0.0,
    ) -> int:
        """Adds a material and returns its number. `front` is the axis that its front faces, `scale` is in
        metres."""
        seed = self.random.randrange(1, 9000)
        row = [kind, *color, *(second or color), scale, reflection, specular, p1, p2, p3, *emission]
        self.materials.append([*row, seed, surface, front, p4])
        return len(self.materials) - 1

    def _primitive(
        self, kind: int, name: str, material: int, low, high, bevel, shadow, bottom=1, top=1
    ) -> None:
        row = [kind, CLASSES.index(name), material, *low, *high, bevel, shadow, bottom, top, 0]
        self.primitives.append(row)

    def box(self, low, high, material: int, name: str, bevel: float = 0.0, shadow: int = 1) -> None:
        """A box from `low` to `high` of the segmentation class `name`; `shadow` 0 lets light through."""
        self._primitive(BOX, name, material, low, high, bevel, shadow)

    def cylinder(self, centre, y0, y1, radius, material, name, bottom=1.0, top=1.0, shadow=1) -> None:
        """A vertical frustum around centre (x, z); its radii are `radius` times `bottom` and `top`."""
        x, z = centre
        low, high = (x - radius, y0, z - radius), (x + radius, y1, z + radius)
        self._primitive(FRUSTUM, name, material, low, high, 0, shadow, bottom, top)

    def ellipsoid(self, centre, radii, material: int, name: str, shadow: int = 1) -> None:
        low = [c - r for c, r in zip(centre, radii)]
        high = [c + r for c, r in zip(centre, radii)]
        self._primitive(ELLIPSOID, name, material, low, high, 0, shadow)

    def wall_box(self, wall, u0, u1, y0, y1, d0, d1, material, name, bevel=0.0, shadow=1) -> None:
        """A box against a wall: u0 to u1 along it, y0 to y1 high, d0 to d1 deep."""
        if wall == 0:
            self.box((u0, y0, d0), (u1, y1, d1), material, name, bevel, shadow)
        else:
            self.box((d0, y0, u0), (d1, y1, u1), material, name, bevel, shadow)

    @staticmethod
    def wall_point(wall: int, along: float, depth: float) -> tuple[float, float]:
        """(x, z) of a point of the floor."""
        return (along, depth) if wall == 0 else (depth, along)

    @staticmethod
    def wall_rect(wall: int, u0: float, u1: float, d0: float, d1: float) -> tuple[float, float, float, float]:
        """(x0, x1, z0, z1) of a rectangle of the floor."""
        return (u0, u1, d0, d1) if wall == 0 else (d0, d1, u0, u1)

    @staticmethod
    def front_axis(wall: int) -> int:
        """The axis along which things against the wall face the room."""
        return 2 if wall == 0 else 0
