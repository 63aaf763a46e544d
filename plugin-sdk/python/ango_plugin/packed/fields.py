"""Packed values, taken apart field by field: what every reader falls back on.

Each function takes the bytes and where a value begins, and answers the value and where the next one begins. Nothing is checked on the way: a value that runs past the
end of its bytes leaves a position there, which `tasks` finds.
"""

from __future__ import annotations

from collections.abc import Callable
from struct import Struct
from typing import TypeVar

from ..types import (
    Answer,
    Asset,
    BoundingBox,
    Classification,
    Direction,
    Entity,
    Geometry,
    Object,
    OtherAnswer,
    OtherGeometry,
    Pair,
    Path,
    PdfArea,
    PdfRectangle,
    Point,
    Polygon,
    Polyline,
    Provenance,
    Relation,
    RotatedBox,
    Segmentation,
    Spline,
    VoxelBrush,
    Zone,
)

T = TypeVar("T")

_U32 = Struct("<I").unpack_from
_I64 = Struct("<q").unpack_from
_F64 = Struct("<d").unpack_from
_TWO = Struct("<2d").unpack_from
_THREE = Struct("<3d").unpack_from
_FOUR = Struct("<4d").unpack_from
_SIX = Struct("<6d").unpack_from

_DIRECTIONS = (Direction.STRAIGHT, Direction.REVERSE, Direction.BIDIRECTIONAL)


class Malformed(Exception):
    """Bytes that are not what the contract says."""

    def __init__(self) -> None:
        super().__init__("the host broke the contract: the packed tasks are cut off or not of this version of the contract")


def read_text(data: bytes, at: int) -> tuple[str, int]:
    (length,) = _U32(data, at)
    end = at + 4 + length
    return data[at + 4 : end].decode(), end


def read_optional_text(data: bytes, at: int) -> tuple[str | None, int]:
    if data[at]:
        return read_text(data, at + 1)
    return None, at + 1


def read_optional_u32(data: bytes, at: int) -> tuple[int | None, int]:
    if data[at]:
        return _U32(data, at + 1)[0], at + 5
    return None, at + 1


def read_optional_i64(data: bytes, at: int) -> tuple[int | None, int]:
    if data[at]:
        return _I64(data, at + 1)[0], at + 9
    return None, at + 1


def read_optional_f64(data: bytes, at: int) -> tuple[float | None, int]:
    if data[at]:
        return _F64(data, at + 1)[0], at + 9
    return None, at + 1


def read_list(data: bytes, at: int, read: Callable[[bytes, int], tuple[T, int]]) -> tuple[list[T], int]:
    (count,) = _U32(data, at)
    at += 4
    values = []
    for _ in range(count):
        value, at = read(data, at)
        values.append(value)
    return values, at


def read_texts(data: bytes, at: int) -> tuple[list[str], int]:
    return read_list(data, at, read_text)


def read_path(data: bytes, at: int) -> tuple[Path, int]:
    (count,) = _U32(data, at)
    at += 4
    end = at + 8 * count
    if end > len(data):
        # Before a format for as many numbers is made.
        raise Malformed
    return list(Struct(f"<{count}d").unpack_from(data, at)), end


def read_zone(data: bytes, at: int) -> tuple[Zone, int]:
    region, at = read_path(data, at)
    holes, at = read_list(data, at, read_path)
    return Zone(region, holes), at


def read_pdf_rectangle(data: bytes, at: int) -> tuple[PdfRectangle, int]:
    return PdfRectangle(*_SIX(data, at)), at + 48


