"""Several rings as one, for formats that know only one: rings are joined by bridges without width, walked once in each direction, so that they add nothing to the area under
any fill rule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

from ..types import Path
from .basics import signed_area
from .simplify import order, simplify


@dataclass(slots=True)
class Bridged:
    """Rings joined into one."""

    ring: Path
    dropped: int
    """How many rings were left out because `max_points` has no room for them; the smallest ones."""


def bridge(rings: Sequence[tuple[Path, bool]], max_points: int) -> Bridged:
    """Joins rings (each with at least three points; the flag says whether it is a hole) into one with at most `max_points` points. Outer rings are made to run clockwise on
    screen and holes the other way round; rings are simplified as far as the room asks for."""
    room = max(max_points, 3)
    # Three points, and two more for the bridge to every ring but the first.
    most = max((room + 2) // 5, 1)
    kept = list(range(len(rings)))
    if len(kept) > most:
        kept.sort(key=lambda at: order(signed_area(rings[at][0])), reverse=True)
        kept = sorted(kept[:most])
    dropped = len(rings) - len(kept)
    points = sum(len(rings[at][0]) // 2 for at in kept)
    bridges = 2 * max(len(kept) - 1, 0)

    def share(length: int) -> int:
        if points + bridges <= room:
            return length
        spare, wanted = max(room - (bridges + 3 * len(kept)), 0), points - 3 * len(kept)
        return 3 + (length - 3) * spare // max(wanted, 1)

    joined: Path = []
    for at in kept:
        original, hole = rings[at]
        ring = simplify(original, share(max(len(original) // 2, 3)))
        if (signed_area(ring) < 0.0) != hole:
            ring = _reversed(ring)
        joined = _splice(joined, ring) if joined else ring
    return Bridged(joined, dropped)


def _reversed(ring: Path) -> Path:
    return [number for at in range(len(ring) - 2, -1, -2) for number in (ring[at], ring[at + 1])]


def _splice(ring: Path, other: Path) -> Path:
    """Walks `ring` to the point nearest to `other`, over to `other`, once around it, and back."""
    nearest, ring_at, other_at = inf, 0, 0
    for at in range(0, len(ring) - 1, 2):
        x, y = ring[at], ring[at + 1]
        for around in range(0, len(other) - 1, 2):
            dx, dy = x - other[around], y - other[around + 1]
            distance = dx * dx + dy * dy
            if distance < nearest:
                nearest, ring_at, other_at = distance, at, around
    return ring[: ring_at + 2] + other[other_at:] + other[: other_at + 2] + ring[ring_at:]
