"""Dining rooms: a table with chairs, a pendant lamp, sideboards."""

from renderer.colors import hsv, linear, mix, scaled
from renderer.furniture import Furniture
from renderer.scene import LEAVES, PLAIN, WOOD, WOODEN

PENDANTS = [(0.9, 0.88, 0.84), (0.75, 0.5, 0.25), (0.85, 0.83, 0.8)]


def furnish(room: Furniture) -> bool:
    """Furnishes the room; False where the table finds no place."""
    wall = room.main_wall
    width, depth, top = room.uniform(1.3, 1.9), room.uniform(0.85, 1.0), room.uniform(0.72, 0.77)
    left, near = _place_table(room, wall, width, depth)
    if left is None:
        return False
    room.main_span = room.span(room.footprints[-1])
    wood = room.wood_colors()
    middle, deep = left + width / 2, near + depth / 2
    _table(room, wall, left, width, near, depth, top, wood)
    _chairs(room, wall, left, width, near)
    _on_the_table(room, *room.wall_point(wall, middle, deep), top)
    if room.chance(0.88):
        _pendants(room, wall, middle, deep, width)
    room.footprints.append(
        room.wall_rect(wall, left - 0.4, left + width + 0.4, near - 0.25, near + depth + 0.3)
    )
    if room.chance(0.5):
        u0 = max(0.05, left - room.uniform(0.35, 0.7))
        u1 = left + width + room.uniform(0.35, 0.7)
        d0 = max(0.2, near - room.uniform(0.3, 0.6))
        d1 = near + depth + room.uniform(0.3, 0.7)
        room.wall_box(wall, u0, u1, 0, 0.015, d0, d1, room.rug_material(), "rug", shadow=0)
    room.windows(room.choice([0, 1]))
    for other in room.random.sample([0, 1], 2):
        if room.chance(0.65):
            _sideboard(room, other, wood)
        if room.chance(0.4):
            width, height = room.uniform(0.5, 1.1), room.uniform(0.5, 0.8)
            spot = room.wall_spot(other, width, 1.2, 2.1)
            if spot is not None:
                room.picture(other, spot, width, room.uniform(1.2, 1.4), height)
    if room.chance(0.4):
        room.corner_plant()
    return True


def _place_table(room: Furniture, wall, width, depth) -> tuple[float | None, float]:
    """Where the table begins along the wall, and its distance from the wall."""
    gap = room.uniform(0.75, 1.15)
    while gap > 0.5:
        left = room.place(wall, width, depth, 0.6, low=-0.35, high=0.35, tries=60, near=1.2, d0=gap, gap=0.3)
        if left is not None:
            return left, gap
        gap -= 0.1
    left = room.place(wall, width, depth, 0.6, low=-0.6, high=0.6, tries=80, near=0.8, d0=0.6)
    return left, 0.6


def _table(room: Furniture, wall, left, width, near, depth, top, wood) -> None:
    """Square, on two panels, sometimes with a cloth."""
    reflection = 0.14 if room.chance(0.4) else 0.0
    wooden = room.material(WOOD, *wood, surface=WOODEN, specular=0.25, reflection=reflection)
    plate = wooden
    if not room.chance(0.75):
        plate = room.material(PLAIN, linear((0.93, 0.93, 0.92)), specular=0.3, reflection=0.12)
    right, far = left + width, near + depth
    if room.chance(0.25):
        color = mix(linear((0.95, 0.94, 0.92)), room.cloth_color(), 0.3)
        cloth = room.fabric(color, room.choice([0, 0, 1, 2]), 0.2)
        u0, u1, d0, d1 = left - 0.01, right + 0.01, near - 0.01, far + 0.01
        room.wall_box(wall, u0, u1, top - 0.22, top + 0.005, d0, d1, cloth, "table", bevel=0.02)
    else:
        room.wall_box(wall, left, right, top - 0.05, top, near, far, plate, "table")
    for u in (left + 0.08, right - 0.2):
        room.wall_box(wall, u, u + 0.12, 0, top - 0.05, near + 0.08, far - 0.08, wooden, "table")


def _chairs(room: Furniture, wall, left, width, near) -> None:
    """Behind the table only: before it and at its ends they would hide it."""
    if room.chance(0.6):
        material = room.fabric()
    else:
        colors = [linear((0.92, 0.92, 0.91)), linear((0.14, 0.14, 0.15)), room.cloth_color()]
        material = room.material(PLAIN, room.choice(colors), specular=0.15)
    back_height = room.uniform(0.95, 1.1)
    count = 3 if width > 1.65 else 2
    for i in range(count):
        u = left + width * (i + 0.5) / count
        x, z = room.wall_point(wall, u, near - room.uniform(0.08, 0.14))
        if x >= 0.25 and z >= 0.25:
            room.chair(x, z, room.wall_point(wall, 0, -1), material, back_height)


def _on_the_table(room: Furniture, x: float, z: float, top: float) -> None:
    """A vase with flowers, a bowl, or nothing."""
    kind = room.random.random()
    if kind < 0.45:
        vase = room.material(PLAIN, room.cloth_color(), specular=0.4)
        room.ellipsoid((x, top + 0.13, z), (0.09, 0.14, 0.09), vase, "decor")
        color = hsv(room.uniform(0.2, 0.4) if room.chance(0.5) else room.uniform(-0.05, 0.15), 0.6, 0.6)
        flowers = room.material(LEAVES, color, scaled(color, 0.5))
        room.ellipsoid((x, top + 0.36, z), (0.16, 0.13, 0.16), flowers, "plant")
    elif kind < 0.75:
        bowl = room.material(PLAIN, room.cloth_color(), specular=0.3)
        room.cylinder((x, z), top, top + 0.1, 0.2, bowl, "decor", 0.5, 1.0)


def _pendants(room: Furniture, wall, middle, deep, width) -> None:
    """One lamp above the table, or two."""
    y = room.uniform(1.5, 1.75)
    cord = room.material(PLAIN, linear((0.1, 0.1, 0.1)))
    count = 2 if room.chance(0.3) else 1
    shade = room.shade_material(base=room.choice(PENDANTS))
    radius = room.uniform(0.2, 0.32) if count == 1 else room.uniform(0.14, 0.18)
    style = room.random.random()
    for i in range(count):
        offset = 0 if count == 1 else (i - 0.5) * width * 0.5
        x, z = room.wall_point(wall, middle + offset, deep)
        room.cylinder((x, z), y + 0.2, room.height, 0.012, cord, "lamp", shadow=0)
        if style < 0.6:
            top = room.uniform(0.3, 0.5)
            room.cylinder((x, z), y, y + radius * 0.9, radius, shade, "lamp", 1.0, top, shadow=0)
        else:
            radii = (radius * 0.8, radius * 0.7, radius * 0.8)
            room.ellipsoid((x, y + radius * 0.7, z), radii, shade, "lamp", shadow=0)
        room.lamp_light(x, y + 0.08, z, 1.7 / count, -1, 0.08)
    room.clutter += 1


def _sideboard(room: Furniture, wall: int, wood) -> None:
    width, height = room.uniform(1.1, 1.8), room.uniform(0.78, 0.95)
    left = room.place(wall, width, 0.42, 0.85)
    if left is None:
        return
    front = room.panel(wall, wood if room.chance(0.7) else None, 3, room.choice([1, 2]))
    room.wall_box(wall, left, left + width, 0.0, height, 0.0, 0.42, front, "cabinet")
    room.claim(wall, left, left + width, 0, height)
    room.put_on_top(wall, left, width, height)
    if room.chance(0.5):
        room.pictures_above(wall, left, left + width, height + 0.25)
