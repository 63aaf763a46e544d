"""Tasks, assets and objects that are decoded when they are asked for.

A converter reads few of the fields there are. What a pattern has cut out stays bytes until somebody wants it; what is wanted in every row (ids, titles, boxes) is decoded at
once.
"""

from __future__ import annotations

from struct import Struct
from typing import Any

from ..types import Asset, BoundingBox, Classification, Geometry, Object, Provenance, Task
from .fields import (
    read_asset,
    read_geometry,
    read_optional_i64,
    read_optional_text,
    read_optional_u32,
    read_provenance,
    read_text,
)

_BOX = Struct("<4d").unpack
_OFFSETS = Struct("<2Q").unpack
_DURATION = Struct("<Q").unpack_from

_LateFields = tuple[int | None, bool, str | None, Provenance | None]
_NO_FIELDS: _LateFields = (None, False, None, None)

_MOST_NAMES = 4096
"""Schema ids and titles that are remembered. A project has some dozens; one that is made to have millions is decoded as it comes."""


class _Names(dict[bytes, tuple[str, str]]):
    """Schema ids and titles by their packed bytes."""

    def __missing__(self, packed: bytes) -> tuple[str, str]:
        schema_id, at = read_text(packed, 0)
        title, _ = read_text(packed, at)
        if len(self) < _MOST_NAMES:
            self[packed] = schema_id, title
        return schema_id, title


_names = _Names()


class _Object(Object):
    """An object that the pattern has cut out: what most converters ask for is decoded, the rest is not."""

    __slots__ = ("_late",)

    def __init__(self, object_id: str, names: tuple[str, str], geometry: Geometry, late: bytes) -> None:
        self.object_id = object_id
        self.schema_id, self.title = names
        self.geometry = geometry
        self._late: bytes | _LateFields = late

    def _later(self) -> _LateFields:
        fields = self._late
        if isinstance(fields, bytes):
            fields = self._late = _read_late(fields) if fields else _NO_FIELDS
        return fields

    @property
    def page(self) -> int | None:  # type: ignore[override]
        return self._later()[0]

    @property
    def interpolation_stopped(self) -> bool:  # type: ignore[override]
        return self._later()[1]

    @property
    def ocr(self) -> str | None:  # type: ignore[override]
        return self._later()[2]

    @property
    def provenance(self) -> Provenance | None:  # type: ignore[override]
        return self._later()[3]

    @property
    def classifications(self) -> list[Classification]:  # type: ignore[override]
        return []

    @property
    def extra(self) -> str | None:  # type: ignore[override]
        return None


def decode_objects(found: list[tuple[bytes, ...]], into: list[Object]) -> None:
    """Makes objects of what the pattern has cut: id, id with its length, schema id and title, box, other geometry, late fields, rest."""
    for object_id, long_id, names, box, other, late, _ in found:
        geometry: Geometry
        if box:
            x, y, width, height = _BOX(box)
            geometry = BoundingBox(x, y, width, height)
        else:
            geometry, _ = read_geometry(other, 0)
        into.append(_Object(object_id.decode() if object_id else long_id[4:].decode(), _names[names], geometry, late))


def _read_late(data: bytes) -> _LateFields:
    page, at = read_optional_u32(data, 0)
    stopped = data[at] == 1
    ocr, at = read_optional_text(data, at + 1)
    provenance, _ = read_provenance(data, at)
    return page, stopped, ocr, provenance


def _late(name: str) -> Any:
    """A field that is read with all others, once one of them is asked for."""
    return property(lambda record: getattr(record._whole(), name))


class _Asset(Asset):
    """An asset of which the file name is known, and the rest in three pieces of bytes."""

    __slots__ = ("_cut", "_read")

    def __init__(self, cut: tuple[bytes, bytes, bytes]) -> None:
        self._cut = cut
        self._read: Asset | None = None

    def _whole(self) -> Asset:
        if self._read is None:
            self._read, _ = read_asset(b"".join(self._cut), 0)
        return self._read

    @property
    def file_name(self) -> str:  # type: ignore[override]
        return self._cut[1][4:].decode()

    url = _late("url")
    asset_id = _late("asset_id")
    external_id = _late("external_id")
    pages = _late("pages")
    batches = _late("batches")
    width = _late("width")
    height = _late("height")
    frame_count = _late("frame_count")
    frame_rate = _late("frame_rate")
    context_data = _late("context_data")
    extra = _late("extra")


class _TaskFacts:
    """What few converters ask of a task."""

    __slots__ = ("stage_id", "updated_at", "updated_by", "total_duration_ms")

    def __init__(self, data: bytes) -> None:
        self.stage_id, at = read_optional_text(data, 0)
        self.updated_at, at = read_optional_i64(data, at)
        self.updated_by, at = read_optional_text(data, at)
        (self.total_duration_ms,) = _DURATION(data, at)


class _Task(Task):
    """A task as the pattern has cut its head. Its annotations, history and unknown keys are set by who reads them."""

    __slots__ = ("_cut", "_read")

    def __init__(self, offsets: bytes, task_id: bytes, stage: bytes, facts: bytes, asset: tuple[bytes, bytes, bytes]) -> None:
        self.index, self.object_offset = _OFFSETS(offsets)
        self.task_id = task_id[4:].decode()
        self.stage = stage[4:].decode()
        self.asset = _Asset(asset)
        self._cut = facts
        self._read: _TaskFacts | None = None

    def _whole(self) -> _TaskFacts:
        if self._read is None:
            self._read = _TaskFacts(self._cut)
        return self._read

    stage_id = _late("stage_id")
    updated_at = _late("updated_at")
    updated_by = _late("updated_by")
    total_duration_ms = _late("total_duration_ms")
