"""Colours and materials that furniture shares."""

from renderer.colors import Color, hsv, linear, mix, scaled
from renderer.scene import CARPETED, CLOTH, FABRIC, FRONT, RUG, WOOD, WOODEN, Scene

WOOD_TONES = [(0.80, 0.64, 0.44), (0.68, 0.47, 0.29), (0.50, 0.32, 0.19), (0.33, 0.21, 0.14)]
PALE_WOOD = (0.86, 0.77, 0.62)


class Palette(Scene):
    """Draws wood, wall and cloth colours, and the materials made of them."""

    def wood_colors(self) -> tuple[Color, Color]:
        """A wood and its darker grain."""
        tone = self.random.random()
        place = tone * 3.999
        darker = min(int(place) + 1, 3)
        base = (
            mix(WOOD_TONES[int(place)], WOOD_TONES[darker], place - int(place)) if tone < 0.85 else PALE_WOOD
        )
        color = linear(tuple(min(1, channel * self.uniform(0.93, 1.07)) for channel in base))
        return color, scaled(color, 0.62)

    def _hsv(self, hue: tuple, saturation: tuple, value: tuple) -> Color:
        return hsv(self.uniform(*hue), self.uniform(*saturation), self.uniform(*value))

    def wall_color(self) -> Color:
        share = self.random.random()
        if share < 0.40:
            return self._hsv((0.06, 0.14), (0.02, 0.16), (0.80, 0.95))
        if share < 0.58:
            return self._hsv((0.55, 0.66), (0.06, 0.28), (0.68, 0.92))
        if share < 0.72:
            return self._hsv((0.22, 0.42), (0.06, 0.25), (0.66, 0.88))
        if share < 0.84:
            return self._hsv((0.0, 0.12), (0.15, 0.38), (0.74, 0.92))
        if share < 0.93:
            return self._hsv((0.0, 1.0), (0.15, 0.4), (0.35, 0.62))
        return self._hsv((0.05, 0.65), (0.0, 0.06), (0.55, 0.8))

    def cloth_color(self) -> Color:
        share = self.random.random()
        if share < 0.30:
            return self._hsv((0.05, 0.14), (0.03, 0.28), (0.62, 0.93))
        if share < 0.54:
            return self._hsv((0.53, 0.66), (0.15, 0.52), (0.35, 0.78))
        if share < 0.68:
            return self._hsv((-0.03, 0.09), (0.35, 0.62), (0.45, 0.78))
        if share < 0.79:
            return self._hsv((0.22, 0.46), (0.12, 0.38), (0.35, 0.68))
        if share < 0.92:
            return self._hsv((0.0, 1.0), (0.0, 0.06), (0.25, 0.75))
        return self._hsv((0.0, 1.0), (0.2, 0.42), (0.45, 0.85))

    def wood_material(self) -> int:
        return self.material(WOOD, *self.wood_colors(), surface=WOODEN, specular=0.12)

    def fabric(self, color=None, pattern=0, scale=None, second=None, along=0) -> int:
        """Cloth: plain, striped (1, along an axis), checked (2) or dotted (3)."""
        color = color or self.cloth_color()
        second = second or self.cloth_color()
        scale = scale or self.uniform(0.16, 0.32)
        return self.material(FABRIC, color, second, scale=scale, p1=pattern, p2=along, surface=CLOTH)

    def panel(self, wall: int, wood=None, columns=2, rows=1, color=None, shaker=0) -> int:
        """Cabinet fronts with columns x rows doors: wood, unless a colour is given."""
        front = self.front_axis(wall)
        if color is None:
            light, dark = self.wood_colors() if wood is None else wood
            grain = {"p3": 0.9, "surface": WOODEN}
        else:
            light, dark = color, scaled(color, 0.7)
            grain = {"p3": 0}
        return self.material(
            FRONT, light, dark, p1=columns, p2=rows, front=front, specular=0.1, p4=shaker, **grain
        )

    def rug_material(self) -> int:
        natural = linear((0.72, 0.66, 0.58))
        color = mix(self.cloth_color(), natural, self.uniform(0, 0.4))
        second = mix(self.cloth_color(), natural, self.uniform(0, 0.5))
        pattern, rings, along = self.choice([0, 0, 0, 1, 2, 3]), self.uniform(3, 6), self.choice([0, 1])
        return self.material(RUG, color, second, p1=pattern, p2=rings, p3=along, surface=CARPETED)
