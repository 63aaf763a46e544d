"""A JSON object whose known keys are taken out one by one; what stays is unknown."""

from __future__ import annotations

import json
from typing import Any

from ...timestamp import parse_iso


class FieldError(Exception):
    """What is wrong with a task, with the key at fault."""


def to_json(value: Any) -> str:
    """JSON text without spaces, characters as they are."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


class Fields:
    """The keys of an object that were not taken yet."""

    def __init__(self, value: Any, what: str) -> None:
        if not isinstance(value, dict):
            raise FieldError(f"{what} is not an object but {to_json(value)}")
        self._map: dict[str, Any] = dict(value)
        self._what = what

    @classmethod
    def or_empty(cls, value: Any, what: str) -> Fields:
        return cls({} if value is None else value, what)

    def take(self, key: str) -> Any:
        """Takes a key out; `null` counts as absent."""
        return self._map.pop(key, None)

    def has(self, key: str) -> bool:
        return self._map.get(key) is not None

    def put(self, key: str, value: Any) -> None:
        self._map[key] = value

    def first_key(self) -> str | None:
        return next(iter(self._map), None)

    def _wrong(self, key: str, wanted: str, value: Any) -> FieldError:
        return FieldError(f"`{key}` of {self._what} is not {wanted} but {to_json(value)}")

    def optional_text(self, key: str) -> str | None:
        value = self.take(key)
        if value is None or isinstance(value, str):
            return value
        if is_number(value):
            # Ids were numbers once.
            return to_json(value)
        raise self._wrong(key, "a text", value)

    def text(self, key: str) -> str:
        return self.optional_text(key) or ""

    def number(self, key: str) -> float | None:
        value = self.take(key)
        if value is None:
            return None
        if not is_number(value):
            raise self._wrong(key, "a number", value)
        return float(value)

    def needed_number(self, key: str) -> float:
        number = self.number(key)
        if number is None:
            raise FieldError(f"`{key}` of {self._what} is missing")
        return number

    def count(self, key: str) -> int | None:
        """A whole number, also one written as `12.0`."""
        number = self.number(key)
        if number is None:
            return None
        if not 0 <= number < 9e15 or number != int(number):
            raise FieldError(f"`{key}` of {self._what} is not a whole number but {to_json(number)}")
        return int(number)

    def small(self, key: str) -> int | None:
        count = self.count(key)
        if count is not None and count > 0xFFFF_FFFF:
            raise FieldError(f"`{key}` of {self._what} is too large: {count}")
        return count

    def flag(self, key: str) -> bool:
        return self.take(key) is True

    def time(self, key: str) -> int | None:
        """An instant, as milliseconds or as ISO 8601: both occur."""
        value = self.take(key)
        if value is None:
            return None
        if isinstance(value, str):
            instant = parse_iso(value)
            if instant is None:
                raise FieldError(f"`{key}` of {self._what} is not an instant but `{value}`")
            return instant
        if not is_number(value):
            raise self._wrong(key, "an instant", value)
        return int(value)

    def items(self, key: str) -> list[Any]:
        value = self.take(key)
        if value is None:
            return []
        if not isinstance(value, list):
            raise self._wrong(key, "a list", value)
        return value

    def texts(self, key: str) -> list[str]:
        """A list of texts; `null` members are left out, as they occur in batches."""
        texts = []
        for item in self.items(key):
            if isinstance(item, str):
                texts.append(item)
            elif item is not None:
                raise self._wrong(key, "a list of texts", item)
        return texts

    def rest_value(self) -> dict[str, Any] | None:
        return self._map or None

    def rest(self) -> str | None:
        """What was not taken, as JSON."""
        return to_json(self._map) if self._map else None


def is_number(value: Any) -> bool:
    """Whether a JSON value is a number."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)
