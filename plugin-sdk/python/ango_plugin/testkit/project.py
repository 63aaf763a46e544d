"""The ontology that a bare export implies."""

from __future__ import annotations

from collections.abc import Iterable

from ..types import Class, Pair, Project, Task


def derive_project(tasks: list[Task]) -> Project:
    """Derives a project from its tasks, classes in the order in which they first occur, as a host does when the input is a bare V3 export."""
    tools, classifications, relations = _Classes(), _Classes(), _Classes()
    for task in tasks:
        annotations = task.annotations
        for object in annotations.objects:
            tools.add(object.schema_id, object.title, object.geometry.kind, None)
            for classification in object.classifications:
                classifications.add(classification.schema_id, classification.title, classification.kind, object.schema_id)
        for classification in annotations.classifications:
            classifications.add(classification.schema_id, classification.title, classification.kind, None)
        for relation in annotations.relations:
            relations.add(relation.schema_id, relation.title, "one-to-one" if isinstance(relation.members, Pair) else "group", None)
    return Project(
        tools=tools.list,
        classifications=classifications.list,
        relations=relations.list,
        stages=_unique(task.stage for task in tasks),
        batches=_unique(batch for task in tasks for batch in task.asset.batches),
        task_count=len(tasks),
    )


class _Classes:
    def __init__(self) -> None:
        self.list: list[Class] = []
        self._known: set[str] = set()

    def add(self, schema_id: str, title: str, kind: str, parent: str | None) -> None:
        if schema_id not in self._known:
            self._known.add(schema_id)
            self.list.append(Class(len(self.list), schema_id, title, kind, parent=parent))


def _unique(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(texts))
