"""Things that stand or hang in more than one kind of room."""

import math

from renderer.colors import hsv, linear, scaled
from renderer.lighting import Lighting
from renderer.scene import CLOTH, CURTAIN, FRONT, LEAVES, PICTURE, PLAIN, WINDOW

POTS = [linear((0.85, 0.83, 0.8)), linear((0.65, 0.36, 0.24)), linear((0.25, 0.25, 0.26))]
FRAMES = [linear((0.1, 0.09, 0.08)), linear((0.9, 0.89, 0.87)), linear((0.72, 0.58, 0.32))]


class Furniture(Lighting):
    """Lamps, plants, pictures, chairs, windows and doors. Floor positions are (x, z); sizes are metres."""

    def table_lamp(self, x: float, z: float, y: float) -> None:
        foot = self.material(
            PLAIN, self.cloth_color() if self.chance(0.6) else self.wood_colors()[0], specular=0.3
        )
        stem = self.uniform(0.16, 0.26)
        self.cylinder((x, z), y, y + 0.03, 0.075, foot, "lamp")
        if self.chance(0.5):
            self.ellipsoid((x, y + stem * 0.5, z), (0.075, stem * 0.5, 0.075), foot, "lamp")
        else:
            self.cylinder((x, z), y, y + stem, 0.03, foot, "lamp")
        shade = self.uniform(0.19, 0.27)
        radius, material, top = self.uniform(0.14, 0.19), self.shade_material(), self.uniform(0.55, 0.95)
        self.cylinder((x, z), y + stem - 0.01, y + stem + shade, radius, material, "lamp", 1.0, top, shadow=0)
        self.lamp_light(x, y + stem + shade * 0.55, z, 0.62, 1, 0.07)
        self.clutter += 1

    def floor_lamp(self, x: float, z: float) -> None:
        color = linear((0.15, 0.14, 0.13)) if self.chance(0.6) else self.wood_colors()[0]
        foot = self.material(PLAIN, color, specular=0.3)
        height = self.uniform(1.45, 1.75)
        self.cylinder((x, z), 0, 0.03, 0.15, foot, "lamp")
        self.cylinder((x, z), 0, height - 0.25, 0.022, foot, "lamp")
        radius, material, top = self.uniform(0.19, 0.25), self.shade_material(), self.uniform(0.6, 0.95)
        self.cylinder((x, z), height - 0.32, height, radius, material, "lamp", 1.0, top, shadow=0)
        self.lamp_light(x, height - 0.16, z, 1.15, 1, 0.09)
        self.clutter += 1

    def ceiling_lamp(self, x: float, z: float, power: float) -> None:
        shade = self.shade_material()
        radius = self.uniform(0.17, 0.26)
        self.cylinder((x, z), self.height - 0.09, self.height, radius, shade, "lamp", 0.75, 1.0, shadow=0)
        self.lamp_light(x, self.height - 0.22, z, power, 0, 0.15)

    def plant(self, x: float, z: float, y: float = 0.0, size: float = 1.0) -> None:
        pot = self.material(PLAIN, self.choice(POTS), specular=0.15)
        pot_height = self.uniform(0.22, 0.36) * size
        self.cylinder((x, z), y, y + pot_height, 0.17 * size, pot, "plant", 0.72, 1.0)
        green = hsv(self.uniform(0.23, 0.36), self.uniform(0.4, 0.7), self.uniform(0.32, 0.55))
        leaves = self.material(LEAVES, green, scaled(green, 0.55))
        height = self.uniform(0.55, 1.15) * size
        for i in range(5):
            angle = i * 2.4 + self.uniform(0, 1)
            out = self.uniform(0.06, 0.2) * size
            up = y + pot_height + height * (0.18 + 0.62 * (i / 4))
            radii = tuple(self.uniform(*limits) * size for limits in ((0.10, 0.2), (0.14, 0.26), (0.10, 0.2)))
            self.ellipsoid((x + out * math.cos(angle), up, z + out * math.sin(angle)), radii, leaves, "plant")
        self.clutter += 1

    def corner_plant(self) -> None:
        """A large plant in any free place."""
        if self.place(self.choice([0, 1]), 0.45, 0.45, 0.9) is not None:
            x0, x1, z0, z1 = self.footprints[-1]
            self.plant(0.5 * (x0 + x1), 0.5 * (z0 + z1), 0, self.uniform(0.9, 1.2))

    def picture(self, wall: int, left: float, width: float, y0: float, height: float) -> None:
        wood = self.wood_colors()[0]
        frame = self.choice([FRAMES[0], wood, FRAMES[1], FRAMES[2]])
        second, motif = self.cloth_color(), self.uniform(0, 4)
        mat_board = self.choice([0.0, 0.06, 0.09]) * min(1, width)
        material = self.material(
            PICTURE, frame, second, scale=0.035, p1=motif, p3=mat_board, emission=self.cloth_color()
        )
        self.wall_box(wall, left, left + width, y0, y0 + height, 0, 0.03, material, "picture")
        self.claim(wall, left, left + width, y0, y0 + height)
        self.clutter += 0.7

    def pictures_above(self, wall: int, left: float, right: float, y: float) -> None:
        """Often one to three pictures above a piece of furniture whose top is at height y."""
        if not self.chance(0.78):
            return
        top = min(self.height - 0.2, 2.25)
        height = min(self.uniform(0.45, 0.8), top - y - 0.12)
        if height < 0.3:
            return
        y0 = y + self.uniform(0.12, max(0.13, min(0.3, top - y - height)))
        count = self.choice([1, 1, 2, 3])
        room = right - left
        if count == 1:
            width, gap = min(room * 0.8, height * self.uniform(0.8, 1.9)), 0.0
        else:
            width, gap = min(height * 0.75, room * 0.8 / count), self.uniform(0.08, 0.2)
        total = count * width + (count - 1) * gap
        first = 0.5 * (left + right) - total / 2
        if self.wall_is_free(wall, first, first + total, y0, y0 + height):
            for i in range(count):
                self.picture(wall, first + i * (width + gap), width, y0, height)

    def put_on_top(self, wall: int, left: float, width: float, y: float) -> None:
        """Something on a low cabinet (its top at height y), and perhaps a picture above it."""
        x, z = self.wall_point(wall, left + self.uniform(0.25, 0.75) * width, 0.22)
        kind = self.random.random()
        if kind < 0.35:
            self.table_lamp(x, z, y)
        elif kind < 0.55:
            self.plant(x, z, y, 0.42)
        elif kind < 0.8:
            vase = self.material(PLAIN, self.cloth_color(), specular=0.4)
            self.ellipsoid((x, y + 0.12, z), (0.09, 0.13, 0.09), vase, "decor")
        if self.chance(0.4):
            height = self.uniform(0.4, 0.7)
            if self.wall_is_free(wall, left + width * 0.2, left + width * 0.8, y + 0.4, y + 0.4 + height):
                self.picture(wall, left + width * 0.2, width * 0.6, min(y + 0.4, 1.5), height)

    def chair(self, x, z, back, material: int, back_height: float) -> None:
        """A chair around (x, z), upholstered to the floor: legs would be less than a pixel wide, and
        generators make tangles of them. Its back is on the side `back`, a unit vector along x or z."""
        half, thick, seat_height = 0.23, 0.04, 0.46
        self.box((x - half, 0.0, z - half), (x + half, seat_height, z + half), material, "chair", bevel=0.03)
        if back[0]:
            a = x + back[0] * (half - thick)
            low, high = (a - thick, seat_height, z - half), (a + thick, back_height, z + half)
        else:
            b = z + back[1] * (half - thick)
            low, high = (x - half, seat_height, b - thick), (x + half, back_height, b + thick)
        self.box(low, high, material, "chair")

    def windows(self, wall: int) -> None:
        """A window in this wall, or else in the other, or else behind the camera."""
        if not self.window(wall) and not self.window(1 - wall):
            self.window_behind()

    def window(self, wall: int, width=None, y0=None, left=None) -> bool:
        """A window where there is room for one (or at `left`), often with curtains; whether it was built."""
        french = y0 is None and self.chance(0.28)
        width = width or self.uniform(1.1, 2.3)
        if y0 is None:
            y0 = self.uniform(0.05, 0.25) if french else self.uniform(0.75, 1.0)
        y1 = min(self.height - 0.15, self.uniform(2.05, 2.4))
        if left is None:
            left = self.wall_spot(wall, width, y0, y1, pad=0.15)
            if left is None and width > 1.3:
                width = self.uniform(0.8, 1.1)
                left = self.wall_spot(wall, width, y0, y1, pad=0.1)
            if left is None:
                return False
        right = left + width
        columns = max(1, round(width / self.uniform(0.55, 1.0)))
        rows = self.choice([1, 1, 2])
        frame = linear((0.93, 0.93, 0.92)) if self.chance(0.75) else self.wood_colors()[0]
        bar = self.uniform(0.05, 0.08)
        glass = self.material(WINDOW, frame, scale=bar, p1=columns, p2=rows, front=self.front_axis(wall))
        self.wall_box(wall, left, right, y0, y1, 0, 0.03, glass, "window", shadow=0)
        sill = self.material(PLAIN, frame)
        self.wall_box(wall, left - 0.06, right + 0.06, y0 - 0.05, y0, 0, 0.12, sill, "window", shadow=0)
        self.claim(wall, left - 0.05, right + 0.05, y0, y1)
        if wall == 0:
            self.add_window_light((left, y0, 0.04), (right, y1, 0.04), columns, (0, 0, 1))
        else:
            self.add_window_light((0.04, y0, left), (0.04, y1, right), columns, (1, 0, 0))
        self.window_wall = wall
        if self.chance(0.72):
            self._curtains(wall, left, right, y0, y1)
        return True

    def _curtains(self, wall: int, left: float, right: float, y0: float, y1: float) -> None:
        color = self.cloth_color() if self.chance(0.6) else linear((0.9, 0.88, 0.84))
        width = self.uniform(0.22, 0.42)
        glow = tuple(channel * sky * 0.10 for channel, sky in zip(color, self.sky_horizon))
        cloth = self.material(CURTAIN, color, scale=self.uniform(0.09, 0.16), surface=CLOTH, emission=glow)
        bottom = 0.03 if self.chance(0.75) else max(0.05, y0 - 0.2)
        for u in (left - width * 0.75, right - width * 0.25):
            if u >= 0.02:
                self.wall_box(wall, u, u + width, bottom, y1 + 0.12, 0.04, 0.13, cloth, "curtain")
        rod = self.material(PLAIN, linear((0.2, 0.18, 0.16)))
        first, last = max(0.02, left - width), right + width
        self.wall_box(wall, first, last, y1 + 0.11, y1 + 0.14, 0.07, 0.10, rod, "curtain", shadow=0)
        self.claim(wall, left - width, right + width, bottom, y1)

    def door(self, wall: int) -> None:
        """A door, if there is a free place for one."""
        width, height = self.uniform(0.8, 0.95), self.uniform(2.0, 2.1)
        left = self.place(wall, width, 0.3, 0.2, low=-0.95, high=0.95, tries=10)
        if left is None or not self.wall_is_free(wall, left - 0.1, left + width + 0.1, 0, height):
            return
        right = left + width
        color = linear((0.9, 0.89, 0.87)) if self.chance(0.6) else self.wood_colors()[0]
        frame = self.material(PLAIN, tuple(min(1, channel * 1.05) for channel in color))
        self.wall_box(wall, left - 0.08, right + 0.08, 0, height + 0.08, 0, 0.025, frame, "door", shadow=0)
        leaf = self.material(FRONT, color, scaled(color, 0.6), p1=1, p2=2, front=self.front_axis(wall), p4=1)
        self.wall_box(wall, left, right, 0, height, 0, 0.045, leaf, "door", shadow=0)
        self.claim(wall, left - 0.1, right + 0.1, 0, height + 0.1)
