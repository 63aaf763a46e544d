"""Geometry that converters share. A path or ring is flat (x0, y0, x1, y1, ...), in pixels, with y downwards; rings are open.

The functions are those of the Rust SDK and compute the same numbers, bit for bit. They are safe against whatever a path holds, but what they compute from coordinates that are
not finite or astronomically large means nothing: ask `usable` first, and report the object as lost if the answer is no.
"""

from .basics import (
    MAX_COORDINATE,
    TOLERANCE,
    Extent,
    area,
    area_with_holes,
    open_ring,
    rotated_corners,
    signed_area,
    usable,
)
from .bridge import Bridged, bridge
from .clip import Clip, clip_ring
from .shape import Bounds, Shape, Unusable
from .simplify import simplify

__all__ = [
    "MAX_COORDINATE",
    "TOLERANCE",
    "Bounds",
    "Bridged",
    "Clip",
    "Extent",
    "Shape",
    "Unusable",
    "area",
    "area_with_holes",
    "bridge",
    "clip_ring",
    "open_ring",
    "rotated_corners",
    "signed_area",
    "simplify",
    "usable",
]
