"""Tasks in the form in which they reach a component (`source.next-packed` of the contract)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from struct import pack as _pack
from typing import TypeVar

from ..types import (
    Annotations,
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
    StageVisit,
    Task,
    VoxelBrush,
    Zone,
)

T = TypeVar("T")

_DIRECTIONS = list(Direction)


def pack_task(task: Task) -> bytes:
    """One task: field by field, in the order of declaration in the contract."""
    return b"".join(
        [
            _pack("<2Q", task.index, task.object_offset),
            _text(task.task_id),
            _text(task.stage),
            _optional(task.stage_id, _text),
            _optional(task.updated_at, _i64),
            _optional(task.updated_by, _text),
            _pack("<Q", task.total_duration_ms),
            _asset(task.asset),
            _annotations(task.annotations),
            _list(task.history, _visit),
            _optional(task.extra, _text),
        ]
    )


def _text(text: str) -> bytes:
    data = text.encode()
    return _pack("<I", len(data)) + data


def _i64(number: int) -> bytes:
    return _pack("<q", number)


def _u32(number: int) -> bytes:
    return _pack("<I", number)


def _optional(value: T | None, write: Callable[[T], bytes]) -> bytes:
    return b"\0" if value is None else b"\1" + write(value)


def _list(values: Iterable[T], write: Callable[[T], bytes]) -> bytes:
    written = [write(value) for value in values]
    return _u32(len(written)) + b"".join(written)


def _path(path: Path) -> bytes:
    return _pack(f"<I{len(path)}d", len(path), *path)


def _asset(asset: Asset) -> bytes:
    return b"".join(
        [
            _text(asset.url),
            _optional(asset.asset_id, _text),
            _text(asset.external_id),
            _text(asset.file_name),
            _list(asset.pages, _text),
            _list(asset.batches, _text),
            _optional(asset.width, _u32),
            _optional(asset.height, _u32),
            _optional(asset.frame_count, _u32),
            _optional(asset.frame_rate, lambda rate: _pack("<d", rate)),
            _optional(asset.context_data, _text),
            _optional(asset.extra, _text),
        ]
    )


def _visit(visit: StageVisit) -> bytes:
    return b"".join(
        [
            _text(visit.stage),
            _optional(visit.stage_id, _text),
            _pack("<Q", visit.duration_ms),
            _optional(visit.completed_at, _i64),
            _optional(visit.completed_by, _text),
            _optional(visit.review_status, _text),
            _annotations(visit.annotations),
        ]
    )


def _annotations(annotations: Annotations) -> bytes:
    return b"".join(
        [
            _list(annotations.objects, _object),
            _list(annotations.classifications, _classification),
            _list(annotations.relations, _relation),
            _optional(annotations.brush, _text),
            _optional(annotations.voxel_brush, _text),
        ]
    )


def _object(one: Object) -> bytes:
    return b"".join(
        [
            _text(one.object_id),
            _text(one.schema_id),
            _text(one.title),
            _geometry(one.geometry),
            _optional(one.page, _u32),
            b"\1" if one.interpolation_stopped else b"\0",
            _optional(one.ocr, _text),
            _optional(one.provenance, _provenance),
            _list(one.classifications, _classification),
            _optional(one.extra, _text),
        ]
    )


def _geometry(geometry: Geometry) -> bytes:
    match geometry:
        case BoundingBox(x, y, width, height):
            return b"\0" + _pack("<4d", x, y, width, height)
        case RotatedBox(corners, width, height, rotation):
            return b"\1" + _path(corners) + _pack("<3d", width, height, rotation)
        case Polygon(path):
            return b"\2" + _path(path)
        case Polyline(path):
            return b"\3" + _path(path)
        case Segmentation(zones):
            return b"\4" + _list(zones, _zone)
        case Point(x, y):
            return b"\5" + _pack("<2d", x, y)
        case Spline(path):
            return b"\6" + _path(path)
        case Entity(start, end, selection):
            return b"\7" + _pack("<2d", start, end) + _optional(selection, _text)
        case PdfArea(page_number, bounds, parts, text):
            return b"\x08" + _u32(page_number) + _rectangle(bounds) + _list(parts, _rectangle) + _optional(text, _text)
        case VoxelBrush():
            return b"\x09"
        case OtherGeometry(json):
            return b"\x0a" + _text(json)


def _zone(zone: Zone) -> bytes:
    return _path(zone.region) + _list(zone.holes, _path)


def _rectangle(rectangle: PdfRectangle) -> bytes:
    return _pack("<6d", rectangle.x1, rectangle.y1, rectangle.x2, rectangle.y2, rectangle.page_width, rectangle.page_height)


def _answer(answer: Answer) -> bytes:
    match answer:
        case None:
            return b"\0"
        case str():
            return b"\1" + _text(answer)
        case list():
            return b"\2" + _list(answer, _text)
        case bool():
            return b"\3\1" if answer else b"\3\0"
        case OtherAnswer(json):
            return b"\5" + _text(json)
        case _:
            return b"\4" + _pack("<d", answer)


def _provenance(one: Provenance) -> bytes:
    return b"".join(
        [
            _optional(one.created_at, _i64),
            _optional(one.created_by, _text),
            _optional(one.created_in, _text),
            _optional(one.updated_at, _i64),
            _optional(one.updated_by, _text),
            _optional(one.updated_in, _text),
        ]
    )


def _classification(one: Classification) -> bytes:
    return b"".join(
        [
            _text(one.object_id),
            _text(one.schema_id),
            _text(one.title),
            _text(one.kind),
            _answer(one.answer),
            _optional(one.parent, _u32),
            _optional(one.page, _u32),
            b"\1" if one.interpolation_stopped else b"\0",
            _optional(one.provenance, _provenance),
        ]
    )


def _relation(one: Relation) -> bytes:
    members = one.members
    if isinstance(members, Pair):
        packed = b"\0" + _text(members.source) + _text(members.target) + bytes([_DIRECTIONS.index(members.direction)])
    else:
        packed = b"\1" + _list(members, _text)
    return _text(one.object_id) + _text(one.schema_id) + _text(one.title) + packed + _optional(one.page, _u32)
