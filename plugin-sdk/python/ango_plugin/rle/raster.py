"""From a ring to run lengths, by the rule of the COCO tools.

The rule, found by their authors: coordinates are multiplied by five and rounded; the outline is walked on that fine grid; wherever it passes from the third to the fourth of a
pixel column's five fine columns it crosses that column, at a height that is rounded to a pixel; between its crossings a column is alternately empty and set. The tools visit
every fine point of the outline. Only the crossings matter, and where they are can be computed, so that the work here depends on the pixel columns that an edge passes, not on
its length.
"""

from __future__ import annotations

from math import ceil

from ..types import Path

_FINE = 5.0
"""Fine columns and rows in a pixel."""
_MAX_COORDINATE = 1e7
"""Fine coordinates up to here are exact in every step of the arithmetic below."""
_MAX_PIXELS = 0xFFFF_FFFF
MAX_CROSSINGS = 1 << 22
"""The most places at which outlines may cross pixel columns in one mask. A mask of real drawing has some thousands; beyond this the outline is made to hurt, and the numbers
alone would fill a sandbox."""


class RleError(Exception):
    """Why there is no mask. `kind` is `image-size`, `coordinate`, `too-complex` or `malformed`."""

    MESSAGES = {
        "image-size": "image has no pixels or more than 4294967295",
        "coordinate": "coordinate is not finite or further than 10000000 pixels away",
        "too-complex": "outline crosses pixel columns more often than 4194304 times",
        "malformed": "run lengths do not add up to the image",
    }

    def __init__(self, kind: str) -> None:
        super().__init__(self.MESSAGES[kind])
        self.kind = kind


def pixels(width: int, height: int) -> int:
    """How many pixels an image has."""
    count = width * height
    if width < 0 or height < 0 or not 0 < count <= _MAX_PIXELS:
        raise RleError("image-size")
    return count


class Raster:
    """The crossings of the rings of one mask: how many more of them are allowed is counted over all rings."""

    __slots__ = ("_width", "_height", "_left", "_crossings")

    def __init__(self, width: int, height: int) -> None:
        self._width = width
        self._height = height
        self._left = MAX_CROSSINGS
        self._crossings: list[int] = []

    def counts(self, ring: Path) -> list[int]:
        """The run lengths of a ring."""
        total = pixels(self._width, self._height)
        if not all(-_MAX_COORDINATE <= number <= _MAX_COORDINATE for number in ring):
            raise RleError("coordinate")
        self._crossings = []
        # The conversion cuts towards zero, as the rule has it.
        fine = [int(_FINE * number + 0.5) for number in ring]
        end = len(fine) & ~1
        if end:
            from_x, from_y = fine[end - 2], fine[end - 1]
            for at in range(0, end, 2):
                x, y = fine[at], fine[at + 1]
                self._edge(from_x, from_y, x, y)
                from_x, from_y = x, y
        crossings = self._crossings
        crossings.sort()
        crossings.append(total)
        return _runs(crossings)

    def _edge(self, x0: int, y0: int, x1: int, y1: int) -> None:
        dx, dy = abs(x1 - x0), abs(y1 - y0)
        if dx == 0:
            return
        # The rule walks an edge upwards along its longer side, whichever way it was drawn.
        if x0 > x1 if dx >= dy else y0 > y1:
            x0, y0, x1, y1 = x1, y1, x0, y0
        # Pixel columns whose crossing lies between the two ends, in the image.
        first = -(-max(min(x0, x1) - 2, 0) // 5)
        last = min((max(x0, x1) - 3) // 5, self._width - 1)
        if first > last:
            return
        self._left -= last - first + 1
        if self._left < 0:
            raise RleError("too-complex")
        if dx >= dy:
            slope = (y1 - y0) / dx
            for column in range(first, last + 1):
                step = 5 * column + 3 - x0
                self._cross(column, min(int(y0 + slope * step + 0.5), int(y0 + slope * (step - 1) + 0.5)))
        else:
            self._steep_edge(x0, y0, (x1 - x0) / dy, dy, first, last)

    def _steep_edge(self, x0: int, y0: int, slope: float, dy: int, first: int, last: int) -> None:
        grows = slope > 0.0
        for column in range(first, last + 1):
            # The first step at which the outline is on the far side of the crossing: computed, then put right, as both the division here and the rule's own arithmetic round.
            wanted = 5 * column + 3
            step = min(max(ceil((wanted - 0.5 - x0) / slope), 1), dy)
            while step > 1 and (int(x0 + slope * (step - 1) + 0.5) >= wanted) == grows:
                step -= 1
            while step < dy and (int(x0 + slope * step + 0.5) >= wanted) != grows:
                step += 1
            self._cross(column, y0 + step - 1)

    def _cross(self, column: int, fine_row: int) -> None:
        """Notes a crossing of a pixel column at a fine row."""
        # (fine_row + 0.5) / 5 - 0.5, rounded up, and kept to the image.
        row = 0 if fine_row <= 2 else min((fine_row + 2) // 5, self._height)
        self._crossings.append(column * self._height + row)


def _runs(changes: list[int]) -> list[int]:
    """Run lengths from sorted positions at which the value changes; two changes at one place are none."""
    counts: list[int] = []
    before = 0
    joined = False
    for change in changes:
        run = change - before
        before = change
        if joined:
            if counts:
                counts[-1] += run
            joined = False
        elif run > 0 or not counts:
            counts.append(run)
        else:
            joined = True
    return counts
