"""Where the camera stands and what it sees."""

import math

from renderer.palette import Palette

FAR = 99.0
VISIBLE_WALL_LIMIT = 8.5  # metres
# By category: least and most distance of the camera to the main wall, least visible length of that wall.
DISTANCES = [(3.15, 4.3, 2.7), (2.85, 3.95, 2.8), (2.9, 4.1, 2.6), (2.6, 3.9, 2.9)]


class Camera(Palette):
    """Draws the camera so that the corner of the room lies where the label says."""

    def aim(self, category: int) -> None:
        """Sets corner (-1 ... 1 across the image, beyond where none is in view), eye, forward, visible walls,
        room size."""
        for _ in range(400):
            in_view = self.chance(0.93)
            corner = self.uniform(-0.92, 0.92) if in_view else self.uniform(1.06, 1.35) * self.choice((-1, 1))
            fov = self.uniform(65, 82)
            tangent = math.tan(math.radians(fov / 2))
            angle = math.radians(self.uniform(24, 66))
            distance = self.uniform(3.5, 5.2)
            x, z = distance * math.sin(angle), distance * math.cos(angle)
            # Angles have x = sin, z = cos. Forward is the direction to the corner, turned until the corner is
            # seen at `corner`; the right of forward (fx, fz) is (-fz, fx).
            heading = math.atan2(-x, -z) + math.atan(corner * tangent)
            half = math.radians(fov / 2)
            walls = (_wall_end(z, x, heading - half, 0), _wall_end(x, z, heading + half, 1))
            if max(walls) > VISIBLE_WALL_LIMIT:
                continue
            walls = (max(walls[0], 0.0), max(walls[1], 0.0))
            main = 0 if walls[0] > walls[1] else 1
            least, most, length = DISTANCES[category]
            if least <= (z, x)[main] <= most and walls[main] >= length:
                break
        self.corner, self.tangent, self.fov, self.corner_distance = corner, tangent, fov, distance
        self.eye = (x, self.uniform(1.25, 1.65), z)
        self.forward = (math.sin(heading), math.cos(heading))
        self.visible_walls, self.main_wall = walls, main
        self.shift = -self.uniform(0.10, 0.34) * tangent - (self.eye[1] - 1.25) * 0.12
        self.height = self.uniform(2.4, 2.95)
        width = max(walls[0] + self.uniform(0.1, 0.5), x + self.uniform(0.4, 1.2))
        depth = max(walls[1] + self.uniform(0.1, 0.5), z + self.uniform(0.4, 1.2))
        self.size = (width, self.height, depth)

    def wall_length(self, wall: int) -> float:
        return self.size[0 if wall == 0 else 2]

    def project(self, x: float, y: float, z: float) -> tuple[float, float, float] | None:
        """Image position (-1 ... 1 across, up) and distance of a point; None behind the camera."""
        dx, dz = x - self.eye[0], z - self.eye[2]
        distance = dx * self.forward[0] + dz * self.forward[1]
        across = -dx * self.forward[1] + dz * self.forward[0]
        if distance < 0.05:
            return None
        up = (y - self.eye[1]) / distance - self.shift
        return across / distance / self.tangent, up / self.tangent, distance

    def span(self, rect) -> tuple[float, float, float] | None:
        """Left and right end in the image, and the nearest distance, of a floor rectangle (x0, x1, z0,
        z1)."""
        points = [self.project(x, 0.5, z) for x in rect[:2] for z in rect[2:]]
        if any(point is None for point in points):
            return None
        across = [point[0] for point in points]
        return min(across), max(across), min(point[2] for point in points)


def _wall_end(to_wall: float, along: float, angle: float, wall: int) -> float:
    """How far along a wall the edge of the image lies; FAR where it never meets it."""
    dx, dz = math.sin(angle), math.cos(angle)
    toward, sideways = (dz, dx) if wall == 0 else (dx, dz)
    if toward > -0.12:
        return FAR
    return along + sideways * (to_wall / -toward)
