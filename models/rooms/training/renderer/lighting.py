"""Daylight, lamps, and the numbers of a scene that are not lists."""

import math

from renderer.colors import Color, linear, mix, scaled
from renderer.placement import Placement
from renderer.scene import LAMP_LIGHT, SHADE, WINDOW_LIGHT

DUSKS = [(1.05, 0.62, 0.40), (0.85, 0.60, 0.70), (0.60, 0.72, 1.05)]
GROUNDS = [(0.16, 0.22, 0.10), (0.20, 0.20, 0.19), (0.13, 0.19, 0.09)]


class Lighting(Placement):
    """`natural_light` and `indoor_light` in [0, 1] are labels; all else follows from them and from chance."""

    def draw_light(self) -> None:
        """Sets time of day, sky, sun and the lamps' power."""
        self._draw_amounts()
        natural = self.natural_light
        dusk = self.choice(DUSKS)
        share_of_day = min(1, max(0, (natural - 0.12) / 0.45))
        warmth = self.uniform(0, 0.28)
        day = (0.86 + warmth * 0.5, 0.95 + 0.05 * warmth, 1.10 - warmth * 0.5)
        sky = mix(dusk, day, share_of_day)
        strength = 0.012 + 2.6 * natural**1.6
        seen = 0.62
        self.sky_horizon = tuple(channel * strength * seen for channel in sky)
        zenith = mix((0.35, 0.42, 0.75), (0.62, 0.82, 1.15), share_of_day)
        self.sky_zenith = tuple(channel * strength * 0.85 * seen for channel in zenith)
        self.ground = tuple(channel * strength * 1.3 for channel in self.choice(GROUNDS))
        self.window_light = tuple(channel * strength * 1.9 for channel in mix(sky, (1, 1, 1), 0.1))
        self.lamp_tint = mix((1.0, 0.62, 0.30), (1.0, 0.84, 0.66), self.uniform(0, 1))
        self.lamp_power = (self.indoor_light**1.15) if self.indoor_light > 0.03 else 0.0
        self.sun: Color | None = None
        if natural > 0.55 and self.chance(0.65):
            tint = mix((1.0, 0.80, 0.55), (1.0, 0.95, 0.86), self.uniform(0, 1))
            self.sun = tuple(channel * self.uniform(3.0, 6.5) * natural for channel in tint)

    def _draw_amounts(self) -> None:
        share = self.random.random()
        if share < 0.56:
            natural = self.uniform(0.5, 1.0)
        else:
            natural = self.uniform(0.15, 0.5) if share < 0.80 else self.uniform(0.0, 0.12)
        if natural < 0.2:
            indoor = self.uniform(0.4, 1.0)
        elif natural < 0.5:
            indoor = self.uniform(0.25, 1.0) if self.chance(0.7) else self.uniform(0, 0.1)
        else:
            indoor = self.uniform(0.15, 1.0) if self.chance(0.45) else self.uniform(0, 0.04)
        self.natural_light, self.indoor_light = natural, indoor

    def lamp_light(self, x, y, z, power: float, direction: int = 1, radius: float = 0.10) -> None:
        """A lamp's light at a point: up and down (1), all around (0) or down (-1)."""
        color = (channel * power * self.lamp_power for channel in self.lamp_tint)
        self.lights.append([LAMP_LIGHT, x, y, z, *color, 0, 0, 0, direction, radius, 0, 0, 0, 0])

    def add_window_light(self, low, high, panes: int, normal, strength: float = 1.0) -> None:
        """The light that enters through a rectangle from `low` to `high`; `normal` points into the room."""
        color = scaled(self.window_light, strength)
        self.lights.append([WINDOW_LIGHT, *low, *color, *high, 0, panes, *normal, 1])

    def shade_material(self, base=(0.85, 0.78, 0.66)) -> int:
        """A lamp shade that glows as brightly as the lamps."""
        glow = 1.9 * self.lamp_power
        emission = tuple(channel * glow for channel in mix(self.lamp_tint, (1, 0.9, 0.75), 0.25))
        return self.material(SHADE, linear(base), emission=emission)

    def window_behind(self) -> None:
        """Daylight through an unseen window behind the camera."""
        width, depth = self.size[0], self.size[2]
        if self.main_wall == 0:
            low, high, normal = (
                (0.3, 0.9, depth - 0.03),
                (min(width - 0.3, 2.8), 2.2, depth - 0.03),
                (0, 0, -1),
            )
        else:
            low, high, normal = (
                (width - 0.03, 0.9, 0.3),
                (width - 0.03, 2.2, min(depth - 0.3, 2.8)),
                (-1, 0, 0),
            )
        self.add_window_light(low, high, 2, normal, 1.4)
        self.window_wall = -1

    def header(self) -> list[float]:
        """Room, camera, ambient light, sky, sun and exposure: what caster.c reads as `header`."""
        ambient, bounce = self._ambient()
        sun_direction = self._sun_direction()
        exposure = [self.uniform(0.80, 1.02), 0.64]
        white_balance, vignette = self.uniform(0.38, 0.60), self.uniform(0.10, 0.22)
        bloom, contrast = self.uniform(0.25, 0.5), self.uniform(0.10, 0.35)
        camera = [*self.size, *self.eye, *self.forward, self.tangent, self.shift]
        sky = [*self.sky_zenith, *self.sky_horizon, *sun_direction, *(self.sun or (0, 0, 0)), *self.ground]
        return [*camera, *ambient, *bounce, *sky, *exposure, white_balance, vignette, bloom, contrast]

    def _ambient(self) -> tuple[list[float], list[float]]:
        """Light from everywhere, on surfaces that face up and down."""
        area = 0
        for light in self.lights:
            if light[0] == WINDOW_LIGHT:
                area += ((light[7] - light[1]) + (light[9] - light[3])) * (light[8] - light[2])
        area = min(area or 1.0, 4.0)
        lamps = [0.0] * 3
        for light in self.lights:
            if light[0] == LAMP_LIGHT:
                lamps = [total + channel for total, channel in zip(lamps, light[4:7])]
        window = self.window_light
        ambient = [0.030 * area * window[i] + 0.035 * lamps[i] + 0.006 + 0.02 * window[i] for i in range(3)]
        ambient = [level * (0.6 + 0.6 * self.wall_tint[i]) for i, level in enumerate(ambient)]
        bounce = [ambient[i] * (0.45 + 1.1 * self.floor_tint[i]) for i in range(3)]
        if self.sun:
            bounce = [bounce[i] + 0.012 * self.sun[i] * self.floor_tint[i] for i in range(3)]
        return ambient, bounce

    def _sun_direction(self) -> tuple[float, float, float]:
        """Toward the sun, which shines through the room's window (or the one behind the camera)."""
        elevation = math.radians(self.uniform(22, 52))
        azimuth = self.uniform(-0.8, 0.8)
        aside, across = math.sin(azimuth) * math.cos(elevation), math.cos(azimuth) * math.cos(elevation)
        if self.window_wall == 0:
            return aside, math.sin(elevation), -across
        if self.window_wall == 1:
            return -across, math.sin(elevation), aside
        if self.main_wall == 0:
            return aside, math.sin(elevation), across
        return across, math.sin(elevation), aside
