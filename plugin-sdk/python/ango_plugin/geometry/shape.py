"""The area that an object covers, whatever it was drawn with: the common ground of converters to formats of areas."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum

from ..types import BoundingBox, Geometry, Path, Polygon, RotatedBox, Segmentation, Zone
from .basics import Extent, area, open_ring, usable
from .clip import clip_ring

_NO_AREA = 1e-9
"""Areas below this, in square pixels, are none."""

Size = tuple[float, float]


class Bounds(Enum):
    """What happens to an object that leaves the image."""

    CLIP = "clip"
    """It is cut at the edges."""
    KEEP = "keep"
    """It stays as it is."""
    DROP = "drop"
    """It is refused."""


class Unusable(Exception):
    """Why an object covers no area. `code` is the stable code for `Export.lost`, `reason` the reason for people."""

    code = "unusable"
    reason = "has no area"

    def __init__(self) -> None:
        super().__init__(f"{self.code}: the object {self.reason}")


class Unsupported(Unusable):
    """A point, a line, a text span: a geometry without area."""

    code = "geometry-unsupported"
    reason = "has no area"


class Coordinates(Unusable):
    """A coordinate is not finite, or astronomically large."""

    code = "coordinates-unusable"
    reason = "has a coordinate that is not finite or far beyond any image"


class TooFewPoints(Unusable):
    """A ring of less than three points."""

    code = "too-few-points"
    reason = "has less than three points"


class ZeroArea(Unusable):
    """Nothing is left after subtracting holes."""

    code = "zero-area"
    reason = "encloses no area"


class OutOfBounds(Unusable):
    """Nothing of it is in the image, or not all of it where that is asked for."""

    code = "out-of-bounds"
    reason = "is outside the image"


class Shape:
    """The area of one object: zones, each a region with holes cut out of it, as rings.

    Made from a geometry and the image's width and height in pixels; without a size nothing is clipped. Raises `Unusable` when there is no area to take.
    """

    __slots__ = ("_rings", "_extent", "_drawn_size", "area", "is_clipped", "dropped_parts")

    def __init__(self, geometry: Geometry, size: Size | None = None, bounds: Bounds = Bounds.CLIP) -> None:
        self._rings: list[tuple[Path, bool]] = []
        self._extent: Extent | None = None
        self._drawn_size: Size | None = None
        self.area = 0.0
        """The area in square pixels: ring areas, those of holes subtracted."""
        self.is_clipped = False
        """Whether some of it was cut off at the edges of the image."""
        self.dropped_parts = 0
        """How many regions had no area or too few points and were left out."""
        limits = None if bounds is Bounds.KEEP else size
        if isinstance(geometry, BoundingBox):
            if not usable((geometry.x, geometry.y, geometry.width, geometry.height)):
                raise Coordinates
            self._set_box(Extent.of_box(geometry), (geometry.width, geometry.height), limits)
        elif isinstance(geometry, RotatedBox):
            self._add_zone(geometry.corners, [], limits)
        elif isinstance(geometry, Polygon):
            self._add_zone(geometry.path, [], limits)
        elif isinstance(geometry, Segmentation):
            self._set_zones(geometry.zones, limits)
        else:
            raise Unsupported
        if self.area <= _NO_AREA:
            raise ZeroArea
        if self.is_clipped and bounds is Bounds.DROP:
            raise OutOfBounds

    def _set_box(self, drawn: Extent, size: Size, limits: Size | None) -> None:
        extent = drawn
        # The width and height that were drawn, which the difference of two edges need not give back exactly.
        self._drawn_size = size
        if limits is not None and not drawn.is_inside(*limits):
            extent = drawn.clipped(*limits)
            self.is_clipped, self._drawn_size = True, None
            if extent.area <= 0.0 and drawn.area > 0.0:
                raise OutOfBounds
        self.area = extent.area if self._drawn_size is None else size[0] * size[1]
        self._extent = extent
        self._rings.append((extent.ring(), False))

    def _set_zones(self, zones: list[Zone], limits: Size | None) -> None:
        """A part that is nothing is left out, as long as another one is something."""
        fault: Unusable = TooFewPoints()
        for zone in zones:
            try:
                self._add_zone(zone.region, zone.holes, limits)
            except OutOfBounds as outside:
                self.is_clipped = True
                fault = outside
            except Coordinates:
                raise
            except Unusable as other:
                self.dropped_parts += 1
                fault = other
        if not self._rings:
            raise fault

    def _add_zone(self, region: Path, holes: list[Path], limits: Size | None) -> None:
        kept = len(self._rings)
        zone_area = self._add_ring(region, False, limits)
        extent = Extent.of(self._rings[kept][0])
        for hole in holes:
            try:
                zone_area -= self._add_ring(hole, True, limits)
            except Coordinates:
                raise
            except Unusable:
                # A hole that is nothing cuts nothing.
                pass
        if zone_area <= _NO_AREA:
            del self._rings[kept:]
            raise ZeroArea
        self.area += zone_area
        if self._extent is not None and extent is not None:
            extent = self._extent.union(extent)
        self._extent = extent or self._extent

    def _add_ring(self, ring: Path, hole: bool, limits: Size | None) -> float:
        if not usable(ring):
            raise Coordinates
        ring = open_ring(ring)
        if len(ring) < 6:
            raise TooFewPoints
        left_area = area(ring)
        if left_area <= _NO_AREA:
            raise ZeroArea
        if limits is not None:
            clip = clip_ring(ring, *limits)
            if clip.ring is None:
                raise OutOfBounds
            if clip.cut:
                ring = clip.ring
                left_area = area(ring)
                self.is_clipped = True
        if left_area <= _NO_AREA:
            raise OutOfBounds
        self._rings.append((ring, hole))
        return left_area

    def rings(self) -> list[tuple[Path, bool]]:
        """The rings in order, each region followed by its holes, and whether a ring is a hole."""
        return self._rings

    def zones(self) -> Iterator[tuple[Path, list[Path]]]:
        """The zones: a region, and its holes."""
        for at, (region, hole) in enumerate(self._rings):
            if not hole:
                end = next((end for end in range(at + 1, len(self._rings)) if not self._rings[end][1]), len(self._rings))
                yield region, [ring for ring, _ in self._rings[at + 1 : end]]

    @property
    def parts(self) -> int:
        """How many regions it has."""
        return sum(not hole for _, hole in self._rings)

    @property
    def has_holes(self) -> bool:
        """Whether something is cut out of it."""
        return any(hole for _, hole in self._rings)

    @property
    def extent(self) -> Extent:
        """The smallest rectangle around it."""
        return self._extent or Extent(0.0, 0.0, 0.0, 0.0)

    def bounding_box(self) -> tuple[float, float, float, float]:
        """Left, top, width and height. Of an unclipped box exactly what was drawn."""
        extent = self.extent
        width, height = self._drawn_size or (extent.width, extent.height)
        return extent.x0, extent.y0, width, height
