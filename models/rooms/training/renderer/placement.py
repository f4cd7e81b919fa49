"""Free places: footprints on the floor, claimed rectangles on the walls."""

from renderer.camera import Camera


class Placement(Camera):
    """Remembers what stands where; `footprints` are floor rectangles, `wall_claims` rectangles of each
    wall."""

    def clear(self) -> None:
        super().clear()
        self.footprints: list[tuple[float, float, float, float]] = []
        self.wall_claims: dict[int, list[tuple[float, float, float, float]]] = {0: [], 1: []}
        self.main_span: tuple[float, float, float] | None = None

    def is_clear(self, rect, margin: float = 0.04) -> bool:
        """Whether the floor rectangle keeps `margin` to all footprints."""
        x0, x1, z0, z1 = rect
        return not any(
            x0 < f[1] + margin and x1 > f[0] - margin and z0 < f[3] + margin and z1 > f[2] - margin
            for f in self.footprints
        )

    def place(
        self,
        wall,
        width,
        depth,
        height,
        low=-0.85,
        high=0.85,
        gap=0.0,
        tries=14,
        near=1.0,
        d0=0.0,
        within=None,
    ) -> float | None:
        """Finds a free place against a wall, adds its footprint and returns where it begins along the wall.

        Its middle lies between `low` and `high` in the image, no nearer to the camera than `near`, and what
        is high does not hide the main piece of furniture. `gap` keeps both sides free, `d0` is its distance
        from the wall.
        """
        extent = min(self.visible_walls[wall], self.wall_length(wall) - 0.05)
        first, last = within or (0.04, extent - 0.35 * width)
        for _ in range(tries):
            if last <= first:
                return None
            left = self.uniform(first, last)
            footprint = self.wall_rect(wall, left - gap, left + width + gap, d0, d0 + depth)
            if not self.is_clear(footprint) or left + width > self.wall_length(wall) - 0.02:
                continue
            span = self.span(footprint)
            if span is None or span[2] < near or not low <= 0.5 * (span[0] + span[1]) <= high:
                continue
            if self._hides_main(span, height):
                continue
            self.footprints.append(footprint)
            return left
        return None

    def _hides_main(self, span, height: float) -> bool:
        main = self.main_span
        if not main:
            return False
        overlap = min(span[1], main[1]) - max(span[0], main[0])
        if height > 0.6 and span[2] < main[2] and overlap > 0.12 * (main[1] - main[0]):
            return True
        return height > 1.3 and span[2] < 1.9 and span[1] - span[0] > 0.9

    def wall_is_free(self, wall: int, u0: float, u1: float, y0: float, y1: float) -> bool:
        return not any(u0 < c[1] and u1 > c[0] and y0 < c[3] and y1 > c[2] for c in self.wall_claims[wall])

    def claim(self, wall: int, u0: float, u1: float, y0: float, y1: float) -> None:
        self.wall_claims[wall].append((u0, u1, y0, y1))

    def wall_spot(self, wall, width, y0, y1, pad=0.08, tries=14, limit=0.9) -> float | None:
        """Where on the wall something of this width may hang: free, and no further out in the image than
        `limit`."""
        last = min(self.visible_walls[wall], self.wall_length(wall)) - 0.1 - 0.6 * width
        for _ in range(tries):
            if last < 0.12:
                return None
            left = self.uniform(0.12, last)
            if left + width > self.wall_length(wall) - 0.1:
                continue
            middle = left + width / 2
            seen = self.project(*((middle, 1.5, 0) if wall == 0 else (0, 1.5, middle)))
            if seen is None or abs(seen[0]) > limit:
                continue
            if self.wall_is_free(wall, left - pad, left + width + pad, y0, y1):
                return left
        return None
