"""The geometry of a tool object: the one key of it that says where it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...geometry import rotated_corners
from ...types import (
    BoundingBox,
    Entity,
    Geometry,
    OtherGeometry,
    Path,
    PdfArea,
    PdfRectangle,
    Point,
    Polygon,
    Polyline,
    RotatedBox,
    Segmentation,
    Spline,
    VoxelBrush,
    Zone,
)
from .fields import FieldError, Fields, is_number, to_json


def read_geometry(tool: Fields) -> Geometry:
    """Takes the geometry out of a tool object. When no key is known, the first one that is left over is an unknown geometry."""
    for key, read in _KNOWN.items():
        value = tool.take(key)
        if value is not None:
            return read(value)
    if tool.flag("medical-brush"):
        return VoxelBrush()
    unknown = tool.first_key()
    return OtherGeometry("{}" if unknown is None else to_json({unknown: tool.take(unknown)}))


def _bounding_box(value: Any) -> BoundingBox:
    fields = Fields(value, "bounding-box")
    x, width = _normalised(fields.needed_number("x"), fields.needed_number("width"))
    y, height = _normalised(fields.needed_number("y"), fields.needed_number("height"))
    return BoundingBox(x, y, width, height)


def _normalised(origin: float, length: float) -> tuple[float, float]:
    """A side whose origin is the corner that was clicked first can run backwards."""
    return (origin + length, -length) if length < 0.0 else (origin, length)


def _rotated_box(value: Any) -> RotatedBox:
    fields = Fields(value, "rotated-bounding-box")
    width, height = fields.needed_number("width"), fields.needed_number("height")
    rotation = fields.number("rotation") or 0.0
    if fields.has("corners"):
        corners = _path(fields.take("corners"), "corners")
    else:
        corners = rotated_corners(fields.needed_number("x"), fields.needed_number("y"), width, height, rotation)
    if len(corners) != 8:
        raise FieldError(f"`corners` of rotated-bounding-box has {len(corners) // 2} points instead of 4")
    return RotatedBox(corners, abs(width), abs(height), rotation)


def _segmentation(value: Any) -> Segmentation:
    zones = []
    for item in Fields(value, "segmentation").items("zones"):
        zone = Fields(item, "zone")
        region = zone.take("region")
        zones.append(Zone([] if region is None else _path(region, "region"), [_path(hole, "holes") for hole in zone.items("holes")]))
    return Segmentation(zones)


def _path(value: Any, key: str) -> Path:
    if not isinstance(value, list):
        raise FieldError(f"`{key}` is not a list of points but {to_json(value)}")
    return [number for item in value for number in _point(item, key)]


def _point(value: Any, key: str) -> tuple[float, float]:
    x = y = None
    if isinstance(value, list) and len(value) >= 2:
        x, y = value[0], value[1]
    elif isinstance(value, dict):
        x, y = value.get("x"), value.get("y")
    if not is_number(x) or not is_number(y):
        raise FieldError(f"`{key}` has a point that is not two numbers: {to_json(value)}")
    return float(x), float(y)  # type: ignore[arg-type]


def _spline(value: Any) -> Spline:
    """Control points, or an object that has some: the form is not public."""
    if isinstance(value, dict):
        points = value.get("points")
        return Spline([] if points is None else _path(points, "points"))
    return Spline(_path(value, "spline"))


def _entity(value: Any) -> Entity:
    fields = Fields(value, "ner")
    return Entity(fields.needed_number("start"), fields.needed_number("end"), fields.optional_text("selection"))


def _pdf(value: Any) -> PdfArea:
    """Both forms: the export's (`position`, `content`) and the flat one of the import format."""
    fields = Fields(value, "pdf")
    if not fields.has("position"):
        page_number = fields.small("pageNumber")
        text = fields.optional_text("text")
        return PdfArea(1 if page_number is None else page_number, _rectangle(fields), [], text)
    position = Fields(fields.take("position"), "position")
    bounds = position.take("boundingRect")
    if bounds is None:
        raise FieldError("`boundingRect` of pdf is missing")
    parts = [_rectangle(Fields(part, "rects")) for part in position.items("rects")]
    page_number = position.small("pageNumber")
    text = Fields.or_empty(fields.take("content"), "content").optional_text("text")
    return PdfArea(1 if page_number is None else page_number, _rectangle(Fields(bounds, "boundingRect")), parts, text)


def _rectangle(fields: Fields) -> PdfRectangle:
    return PdfRectangle(*(fields.needed_number(key) for key in ("x1", "y1", "x2", "y2", "width", "height")))


_KNOWN: dict[str, Callable[[Any], Geometry]] = {
    "bounding-box": _bounding_box,
    "rotated-bounding-box": _rotated_box,
    "polygon": lambda value: Polygon(_path(value, "polygon")),
    "polyline": lambda value: Polyline(_path(value, "polyline")),
    "segmentation": _segmentation,
    "point": lambda value: Point(*_point(value, "point")),
    "spline": _spline,
    "ner": _entity,
    "pdf": _pdf,
}
