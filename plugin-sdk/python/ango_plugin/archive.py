"""The files of the converted export."""

from __future__ import annotations

import io
from typing import IO, Any, Literal, overload

from .host import Host, HostFile

_PIECE = 128 * 1024
"""Bytes that go to the host at once. The contract names 64 to 256 KiB as the fastest pieces."""


class Archive:
    """Makes the files of the converted export.

    Paths are relative, with `/` between folders, portable (no `..`, no name that Windows refuses) and used once. Files are closed with `with` or `close`; a run that leaves one
    open fails, because half a file is never published.
    """

    __slots__ = ("_host", "_files")

    def __init__(self, host: Host) -> None:
        self._host = host
        self._files: list[_File] = []

    @overload
    def open(self, path: str, mode: Literal["w"] = "w") -> io.TextIOWrapper: ...

    @overload
    def open(self, path: str, mode: Literal["wb"]) -> io.BufferedWriter: ...

    def open(self, path: str, mode: Literal["w", "wb"] = "w") -> IO[Any]:
        """Starts a file of this shard's own, to write text (UTF-8, lines end as they are written) or with `"wb"` bytes. Several can be open at once."""
        _check_mode(mode)
        return self._opened(self._host.create(path), path, mode)

    def add(self, path: str, data: bytes | str) -> None:
        """Writes a whole small file in one call; cheaper than `open` for files below some 64 KiB."""
        self._host.add(path, data.encode() if isinstance(data, str) else bytes(data))

    @overload
    def section(self, path: str, position: int, separator: str | bytes = "", mode: Literal["w"] = "w") -> io.TextIOWrapper: ...

    @overload
    def section(self, path: str, position: int, separator: str | bytes = "", *, mode: Literal["wb"]) -> io.BufferedWriter: ...

    def section(self, path: str, position: int, separator: str | bytes = "", mode: Literal["w", "wb"] = "w") -> IO[Any]:
        """Starts this shard's contribution to a section of the joined file at `path`.

        The joined file is its sections in ascending order of `position`; a section is what the shards wrote into it, in shard order, with `separator` (at most 16 bytes, the same
        in every call) between contributions that are not empty. Within its own contribution a converter writes separators itself.
        """
        _check_mode(mode)
        between = separator.encode() if isinstance(separator, str) else bytes(separator)
        return self._opened(self._host.section(path, position, between), path, mode)

    def _opened(self, file: HostFile, path: str, mode: str) -> IO[Any]:
        raw = _File(file, path)
        self._files.append(raw)
        buffered = io.BufferedWriter(raw, _PIECE)
        return buffered if mode == "wb" else io.TextIOWrapper(buffered, encoding="utf-8", newline="\n")

    def first_open(self) -> str | None:
        """The path of a file that was not closed."""
        return next((file.path for file in self._files if not file.closed), None)


def _check_mode(mode: str) -> None:
    if mode not in ("w", "wb"):
        raise ValueError(f"mode {mode!r}: files of an archive are written, with 'w' or 'wb'")


class _File(io.RawIOBase):
    """A file of the host below Python's own buffers."""

    def __init__(self, file: HostFile, path: str) -> None:
        self._file = file
        self.path = path

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._file.write(bytes(data))
        return len(data)

    def close(self) -> None:
        if not self.closed:
            super().close()
            self._file.finish()
