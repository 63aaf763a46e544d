"""Cutting rings at the edges of the image: Sutherland and Hodgman, one edge after the other."""

from __future__ import annotations

from dataclasses import dataclass

from ..types import Path
from .basics import Extent, open_ring


@dataclass(slots=True)
class Clip:
    """What is left of a ring in the image: the ring itself (`cut` is false), a part of it, or nothing with an area (`ring` is `None`)."""

    ring: Path | None
    cut: bool
    """Whether something was cut off. A ring that left the image and came back stays one ring, joined along the edge by stretches without area."""


def clip_ring(ring: Path, width: float, height: float) -> Clip:
    """Clips a ring with usable coordinates to an image of this size. What leaves the image by no more than `TOLERANCE` counts as inside."""
    extent = Extent.of(ring)
    if extent is None:
        return Clip(None, True)
    if extent.is_inside(width, height):
        return Clip(ring, False)
    if extent.x0 >= width or extent.y0 >= height or extent.x1 <= 0.0 or extent.y1 <= 0.0:
        return Clip(None, True)
    left = ring
    if extent.x0 < 0.0:
        left = _cut(left, 0, 0.0, 1.0)
    if extent.x1 > width:
        left = _cut(left, 0, width, -1.0)
    if extent.y0 < 0.0:
        left = _cut(left, 1, 0.0, 1.0)
    if extent.y1 > height:
        left = _cut(left, 1, height, -1.0)
    left = open_ring(left)
    return Clip(left if len(left) >= 6 else None, True)


def _cut(ring: Path, axis: int, edge: float, side: float) -> Path:
    """Keeps the side of an edge on which `(coordinate - edge) * side` is not negative. `axis` is 0 for x and 1 for y."""
    cut: Path = []
    if len(ring) < 2:
        return cut
    # The last two numbers, as the ring is whole points.
    before = (ring[-2], ring[-1])
    depth_before = (before[axis] - edge) * side
    for at in range(0, len(ring) - 1, 2):
        point = (ring[at], ring[at + 1])
        depth = (point[axis] - edge) * side
        if (depth < 0.0) != (depth_before < 0.0):
            part = depth_before / (depth_before - depth)
            across = before[1 - axis] + (point[1 - axis] - before[1 - axis]) * part
            _push(cut, (across, edge) if axis else (edge, across))
        if depth >= 0.0:
            _push(cut, point)
        before, depth_before = point, depth
    return cut


def _push(ring: Path, point: tuple[float, float]) -> None:
    """Appends a point unless it repeats the last one, as a crossing at a corner would."""
    if not ring or ring[-2] != point[0] or ring[-1] != point[1]:
        ring.extend(point)
