"""Living rooms: sofa, coffee table, rug, lamp, television, bookcases."""

from renderer.colors import linear, mix
from renderer.furniture import Furniture
from renderer.scene import BOOKS, PLAIN, SCREEN, STONE, WOOD, WOODEN


def furnish(room: Furniture) -> bool:
    """Furnishes the room; False where the sofa finds no place."""
    wall, d0 = room.main_wall, 0.03
    width, depth = room.uniform(1.8, 2.6), room.uniform(0.85, 1.0)
    left = room.place(wall, width, depth, 0.6, low=-0.38, high=0.38, tries=80, near=1.4, d0=d0)
    if left is None:
        width = 1.75
        left = room.place(wall, width, depth, 0.6, low=-0.6, high=0.6, tries=80, near=1.0, d0=d0)
    if left is None:
        return False
    room.main_span = room.span(room.footprints[-1])
    back = _sofa(room, wall, left, width, depth)
    wood = room.wood_colors()
    _coffee_table_and_rug(room, wall, left, width, depth, wood)
    room.windows(1 - wall if room.chance(0.62) else wall)
    _beside_the_sofa(room, wall, left, left + width, wood)
    room.pictures_above(wall, left, left + width, back + 0.05)
    if room.chance(0.62):
        _television(room, 1 - wall, wood)
    for other in (1 - wall, wall):
        if room.chance(0.55):
            _bookcase(room, other, wood)
    if room.chance(0.35):
        room.corner_plant()
    return True


def _sofa(room: Furniture, wall, left, width, depth) -> float:
    """Base, back, arms, cushions and pillows; returns the height of the back."""
    right = left + width
    color = room.cloth_color()
    pattern = room.choice([0, 0, 0, 0, 1, 2])
    scale = room.uniform(0.08, 0.2)
    cover = room.fabric(color, pattern, scale, mix(color, room.cloth_color(), 0.4))
    seat, back = room.uniform(0.38, 0.46), room.uniform(0.75, 0.95)
    arm, arm_height = room.uniform(0.14, 0.26), room.uniform(0.55, 0.66)
    d0 = 0.04
    room.wall_box(wall, left, right, 0.08, seat - 0.12, d0, depth, cover, "sofa", bevel=0.03)
    room.wall_box(wall, left, right, 0.08, back, d0, d0 + 0.24, cover, "sofa", bevel=0.1)
    for u in (left, right - arm):
        room.wall_box(wall, u, u + arm, 0.08, arm_height, d0, depth, cover, "sofa", bevel=0.09)
    count = 2 if width < 2.1 else 3
    inner = width - 2 * arm
    side = inner / count
    cushion = cover if room.chance(0.75) else room.fabric()
    for i in range(count):
        u0 = left + arm + i * side
        first, last = u0 + 0.008, u0 + side - 0.008
        y0, y1 = seat - 0.12, seat + 0.06
        room.wall_box(wall, first, last, y0, y1, d0 + 0.2, depth + 0.01, cushion, "sofa", bevel=0.07)
        y0, y1 = seat + 0.03, back + 0.05
        room.wall_box(wall, first, last, y0, y1, d0 + 0.16, d0 + 0.38, cushion, "sofa", bevel=0.1)
    for _ in range(room.choice([0, 1, 2, 2, 3])):
        pillow = room.fabric(None, room.choice([0, 0, 1, 2, 3]), 0.13)
        places = [room.uniform(0.02, 0.25), inner - room.uniform(0.4, 0.65)]
        places.append(room.uniform(0.1, max(0.11, inner - 0.5)))
        u = left + arm + room.choice(places)
        y0, y1 = seat + 0.05, seat + 0.05 + 0.38
        room.wall_box(wall, u, u + 0.42, y0, y1, d0 + 0.34, d0 + 0.50, pillow, "pillow", bevel=0.14)
    leg = room.wood_material()
    for u in (left + 0.05, right - 0.11):
        room.wall_box(wall, u, u + 0.06, 0, 0.08, depth - 0.12, depth - 0.06, leg, "sofa")
    room.claim(wall, left - 0.05, right + 0.05, 0, back + 0.05)
    return back


def _coffee_table_and_rug(room: Furniture, wall, left, width, depth, wood) -> None:
    near = depth + room.uniform(0.4, 0.55)
    length, across, top = room.uniform(0.8, 1.2), room.uniform(0.45, 0.62), room.uniform(0.36, 0.45)
    first = left + width / 2 - length / 2 + room.uniform(-0.2, 0.2)
    footprint = room.wall_rect(wall, first, first + length, near, near + across)
    span = room.span(footprint)
    if span and span[2] > 0.8 and room.chance(0.6):
        room.footprints.append(footprint)
        _coffee_table(room, wall, first, length, near, across, top, wood)
    if room.chance(0.78):
        u0 = max(0.05, left + room.uniform(-0.3, 0.1))
        u1 = left + width + room.uniform(-0.1, 0.3)
        far = near + across + room.uniform(0.25, 0.7)
        room.wall_box(wall, u0, u1, 0, 0.015, depth * 0.6, far, room.rug_material(), "rug", shadow=0)