def read_geometry(data: bytes, at: int) -> tuple[Geometry, int]:
    case = data[at]
    at += 1
    if case == 0:
        return BoundingBox(*_FOUR(data, at)), at + 32
    if case == 1:
        corners, at = read_path(data, at)
        return RotatedBox(corners, *_THREE(data, at)), at + 24
    if case == 2:
        path, at = read_path(data, at)
        return Polygon(path), at
    if case == 3:
        path, at = read_path(data, at)
        return Polyline(path), at
    if case == 4:
        zones, at = read_list(data, at, read_zone)
        return Segmentation(zones), at
    if case == 5:
        return Point(*_TWO(data, at)), at + 16
    if case == 6:
        path, at = read_path(data, at)
        return Spline(path), at
    if case == 7:
        start, end = _TWO(data, at)
        selection, at = read_optional_text(data, at + 16)
        return Entity(start, end, selection), at
    if case == 8:
        (page_number,) = _U32(data, at)
        bounds, at = read_pdf_rectangle(data, at + 4)
        parts, at = read_list(data, at, read_pdf_rectangle)
        text, at = read_optional_text(data, at)
        return PdfArea(page_number, bounds, parts, text), at
    if case == 9:
        return VoxelBrush(), at
    if case == 10:
        json, at = read_text(data, at)
        return OtherGeometry(json), at
    raise Malformed


def read_answer(data: bytes, at: int) -> tuple[Answer, int]:
    case = data[at]
    at += 1
    if case == 0:
        return None, at
    if case == 1:
        return read_text(data, at)
    if case == 2:
        return read_texts(data, at)
    if case == 3:
        return data[at] == 1, at + 1
    if case == 4:
        return _F64(data, at)[0], at + 8
    if case == 5:
        json, at = read_text(data, at)
        return OtherAnswer(json), at
    raise Malformed


def read_provenance(data: bytes, at: int) -> tuple[Provenance | None, int]:
    if not data[at]:
        return None, at + 1
    created_at, at = read_optional_i64(data, at + 1)
    created_by, at = read_optional_text(data, at)
    created_in, at = read_optional_text(data, at)
    updated_at, at = read_optional_i64(data, at)
    updated_by, at = read_optional_text(data, at)
    updated_in, at = read_optional_text(data, at)
    return Provenance(created_at, created_by, created_in, updated_at, updated_by, updated_in), at


def read_classification(data: bytes, at: int) -> tuple[Classification, int]:
    object_id, at = read_text(data, at)
    schema_id, at = read_text(data, at)
    title, at = read_text(data, at)
    kind, at = read_text(data, at)
    answer, at = read_answer(data, at)
    parent, at = read_optional_u32(data, at)
    page, at = read_optional_u32(data, at)
    stopped = data[at] == 1
    provenance, at = read_provenance(data, at + 1)
    return Classification(object_id, schema_id, title, kind, answer, parent, page, stopped, provenance), at


def read_object(data: bytes, at: int) -> tuple[Object, int]:
    object_id, at = read_text(data, at)
    schema_id, at = read_text(data, at)
    title, at = read_text(data, at)
    geometry, at = read_geometry(data, at)
    page, at = read_optional_u32(data, at)
    stopped = data[at] == 1
    ocr, at = read_optional_text(data, at + 1)
    provenance, at = read_provenance(data, at)
    classifications, at = read_list(data, at, read_classification)
    extra, at = read_optional_text(data, at)
    return Object(object_id, schema_id, title, geometry, page, stopped, ocr, provenance, classifications, extra), at


def read_relation(data: bytes, at: int) -> tuple[Relation, int]:
    object_id, at = read_text(data, at)
    schema_id, at = read_text(data, at)
    title, at = read_text(data, at)
    members: Pair | list[str]
    if data[at] == 0:
        source, at = read_text(data, at + 1)
        target, at = read_text(data, at)
        members = Pair(source, target, _DIRECTIONS[data[at]])
        at += 1
    else:
        members, at = read_texts(data, at + 1)
    page, at = read_optional_u32(data, at)
    return Relation(object_id, schema_id, title, members, page), at


def read_asset(data: bytes, at: int) -> tuple[Asset, int]:
    url, at = read_text(data, at)
    asset_id, at = read_optional_text(data, at)
    external_id, at = read_text(data, at)
    file_name, at = read_text(data, at)
    pages, at = read_texts(data, at)
    batches, at = read_texts(data, at)
    width, at = read_optional_u32(data, at)
    height, at = read_optional_u32(data, at)
    frame_count, at = read_optional_u32(data, at)
    frame_rate, at = read_optional_f64(data, at)
    context_data, at = read_optional_text(data, at)
    extra, at = read_optional_text(data, at)
    return Asset(url, asset_id, external_id, file_name, pages, batches, width, height, frame_count, frame_rate, context_data, extra), at
