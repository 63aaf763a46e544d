"""Options: from the JSON that the host has checked to a dict in which every option has a value."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

from .failures import OptionError

NO_OPTIONS = '{"type":"object","properties":{},"additionalProperties":false}'
"""The schema of a converter that has no options."""


def read_options(text: str, schema: str) -> dict[str, Any]:
    """The options, with the defaults of the schema for those that are not given, also in objects and lists inside of them. A `$ref` is not followed."""
    try:
        options = json.loads(text) if text.strip() else {}
    except ValueError as error:
        raise OptionError("", f"is no JSON: {error}") from None
    if not isinstance(options, dict):
        raise OptionError("", "is no object")
    _fill(options, json.loads(schema))
    return options


def _fill(value: Any, schema: Any) -> None:
    if not isinstance(schema, dict):
        return
    if isinstance(value, list):
        for item in value:
            _fill(item, schema.get("items"))
    if not isinstance(value, dict):
        return
    for name, inner in (schema.get("properties") or {}).items():
        if name not in value and isinstance(inner, dict) and "default" in inner:
            value[name] = deepcopy(inner["default"])
        if name in value:
            _fill(value[name], inner)
