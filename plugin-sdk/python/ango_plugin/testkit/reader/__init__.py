"""Reads V3 JSON into the contract's types, tolerant in what real exports do. This is the kit's reader, made to be right and short, not fast."""

from __future__ import annotations

import json
from typing import Any

from ...types import (
    Annotations,
    Answer,
    Asset,
    Classification,
    Direction,
    Object,
    OtherAnswer,
    Pair,
    Provenance,
    Relation,
    StageVisit,
    Task,
)
from ..names import Names
from .fields import FieldError, Fields, is_number, to_json
from .geometry import read_geometry


class ReadError(Exception):
    """Why an export could not be read. `task` is the task's position in the export, from 0."""

    def __init__(self, task: int, message: str) -> None:
        super().__init__(f"task {task}: {message}")
        self.task = task


def read_tasks(text: str) -> list[Task]:
    """Reads an export, a JSON array or NDJSON, and gives every task its index, its object offset and its file name. Raises `ReadError` when the text is not JSON or not V3."""
    names = Names()
    tasks: list[Task] = []
    offset = 0
    for index, value in enumerate(_values(text)):
        try:
            task = _read_task(value)
        except FieldError as error:
            raise ReadError(index, str(error)) from None
        task.index = index
        task.object_offset = offset
        offset += len(task.annotations.objects)
        task.asset.file_name = names.name(task.asset.external_id, task.asset.url, task.task_id)
        tasks.append(task)
    return tasks


def _values(text: str) -> list[Any]:
    """The values of a text, those of arrays each for itself."""
    decoder = json.JSONDecoder()
    values: list[Any] = []
    at = 0
    while at < len(text):
        if text[at] in " \t\r\n":
            at += 1
            continue
        try:
            value, at = decoder.raw_decode(text, at)
        except ValueError as error:
            raise ReadError(len(values), str(error)) from None
        values += value if isinstance(value, list) else [value]
    return values


def _read_task(value: Any) -> Task:
    asset = Fields(value, "asset object")
    inner = asset.take("task")
    if inner is None:
        raise FieldError("key `task` is missing")
    task = Fields(inner, "task")
    metadata = Fields.or_empty(asset.take("metadata"), "metadata")
    annotations = _read_annotations(task)
    history = [_read_visit(visit) for visit in task.items("stageHistory")]
    read = Task(
        0,
        0,
        task.text("taskId"),
        task.text("stage"),
        task.optional_text("stageId"),
        task.time("updatedAt"),
        task.optional_text("updatedBy"),
        task.count("totalDuration") or 0,
        Asset(
            asset.text("asset"),
            asset.optional_text("assetId"),
            asset.text("externalId"),
            "",
            asset.texts("dataset"),
            asset.texts("batches"),
            metadata.small("width") or None,
            metadata.small("height") or None,
            metadata.small("frameTotal"),
            metadata.number("frameRate"),
            to_json(context) if (context := asset.take("contextData")) is not None else None,
        ),
        annotations,
        history,
    )
    rest = metadata.rest_value()
    if rest is not None:
        asset.put("metadata", rest)
    read.asset.extra = asset.rest()
    read.extra = task.rest()
    return read


def _read_annotations(task: Fields) -> Annotations:
    classifications: list[Classification] = []
    for value in task.items("classifications"):
        _read_classification(value, None, classifications)
    return Annotations(
        [_read_object(value) for value in task.items("tools")],
        classifications,
        [_read_relation(value) for value in task.items("relations")],
        task.optional_text("brushDataUrl") or None,
        task.optional_text("medicalBrushDataUrl") or None,
    )


def _read_visit(value: Any) -> StageVisit:
    visit = Fields(value, "stageHistory")
    return StageVisit(
        visit.text("stage"),
        visit.optional_text("stageId"),
        visit.count("duration") or 0,
        visit.time("completedAt"),
        visit.optional_text("completedBy"),
        visit.optional_text("reviewStatus"),
        _read_annotations(visit),
    )


def _read_object(value: Any) -> Object:
    tool = Fields(value, "tool")
    classifications: list[Classification] = []
    for nested in tool.items("classifications"):
        _read_classification(nested, None, classifications)
    ocr = tool.take("ocr")
    if isinstance(ocr, dict):
        ocr = ocr.get("text")
    object_id, schema_id, title = tool.text("objectId"), tool.text("schemaId"), tool.text("title")
    page, stopped = tool.small("page"), tool.flag("interpolationStopped")
    provenance = _read_provenance(tool)
    geometry = read_geometry(tool)
    return Object(
        object_id,
        schema_id,
        title,
        geometry,
        page,
        stopped,
        ocr if isinstance(ocr, str) else None,
        provenance,
        classifications,
        tool.rest(),
    )


def _read_classification(value: Any, parent: int | None, into: list[Classification]) -> None:
    fields = Fields(value, "classification")
    nested = fields.items("classifications")
    position = len(into)
    into.append(
        Classification(
            fields.text("objectId"),
            fields.text("schemaId"),
            fields.text("title"),
            fields.text("tool"),
            _read_answer(fields.take("answer")),
            parent,
            fields.small("page"),
            fields.flag("interpolationStopped"),
            _read_provenance(fields),
        )
    )
    for inner in nested:
        _read_classification(inner, position, into)


def _read_answer(value: Any) -> Answer:
    if value is None or isinstance(value, (str, bool)):
        return value
    if is_number(value):
        return float(value)
    if isinstance(value, list) and all(item is None or isinstance(item, str) for item in value):
        return [item for item in value if item is not None]
    return OtherAnswer(to_json(value))


def _read_provenance(fields: Fields) -> Provenance | None:
    value = fields.take("metadata")
    if value is None:
        return None
    metadata = Fields(value, "metadata")
    return Provenance(
        metadata.time("createdAt"),
        metadata.optional_text("createdBy"),
        metadata.optional_text("createdIn"),
        metadata.time("updatedAt"),
        metadata.optional_text("updatedBy"),
        metadata.optional_text("updatedIn"),
    )


def _read_relation(value: Any) -> Relation:
    fields = Fields(value, "relation")
    members: Pair | list[str]
    if fields.has("group"):
        members = fields.texts("group")
    else:
        direction = fields.optional_text("direction") or "straight"
        if direction not in [known.value for known in Direction]:
            raise FieldError(f"direction `{direction}` of a relation is not known")
        members = Pair(fields.text("from"), fields.text("to"), Direction(direction))
    return Relation(fields.text("objectId"), fields.text("schemaId"), fields.text("title"), members, fields.small("page"))
