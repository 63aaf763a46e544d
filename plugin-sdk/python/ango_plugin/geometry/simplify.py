"""Fewer points for a ring, by the method of Visvalingam and Whyatt: the point goes first whose triangle with its neighbours is smallest."""

from __future__ import annotations

from heapq import heapify, heappop, heappush
from struct import Struct

from ..types import Path

_DOUBLE = Struct("<d")
_BITS = Struct("<Q")


def simplify(ring: Path, max_points: int) -> Path:
    """The ring with at most `max_points` points (at least 3), unchanged if it has no more than that. Takes time in proportion to n log n."""
    points = len(ring) // 2
    max_points = max(max_points, 3)
    if points <= max_points:
        return ring[: points * 2]
    previous = [(at + points - 1) % points for at in range(points)]
    following = [(at + 1) % points for at in range(points)]
    gone = [False] * points
    # A change of a neighbour makes the entry of a point stale; its current weight says which entry counts.
    weights = [_weight(ring, previous[at], at, following[at]) for at in range(points)]
    heap = list(zip(weights, range(points)))
    heapify(heap)
    left = points
    while left > max_points and heap:
        popped, at = heappop(heap)
        if gone[at] or weights[at] != popped:
            continue
        gone[at] = True
        left -= 1
        before, after = previous[at], following[at]
        following[before] = after
        previous[after] = before
        for neighbour in (before, after):
            weights[neighbour] = _weight(ring, previous[neighbour], neighbour, following[neighbour])
            heappush(heap, (weights[neighbour], neighbour))
    return [number for at in range(points) if not gone[at] for number in (ring[at * 2], ring[at * 2 + 1])]


def order(number: float) -> int:
    """The size of a number, without its sign, as bits: they are in the order of the numbers, and not-a-number has a place as well."""
    bits: int = _BITS.unpack(_DOUBLE.pack(abs(number)))[0]
    return bits


def _weight(ring: Path, a: int, b: int, c: int) -> int:
    """Twice the area of the triangle, by its order."""
    ax, ay = ring[a * 2], ring[a * 2 + 1]
    cross = (ring[b * 2] - ax) * (ring[c * 2 + 1] - ay) - (ring[c * 2] - ax) * (ring[b * 2 + 1] - ay)
    return order(cross)
