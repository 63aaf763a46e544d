"""Packed tasks (`source.next-packed` of the contract), taken apart one by one.

Objects and heads that are as most are go through patterns (`patterns`) and are decoded late (`late`); all others are read field by field (`fields`). What comes out is the
same either way.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from ..types import Annotations, Object, StageVisit, Task
from .fields import (
    Malformed,
    read_asset,
    read_classification,
    read_list,
    read_object,
    read_optional_i64,
    read_optional_text,
    read_relation,
    read_text,
)
from .late import _Task, decode_objects
from .patterns import HEAD, OBJECT

__all__ = ["Malformed", "tasks"]

_U32 = struct.Struct("<I").unpack_from
_U64 = struct.Struct("<Q").unpack_from
_OFFSETS = struct.Struct("<2Q").unpack_from
_match_head = HEAD.match
_find_objects = OBJECT.findall

_OBJECT_BYTES = 224
"""About what a box with its provenance takes: how far the pattern looks for each object that is expected."""
_WINDOW = 8192
"""The pattern copies what it cannot read, so it is never shown much more than it may be able to."""

_NO_MORE = bytes(15)
"""After the objects: no classifications, relations, brush, voxel brush, history and unknown keys."""


def tasks(data: bytes) -> Iterator[Task]:
    """The tasks of one call of the host, each taken apart when its turn comes.

    Raises `Malformed` when the bytes are not what the contract says.
    """
    at = 0
    end = len(data)
    try:
        while at < end:
            head = _match_head(data, at)
            if head is None:
                task, at = _read_task(data, at)
            else:
                offsets, task_id, stage, facts, asset, file_name, more, objects = head.groups()
                task = _Task(offsets, task_id, stage, facts, (asset, file_name, more))
                at = _read_rest(task, data, head.end() - 4)
            if at > end:
                raise Malformed
            yield task
    except (struct.error, IndexError, UnicodeDecodeError):
        raise Malformed from None


def _read_rest(task: Task, data: bytes, at: int) -> int:
    """Reads what follows the head of a task into it."""
    (count,) = _U32(data, at)
    objects, at = _read_objects(data, at + 4, count)
    if data.startswith(_NO_MORE, at):
        task.annotations = Annotations(objects, [], [], None, None)
        task.history = []
        task.extra = None
        return at + 15
    task.annotations, at = _read_annotations_after(objects, data, at)
    task.history, at = read_list(data, at, _read_visit)
    task.extra, at = read_optional_text(data, at)
    return at


def _read_objects(data: bytes, at: int, count: int) -> tuple[list[Object], int]:
    objects: list[Object] = []
    expected = count
    while True:
        left = count - len(objects)
        if left == 0:
            return objects, at
        end = min(at + min(expected * _OBJECT_BYTES, _WINDOW) + 256, len(data))
        found = _find_objects(data, at, end)
        rest = found.pop()[6] if found and found[-1][6] else b""
        # More objects than there are would be what follows them, which happens to look like one.
        if len(found) <= left:
            decode_objects(found, objects)
            at = end - len(rest)
            expected = left if found else 1
            if len(objects) == count:
                return objects, at
        one, at = read_object(data, at)
        objects.append(one)


def _read_annotations_after(objects: list[Object], data: bytes, at: int) -> tuple[Annotations, int]:
    classifications, at = read_list(data, at, read_classification)
    relations, at = read_list(data, at, read_relation)
    brush, at = read_optional_text(data, at)
    voxel_brush, at = read_optional_text(data, at)
    return Annotations(objects, classifications, relations, brush, voxel_brush), at


def _read_visit(data: bytes, at: int) -> tuple[StageVisit, int]:
    stage, at = read_text(data, at)
    stage_id, at = read_optional_text(data, at)
    (duration_ms,) = _U64(data, at)
    completed_at, at = read_optional_i64(data, at + 8)
    completed_by, at = read_optional_text(data, at)
    review_status, at = read_optional_text(data, at)
    (count,) = _U32(data, at)
    objects, at = _read_objects(data, at + 4, count)
    annotations, at = _read_annotations_after(objects, data, at)
    return StageVisit(stage, stage_id, duration_ms, completed_at, completed_by, review_status, annotations), at


def _read_task(data: bytes, at: int) -> tuple[Task, int]:
    index, object_offset = _OFFSETS(data, at)
    task_id, at = read_text(data, at + 16)
    stage, at = read_text(data, at)
    stage_id, at = read_optional_text(data, at)
    updated_at, at = read_optional_i64(data, at)
    updated_by, at = read_optional_text(data, at)
    (total_duration_ms,) = _U64(data, at)
    asset, at = read_asset(data, at + 8)
    task = Task(index, object_offset, task_id, stage, stage_id, updated_at, updated_by, total_duration_ms, asset, Annotations())
    return task, _read_rest(task, data, at)
