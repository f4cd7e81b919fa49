"""Bedrooms: bed, nightstands, wardrobe or chest of drawers."""

from renderer.colors import linear, mix
from renderer.furniture import Furniture
from renderer.scene import WOOD, WOODEN


def furnish(room: Furniture) -> bool:
    """Furnishes the room; False where the bed finds no place."""
    wall = room.main_wall
    width, length = room.uniform(1.45, 2.0), room.uniform(1.95, 2.15)
    left = room.place(wall, width, length, 0.6, low=-0.42, high=0.42, tries=60, near=0.9)
    if left is None:
        within = (0.1, max(0.2, room.visible_walls[wall] - 0.4 * width))
        left = room.place(wall, width, length, 0.6, low=-0.7, high=0.7, tries=60, near=0.6, within=within)
    if left is None:
        return False
    right = left + width
    room.main_span = room.span(room.footprints[-1])
    base = room.uniform(0.16, 0.32)
    wood = room.wood_colors()
    head = _bed(room, wall, left, width, length, base, wood)
    _nightstands(room, wall, left, right, wood, head)
    if room.chance(0.6):
        rug = room.rug_material()
        first, last = max(0.05, left - room.uniform(0.2, 0.7)), right + room.uniform(0.2, 0.7)
        near, far = room.uniform(0.7, 1.2), length + room.uniform(0.25, 0.7)
        room.wall_box(wall, first, last, 0, 0.015, near, far, rug, "rug", shadow=0)
    room.windows(1 - wall if room.chance(0.72) else wall)
    room.pictures_above(wall, left, right, head)
    for other in (1 - wall, wall):
        if room.chance(0.7 if other != wall else 0.4) and _wardrobe(room, other, wood):
            continue
        if room.chance(0.55):
            _chest(room, other, wood)
    return True


def _bed(room: Furniture, wall, left, width, length, base, wood) -> float:
    """Headboard, frame, mattress, covers and pillows; returns the height of the headboard."""
    right = left + width
    wooden = room.material(WOOD, *wood, surface=WOODEN, specular=0.12)
    upholstered = room.chance(0.4)
    frame = room.fabric() if upholstered else wooden
    head = room.uniform(0.85, 1.25)
    bevel = 0.06 if upholstered else 0.015
    room.wall_box(wall, left - 0.04, right + 0.04, 0, head, 0, 0.09, frame, "bed", bevel=bevel)
    room.wall_box(wall, left, right, 0.05, base, 0.09, length, frame, "bed")
    if room.chance(0.7):
        white = linear((0.93, 0.92, 0.90))
    else:
        white = mix(linear((0.9, 0.9, 0.88)), room.cloth_color(), 0.35)
    sheet = room.fabric(white)
    top = base + room.uniform(0.2, 0.28)
    room.wall_box(wall, left + 0.03, right - 0.03, base, top, 0.10, length - 0.03, sheet, "bed", bevel=0.08)
    _covers(room, wall, left, right, length, base, top, white)
    _pillows(room, wall, left, width, top, white)
    return head


def _covers(room: Furniture, wall, left, right, length, base, top, white) -> None:
    """A blanket, often folded back at the head, sometimes with a throw at the foot."""
    pattern = room.choice([0, 0, 0, 1, 1, 2, 3])
    color = room.cloth_color()
    scale = room.uniform(0.18, 0.36)
    blanket = room.fabric(color, pattern, scale, along=room.choice([0, 1]))
    begin = room.uniform(0.62, 0.85)
    bottom = base - room.uniform(0.02, 0.12)
    room.wall_box(
        wall, left - 0.02, right + 0.02, bottom, top + 0.05, begin, length + 0.02, blanket, "bed", bevel=0.11
    )
    if room.chance(0.7):
        fold = room.fabric(white if room.chance(0.6) else room.cloth_color())
        y0, end = base + 0.02, begin + room.uniform(0.2, 0.34)
        room.wall_box(
            wall, left - 0.03, right + 0.03, y0, top + 0.065, begin - 0.02, end, fold, "bed", bevel=0.08
        )
    if room.chance(0.4):
        throw = room.fabric(None, room.choice([0, 1]), room.uniform(0.1, 0.2))
        begin = room.uniform(1.35, 1.5)
        end = begin + room.uniform(0.3, 0.5)
        y0 = base - 0.06
        room.wall_box(wall, left - 0.035, right + 0.035, y0, top + 0.07, begin, end, throw, "bed", bevel=0.08)


