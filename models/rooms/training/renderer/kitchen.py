"""Kitchens: a row of cabinets with fridge and oven along one wall, and nothing before it: of a small table
with chairs near the camera a generator makes blobs."""

from dataclasses import dataclass

from renderer.colors import Color, hsv, linear, mix
from renderer.furniture import Furniture
from renderer.scene import PLAIN, STEEL, STONE, TILED, TILES, WOOD, WOODEN

OVEN = 0.6  # metres wide
STEELS = [
    linear((v, w, x))
    for v, w, x in ((0.72, 0.73, 0.75), (0.92, 0.92, 0.92), (0.20, 0.20, 0.22), (0.66, 0.67, 0.7))
]
DARK_STONE = (linear((0.2, 0.2, 0.21)), linear((0.35, 0.34, 0.33)))
LIGHT_STONE = (linear((0.88, 0.87, 0.85)), linear((0.6, 0.6, 0.6)))
BROWN_STONE = (linear((0.55, 0.5, 0.45)), linear((0.4, 0.36, 0.33)))


@dataclass
class Row:
    """The row of cabinets along a wall; `color` None means wood."""

    wall: int
    wood: tuple[Color, Color]
    color: Color | None = None
    shaker: bool = False
    steel: Color = (0, 0, 0)
    height: float = 0.0
    depth: float = 0.0
    begin: float = 0.0
    end: float = 0.0
    oven: float = 0.0
    upper: float = 0.0


def furnish(room: Furniture) -> bool:
    """Furnishes the room; False where the row would be too short."""
    wall = room.main_wall
    length = min(room.wall_length(wall) - 0.1, room.visible_walls[wall] + 0.4)
    fridge = room.uniform(0.65, 0.8)
    row = Row(wall, room.wood_colors())
    row.color = _color(room)
    row.shaker = room.chance(0.5)
    row.steel = room.choice(STEELS)
    row.height, row.depth = room.uniform(0.88, 0.93), room.uniform(0.58, 0.64)
    top = _counter_material(room, row)
    if not _fridge(room, row, length, fridge):
        return False
    _lower_cabinets(room, row, top)
    has_window = _wall_above(room, row)
    _on_the_counter(room, row)
    room.footprints.append(room.wall_rect(wall, 0, length, 0, 0.75))
    room.main_span = room.span(room.wall_rect(wall, row.begin, row.end, 0, row.depth))
    if not has_window and not room.window(1 - wall):
        room.window_behind()
    if room.chance(0.4):
        _other_cabinet(room, row)
    if room.chance(0.5):
        x, z = room.wall_point(wall, 0.5 * (row.begin + row.end), 0.32)
        room.lamp_light(x, row.upper - 0.05, z, 0.35, 0, 0.2)
    return True


def _color(room: Furniture) -> Color | None:
    if room.random.random() <= 0.45:
        return None
    cool = hsv(room.uniform(0.3, 0.62), room.uniform(0.15, 0.45), room.uniform(0.35, 0.7))
    warm = hsv(room.uniform(0.05, 0.13), room.uniform(0.15, 0.4), room.uniform(0.7, 0.92))
    white, pale, dark = linear((0.93, 0.93, 0.91)), linear((0.82, 0.84, 0.83)), linear((0.22, 0.23, 0.25))
    return room.choice([white, pale, cool, dark, warm])


def _counter_material(room: Furniture, row: Row) -> int:
    colors = room.choice([DARK_STONE, LIGHT_STONE, row.wood, BROWN_STONE])
    is_wood = colors is row.wood
    kind, surface = (WOOD, WOODEN) if is_wood else (STONE, 0)
    return room.material(kind, *colors, specular=0.3, reflection=0.12, surface=surface)


def _fridge(room: Furniture, row: Row, length: float, width: float) -> bool:
    """At one end of the row; sets where the row begins and ends, and whether that is long enough."""
    total = min(length, room.uniform(2.8, 4.4))
    in_corner = room.chance(0.5)
    split = room.uniform(0.34, 0.62)
    front = room.front_axis(row.wall)
    steel = room.material(STEEL, row.steel, p1=2, p2=split, front=front, specular=0.35, reflection=0.08)
    height = room.uniform(1.65, 1.9)
    row.begin = 0.03
    if in_corner:
        room.wall_box(row.wall, 0.03, 0.03 + width, 0.02, height, 0, 0.66, steel, "appliance", bevel=0.02)
        row.begin += width + 0.03
        row.end = total
    else:
        row.end = min(total, length - width * 0.6)
        left = row.end + 0.03
        if left + width < room.wall_length(row.wall):
            room.wall_box(row.wall, left, left + width, 0.02, height, 0, 0.66, steel, "appliance", bevel=0.02)
    return row.end - row.begin >= 1.4


