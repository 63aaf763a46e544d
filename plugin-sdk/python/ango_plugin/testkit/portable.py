"""Which paths are portable: the archive's rule, and the way to make a portable path from a free text."""

from __future__ import annotations

import unicodedata

_MAX_PATH = 1024
"""The longest path and the longest name in it, in bytes (contract, `archive`)."""
_MAX_NAME = 255

_RESERVED = {"con", "prn", "aux", "nul", "conin$", "conout$"} | {f"{port}{number}" for port in ("com", "lpt") for number in "0123456789¹²³"}
"""Names that Windows reserves, with any extension."""


def fault(path: str) -> str | None:
    """What is wrong with a path, if anything."""
    length = len(path.encode())
    if length > _MAX_PATH:
        return f"is {length} bytes long, {_MAX_PATH} are allowed"
    return next((wrong for name in path.split("/") if (wrong := _name_fault(name))), None)


def same_file_key(path: str) -> str:
    """The form in which two paths are the same file on some system."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).lower())


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
    return unicodedata.category(letter) == "Cc" or letter in '\\:<>"|?*/'


def _is_reserved(name: str) -> bool:
    return name.split(".", 1)[0].rstrip().lower() in _RESERVED


def sanitise(text: str) -> str:
    """A portable relative path made from a free text, possibly empty. Leaves room for a suffix of 100 bytes in each name."""
    names = [_sanitise_name(name) for name in text.split("/") if name not in ("", ".")]
    path = "/".join(names)
    if len(path.encode()) > _MAX_PATH - 2 * _MAX_NAME:
        return names[-1]
    return path


def _sanitise_name(name: str) -> str:
    clean = "".join("_" if _is_forbidden(letter) else letter for letter in unicodedata.normalize("NFC", name))
    kept = clean.rstrip(". ")
    clean = kept + "_" * (len(clean) - len(kept))
    if _is_reserved(clean):
        clean = f"_{clean}"
    stem, extension = split_extension(clean)
    room = _MAX_NAME - 100 - min(len(extension.encode()), 20)
    if len(stem.encode()) <= room:
        return clean
    cut = stem.encode()[:room].decode(errors="ignore")
    return cut.rstrip(". ") + (extension if len(extension.encode()) <= 20 else "")


def split_extension(path: str) -> tuple[str, str]:
    """A path without the last suffix of its name, and that suffix with its dot."""
    name_at = path.rfind("/") + 1
    dot = path.rfind(".", name_at)
    return (path[:dot], path[dot:]) if dot > name_at else (path, "")
