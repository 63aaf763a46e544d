"""Which paths are portable: the archive's rule, and the way to make a portable path from a free text."""

from __future__ import annotations

import re
import unicodedata

_MAX_PATH = 1024
"""The longest path and the longest name in it, in bytes (contract, `archive`)."""
_MAX_NAME = 255

_MAX_STEM = 180
"""What a long name is cut to, in bytes: a suffix still fits in where it is taken."""
_MAX_MADE = 600
"""The longest path that is made here, in bytes."""
_MAX_EXTENSION = 16
"""The longest extension that a name keeps when it is cut, in bytes."""

_DECEPTIVE = {*"\u061c\u200e\u200f", *map(chr, range(0x2028, 0x202F)), *map(chr, range(0x2066, 0x206A))}
"""Marks that turn the writing direction, and line breaks that are not control characters."""

_RESERVED = {"con", "prn", "aux", "nul", "conin$", "conout$"} | {f"{port}{number}" for port in ("com", "lpt") for number in "123456789¹²³"}
"""Names that Windows reserves, with any extension."""


def fault(path: str) -> str | None:
    """What is wrong with a path, if anything."""
    length = len(path.encode())
    if length > _MAX_PATH:
        return f"is {length} bytes long, {_MAX_PATH} are allowed"
    return next((wrong for name in path.split("/") if (wrong := _name_fault(name))), None)


def same_file_key(path: str) -> str:
    """The form in which two paths are the same file on some system."""
    # Upper case first: some letters are one only there (ß and SS, final and other sigma). Then letter by letter, because `lower` would end a word with another sigma.
    upper = unicodedata.normalize("NFC", path).upper()
    return unicodedata.normalize("NFC", "".join(map(str.lower, upper)))


def _name_fault(name: str) -> str | None:
    length = len(name.encode())
    if not name:
        return "has an empty name in it"
    if name in (".", ".."):
        return f"has `{name}` in it"
    if length > _MAX_NAME:
        return f"has a name of {length} bytes in it, {_MAX_NAME} are allowed"
    bad = next((letter for letter in name if _is_forbidden(letter)), None)
    if bad is not None:
        return f"has the character {bad!r} in it"
    if name.endswith((".", " ")):
        return f"has the name `{name}` in it, which ends with a dot or a space"
    return f"has the name `{name}` in it, which Windows reserves" if _is_reserved(name) else None


def _is_forbidden(letter: str) -> bool:
    """Whether Windows or a shell would stumble over the character, or it would show a name as something else."""
    return unicodedata.category(letter) == "Cc" or letter in _DECEPTIVE or letter in '\\:<>"|?*'


def _is_reserved(name: str) -> bool:
    return name.split(".", 1)[0].rstrip().lower() in _RESERVED


def sanitise(text: str) -> str:
    """A portable relative path made from a free text; empty when nothing is left."""
    names = [_sanitise_name(name) for name in re.split(r"[/\\]", text) if name not in ("", ".", "..")]
    # Of a very long path the end tells most.
    first, length = len(names), 0
    while first > 0 and length + len(names[first - 1].encode()) + 1 <= _MAX_MADE:
        first -= 1
        length += len(names[first].encode()) + 1
    return "/".join(names[first:])


def _sanitise_name(name: str) -> str:
    clean = "".join("_" if _is_forbidden(letter) else letter for letter in name)
    kept = clean.rstrip(". ")
    if kept != clean:
        clean = f"{kept}_"
    # What is left of a long name may be nothing, or reserved.
    short = _shorten(clean)
    return f"_{short}" if not short or _is_reserved(short) else short


def _shorten(name: str) -> str:
    """Cuts a name in front of its extension."""
    if len(name.encode()) <= _MAX_STEM:
        return name
    stem, extension = split_extension(name)
    if len(extension.encode()) > _MAX_EXTENSION:
        extension = ""
    # A letter that is cut in two is left out.
    cut = stem.encode()[: _MAX_STEM - len(extension.encode())].decode(errors="ignore")
    return cut.rstrip(". ") + extension


def split_extension(path: str) -> tuple[str, str]:
    """A path without the last suffix of its name, and that suffix with its dot. `.nii.gz` is one suffix."""
    name_at = path.rfind("/") + 1
    dot = path.rfind(".", name_at)
    if dot <= name_at:
        return path, ""
    inner = path.rfind(".", name_at, dot)
    if inner > name_at and path[inner:].lower() == ".nii.gz":
        dot = inner
    return path[:dot], path[dot:]
