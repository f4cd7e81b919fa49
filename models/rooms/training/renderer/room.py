"""A whole room from (seed, index)."""

from renderer import bedroom, dining_room, kitchen, living_room
from renderer.colors import hsv, linear, mix, scaled
from renderer.furniture import Furniture
from renderer.scene import CARPET, CARPETED, LAMP_LIGHT, PLAIN, PLANKS, STRIPES, TILED, TILES, WOODEN

FURNISH = [bedroom.furnish, living_room.furnish, dining_room.furnish, kitchen.furnish]
# By category: how often the floor is of wood and of carpet; else it is tiled.
FLOORS = [(0.5, 0.42), (0.62, 0.26), (0.66, 0.08), (0.28, 0.0)]
TILE_COLORS = [
    linear((0.9, 0.88, 0.84)),
    linear((0.72, 0.62, 0.52)),
    linear((0.5, 0.5, 0.5)),
    linear((0.75, 0.45, 0.32)),
    linear((0.85, 0.80, 0.70)),
]


class Room(Furniture):
    """Builds itself: category, camera, light, shell, furniture; tries again (up to 12 times) where things do
    not fit."""

    def __init__(self, seed: int, index: int):
        super().__init__(seed, index)
        share = self.random.random()
        self.category = 0 if share < 0.40 else (1 if share < 0.70 else (2 if share < 0.85 else 3))
        for _ in range(12):
            self.clear()
            self.window_wall = -1
            self.aim(self.category)
            self.draw_light()
            self._shell()
            x, _y, z = self.eye
            self.footprints.append((x - 0.35, x + 0.35, z - 0.35, z + 0.35))
            if FURNISH[self.category](self):
                break
        if self.chance(0.25):
            self.door(self.choice([0, 1]))
        self._ceiling_light()

    def _ceiling_light(self) -> None:
        """In the middle of the room, often out of view; weaker where there are other lamps."""
        x = max(min(self.visible_walls[0], 4.4, self.size[0] - 0.3) * 0.5, 1.2)
        z = max(min(self.visible_walls[1], 4.4, self.size[2] - 0.3) * 0.5, 1.2)
        lamps = sum(1 for light in self.lights if light[0] == LAMP_LIGHT)
        if lamps >= 2:
            power = self.uniform(0.0, 0.5)
        else:
            power = self.uniform(0.3, 1.0) if lamps else self.uniform(0.8, 1.4)
        if self.chance(0.7) or lamps == 0:
            self.ceiling_lamp(x, z, 2.4 * max(power, 0.25))

    def _shell(self) -> None:
        """Materials 0 to 5, as caster.c expects them: floor, ceiling, wall 0, wall 1, and the two behind the
        camera."""
        self.floor_tint = self._floor()
        self.material(PLAIN, linear((0.94, 0.94, 0.92)))
        color = accent = self.wall_color()
        if self.chance(0.25):
            accent = self.cloth_color() if self.chance(0.5) else self.wall_color()
        baseboard = self.uniform(0.07, 0.14)
        cornice = self.uniform(0.05, 0.10) if self.chance(0.5) else 0.0
        stripe = self.uniform(0.16, 0.36)
        is_papered = self.chance(0.16)
        trim = {"p3": baseboard, "emission": (cornice, 0, 0)}
        for wall in (0, 1):
            own = accent if self.main_wall == wall else color
            is_chosen = self.main_wall == wall or self.chance(0.5)
            if is_papered and is_chosen:
                second = mix(own, (1, 1, 1), 0.3) if self.chance(0.5) else scaled(own, 0.72)
                self.material(STRIPES, own, second, scale=stripe, **trim)
            else:
                self.material(PLAIN, own, **trim)
        for _ in range(2):
            self.material(PLAIN, color, **trim)
        self.wall_tint = color

    def _floor(self):
        """Planks, carpet or tiles; sets the label `floor_gloss` and returns the floor's average colour."""
        share = self.random.random()
        wooden, carpeted = FLOORS[self.category]
        self.floor_gloss = 0.0
        if share < wooden:
            color = self.wood_colors()[0]
            dark = scaled(color, 0.72)
            gloss = self.floor_gloss = self.uniform(0.0, 0.55) if self.chance(0.6) else 0.0
            width, along = self.uniform(0.11, 0.22), self.choice([0, 1])
            look = {"reflection": gloss * 0.9, "specular": 0.15 + 0.3 * gloss, "surface": WOODEN}
            self.material(PLANKS, color, dark, scale=width, p1=along, **look)
            return mix(color, dark, 0.5)
        if share < wooden + carpeted:
            if self.chance(0.72):
                color = hsv(self.uniform(0.04, 0.14), self.uniform(0.05, 0.32), self.uniform(0.45, 0.85))
            else:
                color = mix(self.cloth_color(), linear((0.6, 0.58, 0.55)), 0.45)
            self.material(CARPET, color, surface=CARPETED)
            return color
        color = tuple(channel * self.uniform(0.85, 1.05) for channel in self.choice(TILE_COLORS))
        dark = self.choice([linear((0.15, 0.15, 0.16)), mix(color, (0.2, 0.15, 0.12), 0.6)])
        gloss = self.floor_gloss = self.uniform(0.1, 0.65)
        side, checks = self.uniform(0.28, 0.55), self.choice([0, 0, 0, 0.35, 0.9])
        look = {"reflection": gloss * 0.8, "specular": 0.4 * gloss, "surface": TILED}
        self.material(TILES, color, dark, scale=side, p1=checks, **look)
        return color
