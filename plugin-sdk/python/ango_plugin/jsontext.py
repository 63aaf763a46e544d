"""JSON written by hand, the same as the Rust SDK writes: rows are put together from these pieces."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .number import format_f64
from .types import Answer, OtherAnswer

_SPECIAL = re.compile(r'["\\\x00-\x1f]')
_ESCAPES = {chr(code): f"\\u{code:04x}" for code in range(0x20)} | {"\n": "\\n", "\r": "\\r", "\t": "\\t", '"': '\\"', "\\": "\\\\"}


def format_string(text: str) -> str:
    """A text in quotes, escaped as RFC 8259 asks for and no further: all other characters stay."""
    if _SPECIAL.search(text) is None:
        return f'"{text}"'
    return f'"{_SPECIAL.sub(lambda match: _ESCAPES[match[0]], text)}"'


def format_answer(answer: Answer) -> str:
    """An answer: a text, a list of texts, a flag, a number, or the JSON it came as; `null` when there is none."""
    if answer is None:
        return "null"
    if isinstance(answer, str):
        return format_string(answer)
    if isinstance(answer, bool):
        return "true" if answer else "false"
    if isinstance(answer, list):
        return format_strings(answer)
    if isinstance(answer, OtherAnswer):
        return answer.json
    return format_f64(answer)


def format_strings(texts: Iterable[str]) -> str:
    """A list of texts."""
    return f"[{','.join(map(format_string, texts))}]"
