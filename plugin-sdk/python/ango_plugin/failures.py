"""What a converter raises when a run as a whole makes no sense, and what becomes of everything else that it raises."""

from __future__ import annotations

import os
import traceback
from collections.abc import Iterator

_SDK = os.path.dirname(os.path.abspath(__file__))
_ROOT = os.path.dirname(_SDK)

_MOST_CHARACTERS = 6000
"""Of a message that an exception makes. The host keeps 8 KiB."""


class OptionError(Exception):
    """The option at a JSON pointer (`/classes/0`, or `""` for the whole) is wrong in a way that the schema cannot say."""

    def __init__(self, pointer: str, reason: str) -> None:
        super().__init__(pointer, reason)
        self.pointer = pointer
        self.reason = reason

    def __str__(self) -> str:
        return f"option `{self.pointer}`: {self.reason}"


class InputError(Exception):
    """The export cannot be converted at all."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class AssetError(Exception):
    """An asset's size or bytes did not come. `kind` is `denied` (not granted by an admin, or the link is not on the host's allow-list), `not-found`, `too-large`, `unsupported` (not
    a kind of file whose size the host can read) or `failed`, with the reason in `detail`."""

    def __init__(self, kind: str, detail: str = "") -> None:
        super().__init__(f"{kind}: {detail}" if detail else kind)
        self.kind = kind
        self.detail = detail


def describe_exception(error: BaseException) -> str:
    """An exception for its author: what it says and where, then its traceback without the frames of the SDK."""
    report = traceback.TracebackException.from_exception(error)
    for one in _chain(report):
        _keep_author_frames(one)
    text = "".join(report.format()).rstrip()
    # The last line of the author's own, which may have called into a library.
    frames = [frame for frame in report.stack if not os.path.isabs(frame.filename)] or report.stack
    where = f" ({frames[-1].filename}, line {frames[-1].lineno})" if frames else ""
    summary = "".join(report.format_exception_only()).rstrip()
    # The end of a traceback is nearest to the fault.
    if len(text) > _MOST_CHARACTERS:
        text = f"... {text[-_MOST_CHARACTERS:]}"
    return f"{summary[: _MOST_CHARACTERS // 4]}{where}\n{text}"


def _chain(report: traceback.TracebackException) -> Iterator[traceback.TracebackException]:
    waiting: list[traceback.TracebackException | None] = [report]
    while waiting:
        one = waiting.pop()
        if one is not None:
            yield one
            waiting += [one.__cause__, one.__context__, *(one.exceptions or [])]


def _keep_author_frames(report: traceback.TracebackException) -> None:
    kept = [frame for frame in report.stack if not _is_inside(frame.filename, _SDK)]
    # All of them when it is a fault of the SDK alone.
    for frame in kept or report.stack:
        if _is_inside(frame.filename, _ROOT):
            frame.filename = os.path.relpath(frame.filename, _ROOT)
    if kept:
        report.stack[:] = kept


def _is_inside(file: str, folder: str) -> bool:
    return os.path.abspath(file).startswith(folder + os.sep)