def _coffee_table(room: Furniture, wall, first, length, near, across, top, wood) -> None:
    """A low block of wood, or with a stone top, half of them with something on it."""
    reflection = 0.12 if room.chance(0.4) else 0.0
    plate = wooden = room.material(WOOD, *wood, surface=WOODEN, specular=0.25, reflection=reflection)
    if room.chance(0.35):
        light, dark = linear((0.9, 0.89, 0.87)), linear((0.6, 0.6, 0.62))
        plate = room.material(STONE, light, dark, reflection=0.15, specular=0.3)
    last, far, middle = first + length, near + across, near + across / 2
    room.wall_box(wall, first, last, top - 0.055, top, near, far, plate, "table")
    u0, u1, d0, d1 = first + 0.03, last - 0.03, near + 0.03, far - 0.03
    room.wall_box(wall, u0, u1, 0, top - 0.055, d0, d1, wooden, "table")
    if room.chance(0.5):
        x, z = room.wall_point(wall, first + length * room.uniform(0.3, 0.7), middle)
        if room.chance(0.5):
            room.plant(x, z, top, 0.35)
        else:
            bowl = room.material(PLAIN, room.cloth_color(), specular=0.4)
            room.ellipsoid((x, top + 0.08, z), (0.12, 0.08, 0.12), bowl, "decor")


def _beside_the_sofa(room: Furniture, wall, left, right, wood) -> None:
    """A floor lamp, a side table with a lamp, or a plant, on either side."""
    for side in room.random.sample([-1, 1], 2):
        u = left - 0.38 if side < 0 else right + 0.38
        if u < 0.3 or not room.chance(0.7):
            continue
        footprint = room.wall_rect(wall, u - 0.2, u + 0.2, 0.1, 0.5)
        if not room.is_clear(footprint, 0):
            continue
        room.footprints.append(footprint)
        x, z = room.wall_point(wall, u, 0.3)
        kind = room.random.random()
        if kind < 0.55:
            room.floor_lamp(x, z)
        elif kind < 0.8:
            wooden = room.material(WOOD, *wood, surface=WOODEN)
            room.wall_box(wall, u - 0.22, u + 0.22, 0, 0.52, 0.08, 0.5, wooden, "table")
            room.table_lamp(x, z, 0.52)
        else:
            room.plant(x, z, 0, 1.0)


def _television(room: Furniture, wall: int, wood) -> None:
    """On a low cabinet; sometimes it is on."""
    width = room.uniform(1.2, 1.8)
    left = room.place(wall, width, 0.42, 0.9)
    if left is None:
        return
    height = room.uniform(0.42, 0.58)
    own_wood = wood if room.chance(0.7) else None
    front = room.panel(wall, own_wood, 3, 1, None if room.chance(0.7) else linear((0.9, 0.9, 0.88)))
    room.wall_box(wall, left, left + width, 0.0, height, 0.0, 0.42, front, "cabinet")
    length = room.uniform(0.9, 1.25)
    is_on = room.chance(0.35)
    color, second = room.cloth_color(), room.cloth_color()
    glow = room.uniform(0.8, 1.8) if is_on else 0
    screen = room.material(SCREEN, color, second, p1=glow, reflection=0.12)
    middle, y0 = left + width / 2, height + 0.06
    y1 = y0 + length * 0.57
    room.wall_box(wall, middle - length / 2, middle + length / 2, y0, y1, 0.14, 0.19, screen, "tv")
    room.wall_box(wall, middle - 0.15, middle + 0.15, height, y0, 0.1, 0.24, screen, "tv")
    room.claim(wall, left, left + width, 0, height + 0.9)
    room.clutter += 1


def _bookcase(room: Furniture, wall: int, wood) -> None:
    width, height = room.uniform(0.8, 1.4), room.uniform(1.6, 2.2)
    left = room.place(wall, width, 0.34, height)
    if left is None:
        return
    if not room.wall_is_free(wall, left, left + width, 0.2, height):
        room.footprints.pop()
        return
    shelves, empty = room.choice([4, 5]), room.uniform(0.1, 0.35)
    books = room.material(BOOKS, wood[0], p1=shelves, p2=empty, front=room.front_axis(wall), surface=WOODEN)
    room.wall_box(wall, left, left + width, 0, height, 0, 0.34, books, "bookcase")
    room.claim(wall, left, left + width, 0, height)
    room.clutter += 2
