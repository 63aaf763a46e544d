"""Tasks with rounded coordinates, as a host gives them to a converter that asks for decimals."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ..number import rounded
from ..types import Annotations, Record, Task


def with_rounded_geometries(task: Task, decimals: int) -> Task:
    """The task with every number of its geometries rounded, those of its history as well."""

    def of(annotations: Annotations) -> Annotations:
        return replace(annotations, objects=[replace(one, geometry=_rounded(one.geometry, decimals)) for one in annotations.objects])

    history = [replace(visit, annotations=of(visit.annotations)) for visit in task.history]
    return replace(task, annotations=of(task.annotations), history=history)


def _rounded(value: Any, decimals: int) -> Any:
    match value:
        case float():
            # A zero has no sign in text, so it has none when it is the number that becomes the text.
            return rounded(value, decimals) + 0.0
        case list():
            return [_rounded(one, decimals) for one in value]
        case Record():
            return type(value)(*(_rounded(getattr(value, name), decimals) for name in value.__match_args__))
        case _:
            return value