def _lower_cabinets(room: Furniture, row: Row, top: int) -> None:
    """Cabinets left and right of the oven, kick board, counter and hob."""
    wall, height, depth = row.wall, row.height, row.depth
    row.oven = row.begin + room.uniform(0.25, 0.7) * (row.end - row.begin - OVEN)
    front = room.front_axis(wall)
    oven = room.material(STEEL, row.steel, p1=1, front=front, specular=0.3, reflection=0.05)
    for u0, u1 in ((row.begin, row.oven), (row.oven + OVEN, row.end)):
        if u1 - u0 < 0.12:
            continue
        doors = room.panel(wall, row.wood, max(1, round((u1 - u0) / 0.5)), 1, row.color, row.shaker)
        room.wall_box(wall, u0, u1, 0.1, height - 0.04, 0, depth - 0.02, doors, "cabinet")
    kick = room.material(PLAIN, linear((0.12, 0.11, 0.1)))
    room.wall_box(wall, row.begin, row.end, 0, 0.1, 0, depth - 0.08, kick, "cabinet")
    room.wall_box(wall, row.oven, row.oven + OVEN, 0.1, height - 0.04, 0, depth, oven, "appliance")
    room.wall_box(wall, row.begin, row.end, height - 0.04, height, 0, depth + 0.01, top, "counter")
    hob = room.material(PLAIN, linear((0.06, 0.06, 0.07)), reflection=0.15, specular=0.3)
    u0, u1 = row.oven + 0.03, row.oven + OVEN - 0.03
    room.wall_box(wall, u0, u1, height, height + 0.012, 0.07, depth - 0.06, hob, "appliance", shadow=0)


def _wall_above(room: Furniture, row: Row) -> bool:
    """Tiles, then upper cabinets with a window or a hood between; whether there is a window."""
    wall = row.wall
    color = room.wall_color() if room.chance(0.6) else linear((0.93, 0.93, 0.92))
    second = mix(color, room.cloth_color(), 0.4)
    scale, checks = room.uniform(0.12, 0.24), room.choice([0, 0, 0.5])
    ratio, offset = room.choice([1, 0.5]), room.choice([0, 1])
    look = {"reflection": 0.06, "specular": 0.25, "surface": TILED}
    tiles = room.material(TILES, color, second, scale=scale, p1=checks, p2=ratio, p3=offset, **look)
    row.upper, y1 = room.uniform(1.42, 1.52), min(room.height - 0.12, room.uniform(2.1, 2.3))
    room.wall_box(wall, row.begin, row.end, row.height, row.upper + 0.02, 0, 0.012, tiles, "wall", shadow=0)
    width = room.uniform(0.9, 1.3)
    parts = [(row.begin, row.oven - 0.02), (row.oven + OVEN + 0.02, row.end)]
    longer = 0 if parts[0][1] - parts[0][0] > parts[1][1] - parts[1][0] else 1
    u0, u1 = parts[longer]
    has_window = room.chance(0.4) and (u1 - u0) > width + 0.1
    room.claim(wall, row.begin, row.end, 0, row.height)
    if has_window:
        left = room.uniform(u0 + 0.05, u1 - width - 0.05)
        has_window = room.window(wall, width, 1.08, left)
        parts[longer : longer + 1] = [(u0, left - 0.1), (left + width + 0.1, u1)]
    color = row.color if room.chance(0.75) else linear((0.93, 0.93, 0.91))
    if room.chance(0.92):
        for u0, u1 in parts:
            if u1 - u0 < 0.25:
                continue
            doors = room.panel(wall, row.wood, max(1, round((u1 - u0) / 0.45)), 1, color, row.shaker)
            room.wall_box(wall, u0, u1, row.upper, y1, 0, 0.34, doors, "cabinet")
            room.claim(wall, u0, u1, row.upper, y1)
    hood = room.material(STEEL, row.steel, front=room.front_axis(wall), specular=0.3)
    if room.chance(0.7):
        u0, u1, y0 = row.oven, row.oven + OVEN, row.upper + 0.17
        room.wall_box(wall, u0, u1, row.upper + 0.05, y0, 0, 0.46, hood, "appliance")
        room.wall_box(wall, u0 + 0.18, u1 - 0.18, y0, room.height - 0.02, 0, 0.28, hood, "appliance")
    return has_window


def _on_the_counter(room: Furniture, row: Row) -> None:
    """One to three jars; above the oven a pot."""
    for _ in range(room.choice([1, 2, 3])):
        u = room.uniform(row.begin + 0.1, row.end - 0.1)
        if row.oven - 0.1 < u < row.oven + OVEN + 0.1:
            if room.chance(0.5):
                centre = room.wall_point(row.wall, row.oven + OVEN * room.uniform(0.3, 0.7), 0.3)
                colors = [linear((0.7, 0.15, 0.1)), row.steel, linear((0.1, 0.1, 0.1))]
                pot = room.material(PLAIN, room.choice(colors), specular=0.4)
                room.cylinder(centre, row.height + 0.01, row.height + 0.16, 0.11, pot, "decor")
            continue
        y1, radius = row.height + room.uniform(0.12, 0.28), room.uniform(0.05, 0.09)
        jar = room.material(PLAIN, room.cloth_color(), specular=0.4)
        centre = room.wall_point(row.wall, u, 0.25)
        room.cylinder(centre, row.height, y1, radius, jar, "decor", 1, room.uniform(0.6, 1))
        room.clutter += 0.5


def _other_cabinet(room: Furniture, row: Row) -> None:
    """A low cabinet against the other wall."""
    other = 1 - row.wall
    within = (0.8, max(0.9, room.visible_walls[other] - 0.5))
    left = room.place(other, room.uniform(0.9, 1.3), 0.4, 0.85, within=within)
    if left is None:
        return
    x0, x1, z0, z1 = room.footprints[-1]
    width = (z1 - z0) if other == 1 else (x1 - x0)
    front = room.panel(other, row.wood, 2, 1, row.color, row.shaker)
    room.wall_box(other, left, left + width, 0, 0.88, 0.0, 0.4, front, "cabinet")
    room.put_on_top(other, left, width, 0.88)
