"""From the schema id of an object to its class."""

from __future__ import annotations

from collections.abc import Iterable

from .types import Class


class ClassIndex:
    """Finds classes of an ontology by schema id. Of two classes with the same schema id the first one counts."""

    __slots__ = ("_indexes",)

    def __init__(self, classes: Iterable[Class]) -> None:
        self._indexes: dict[str, int] = {}
        for one in classes:
            self._indexes.setdefault(one.schema_id, one.index)

    def find(self, schema_id: str) -> int | None:
        """The class's `index`; `None` when the ontology has no such class."""
        return self._indexes.get(schema_id)
