"""Regular expressions over packed bytes: what takes the objects and the heads of tasks apart in one call.

Field by field, a box is some thirty steps of the interpreter; the expression engine is compiled, and takes a whole list of boxes in one call. Length-prefixed texts are no
regular language, but texts of a known greatest length are: one alternative for each length. What does not fit (a longer text, a polygon, a nested question) is read field
by field instead. Everything is possessive or atomic: there is one way to read packed bytes, and nothing to try again.
"""

from __future__ import annotations

import re
from collections.abc import Sequence


def _of_length(length: int) -> str:
    """A text of exactly so many bytes, with its length before it."""
    return f"\\x{length:02x}\\0\\0\\0.{{{length}}}+"


def _text(longest: int, usual: Sequence[int]) -> str:
    """A text of at most `longest` bytes (255 at most). Those of usual lengths are tried first; a way that does not fit costs one comparison."""
    others = (length for length in range(longest + 1) if length not in usual)
    return f"(?>{'|'.join(map(_of_length, (*usual, *others)))})"


def _optional(value: str) -> str:
    return f"(?>\\0|\\x01{value})"


_OBJECT_ID = 23
"""Bytes of an object id that Hub made."""
# Ids of Hub, UUIDs, and ids of its database.
_ID = _text(63, usual=(_OBJECT_ID, 36, 24))
# Titles and addresses of people.
_NAME = _text(127, usual=(*range(3, 13), *range(16, 28)))
_LINK = _text(255, usual=())
_NONE = "\\0"
_EMPTY = "\\0\\0\\0\\0"
_NUMBER = ".{8}+"

_BY = f"\\x01{_NUMBER}\\x01{_NAME}\\x01{_ID}"
_PROVENANCE = "".join([_optional(_NUMBER), _optional(_NAME), _optional(_ID)] * 2)
_POINT = "\\x05.{16}+"
_ROTATED_BOX = "\\x01\\x08\\0\\0\\0.{88}+"
# Page, stop, OCR and provenance. First of all the way of most: on no page, made by somebody and perhaps changed by somebody.
_USUAL = f"{_NONE * 3}\\x01{_BY}(?>{_NONE * 3}|{_BY})"
_LATE = f"(?>{_USUAL}|{_optional('.{4}+')}[\\0\\x01]{_optional(_NAME)}{_optional(_PROVENANCE)})"

OBJECT = re.compile(
    "(?>"
    # An id of the usual length, without its prefix, or another one, with it.
    f"(?>{_of_length(_OBJECT_ID).replace('.', '(.', 1)})|({_ID}))"
    # Schema id and title: few different ones, which are decoded once.
    f"({_ID}{_NAME})"
    f"(?>\\0(.{{32}}+)|({_POINT}|{_ROTATED_BOX}))"
    # Page, stop, OCR and provenance, unless there are none.
    f"(?>{_NONE * 4}|({_LATE}))"
    f"{_EMPTY}{_NONE}"
    # What is no such object ends the list.
    "|(.+))".encode(),
    re.DOTALL,
)
"""An object without nested questions that is a box, a rotated box or a point; or, in the last group, all that is left."""

HEAD = re.compile(
    "(.{16}+)"  # index and offset
    f"({_ID})({_NAME})"  # task id, stage
    f"({_optional(_ID)}{_optional(_NUMBER)}{_optional(_NAME)}{_NUMBER})"  # stage id, time, who, duration
    f"({_LINK}{_optional(_ID)}{_LINK})({_LINK})"  # link, asset id, external id; file name
    # No pages, at most one batch, sizes, no context data, nothing unknown.
    f"({_EMPTY}(?>{_EMPTY}|\\x01\\0\\0\\0{_NAME}){_optional('.{4}+') * 3}{_optional(_NUMBER)}{_NONE}{_NONE})"
    "(.{4}+)".encode(),  # how many objects
    re.DOTALL,
)
"""A task up to its objects, of an asset with one page."""