def _pillows(room: Furniture, wall, left, width, top, white) -> None:
    """One or two rows of two pillows."""
    side = min(0.72, width / 2 - 0.08)
    colors = [white, room.cloth_color()]
    for row in range(room.choice([1, 2, 2])):
        cover = room.fabric(colors[row], room.choice([0, 0, 1, 3]) if row else 0, 0.15)
        half = side / 2 * (1.0 - 0.22 * row)
        for i in range(2):
            middle = left + width * (i + 0.5) / 2
            high = top + (0.38 - 0.1 * row) * room.uniform(0.85, 1.1)
            near, far = 0.10 + 0.17 * row, 0.28 + 0.17 * row
            room.wall_box(
                wall, middle - half, middle + half, top, high, near, far, cover, "pillow", bevel=0.13
            )


def _nightstands(room: Furniture, wall, left, right, wood, head) -> None:
    """Left and right of the bed where there is room, mostly with a lamp."""
    width, height = room.uniform(0.42, 0.55), room.uniform(0.45, 0.6)
    own_wood = wood if room.chance(0.7) else None
    rows = room.choice([1, 2])
    color = None if room.chance(0.7) else room.wall_color()
    front = room.panel(wall, own_wood, 1, rows, color)
    for u in (left - width - 0.08, right + 0.08):
        footprint = room.wall_rect(wall, u, u + width, 0, 0.42)
        if u < 0.02 or not room.is_clear(footprint, 0.0):
            continue
        room.footprints.append(footprint)
        room.wall_box(wall, u, u + width, 0.0, height, 0.0, 0.42, front, "cabinet")
        if room.chance(0.85):
            room.table_lamp(*room.wall_point(wall, u + width / 2, 0.2), height)
    room.claim(wall, left - 0.1, right + 0.1, 0, head)
    room.claim(wall, left - width - 0.1, right + width + 0.1, 0, 1.1)


def _wardrobe(room: Furniture, wall: int, wood) -> bool:
    """Whether a place on the floor was found (nothing is built where the wall above is taken)."""
    width, depth, height = room.uniform(1.1, 1.9), room.uniform(0.5, 0.6), room.uniform(2.0, 2.3)
    left = room.place(wall, width, depth, height)
    if left is None:
        return False
    if not room.wall_is_free(wall, left, left + width, 0.1, height):
        room.footprints.pop()
        return True
    own_wood = wood if room.chance(0.5) else None
    columns = max(2, round(width / 0.5))
    color = None if room.chance(0.55) else mix(linear((0.92, 0.91, 0.89)), room.wall_color(), 0.4)
    front = room.panel(wall, own_wood, columns, 1, color, room.chance(0.5))
    top = min(height, room.height - 0.1)
    room.wall_box(wall, left, left + width, 0.0, top, 0.0, depth, front, "cabinet")
    room.claim(wall, left, left + width, 0, height)
    return True


def _chest(room: Furniture, wall: int, wood) -> None:
    """A chest of drawers with something on it."""
    width = room.uniform(0.8, 1.3)
    left = room.place(wall, width, 0.45, 0.8)
    if left is None:
        return
    height = room.uniform(0.7, 0.95)
    front = room.panel(wall, wood if room.chance(0.7) else None, 1 if width < 1 else 2, 3)
    room.wall_box(wall, left, left + width, 0.0, height, 0.0, 0.45, front, "cabinet")
    room.claim(wall, left, left + width, 0, height)
    room.put_on_top(wall, left, width, height)
