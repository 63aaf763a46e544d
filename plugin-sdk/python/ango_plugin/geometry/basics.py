"""Rectangles, areas, and which numbers are coordinates."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import cos, radians, sin

from ..types import BoundingBox, Path

MAX_COORDINATE = 1e9
"""Coordinates beyond this many pixels from the origin are no annotation. The bound keeps every product of two differences exact enough."""

TOLERANCE = 1e-9
"""How far outside an image, in pixels, a coordinate still counts as inside: the rounding of the arithmetic that made it."""


def usable(numbers: Iterable[float]) -> bool:
    """Whether every number is finite and of a size that can be a pixel coordinate."""
    # Not-a-number compares as false.
    return all(-MAX_COORDINATE <= number <= MAX_COORDINATE for number in numbers)


def open_ring(ring: Path) -> Path:
    """The ring without a repeated closing point, which some tools add."""
    end = len(ring) & ~1
    while end > 2 and ring[0] == ring[end - 2] and ring[1] == ring[end - 1]:
        end -= 2
    return ring if end == len(ring) else ring[:end]


@dataclass(slots=True)
class Extent:
    """An axis-aligned rectangle by its left, top, right and bottom edge, in pixels."""

    x0: float
    y0: float
    x1: float
    y1: float

    @classmethod
    def of(cls, path: Path) -> Extent | None:
        """The smallest rectangle around a path; `None` for an empty one."""
        if len(path) < 2:
            return None
        extent = cls(path[0], path[1], path[0], path[1])
        for at in range(2, len(path) - 1, 2):
            extent._include(path[at], path[at + 1])
        return extent

    @classmethod
    def of_box(cls, box: BoundingBox) -> Extent:
        """The rectangle of a box."""
        return cls(box.x, box.y, box.x + box.width, box.y + box.height)

    def union(self, other: Extent) -> Extent:
        """The smallest rectangle around both."""
        extent = Extent(self.x0, self.y0, self.x1, self.y1)
        extent._include(other.x0, other.y0)
        extent._include(other.x1, other.y1)
        return extent

    def _include(self, x: float, y: float) -> None:
        # Comparisons instead of `min`: what is not a number changes nothing.
        if x < self.x0:
            self.x0 = x
        if x > self.x1:
            self.x1 = x
        if y < self.y0:
            self.y0 = y
        if y > self.y1:
            self.y1 = y

    @property
    def width(self) -> float:
        """Width in pixels."""
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        """Height in pixels."""
        return self.y1 - self.y0

    @property
    def area(self) -> float:
        """Area in square pixels."""
        return self.width * self.height

    def is_inside(self, width: float, height: float) -> bool:
        """Whether it lies in an image of this size, to within `TOLERANCE`."""
        return self.x0 >= -TOLERANCE and self.y0 >= -TOLERANCE and self.x1 <= width + TOLERANCE and self.y1 <= height + TOLERANCE

    def clipped(self, width: float, height: float) -> Extent:
        """The part of it in an image of this size. Outside the image it has no width or no height."""
        return Extent(_clamp(self.x0, width), _clamp(self.y0, height), _clamp(self.x1, width), _clamp(self.y1, height))

    def ring(self) -> Path:
        """The four corners as a ring: top-left, top-right, bottom-right, bottom-left."""
        return [self.x0, self.y0, self.x1, self.y0, self.x1, self.y1, self.x0, self.y1]


def _clamp(number: float, most: float) -> float:
    return 0.0 if number < 0.0 else most if number > most else number


def signed_area(ring: Sequence[float]) -> float:
    """The area of a ring by the shoelace formula, in square pixels: positive when it runs clockwise on screen."""
    if len(ring) < 2:
        return 0.0
    # Relative to the first point, so that a small ring far from the origin keeps its digits.
    x0, y0 = ring[0], ring[1]
    x = y = twice = 0.0
    for at in range(2, len(ring) - 1, 2):
        next_x, next_y = ring[at] - x0, ring[at + 1] - y0
        twice += x * next_y - next_x * y
        x, y = next_x, next_y
    return twice / 2.0


def area(ring: Sequence[float]) -> float:
    """The area that a ring encloses, in square pixels."""
    return abs(signed_area(ring))


def area_with_holes(region: Sequence[float], holes: Iterable[Sequence[float]]) -> float:
    """The area of a region without its holes, never negative."""
    # Not `sum`, which compensates for rounding since Python 3.12: the Rust SDK does not.
    cut = 0.0
    for hole in holes:
        cut += area(hole)
    left = area(region) - cut
    return left if left > 0.0 else 0.0


def rotated_corners(x: float, y: float, width: float, height: float, rotation: float) -> Path:
    """The corners of a rotated box as V3 exports give them: `x`, `y` is the top-left corner after rotation, `rotation` is in degrees, clockwise on screen, and the corners run
    top-left, bottom-left, bottom-right, top-right."""
    turn = radians(rotation)
    sine, cosine = sin(turn), cos(turn)
    across_x, across_y = width * cosine, width * sine
    down_x, down_y = -height * sine, height * cosine
    return [x, y, x + down_x, y + down_y, x + down_x + across_x, y + down_y + across_y, x + across_x, y + across_y]
