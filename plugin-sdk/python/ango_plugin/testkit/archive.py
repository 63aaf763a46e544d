"""The archive in memory, with the contract's rules."""

from __future__ import annotations

from dataclasses import dataclass, field

from .portable import fault, same_file_key


class Refused(BaseException):
    """A call that broke a rule of the contract. A real host ends the run there, so this is no exception that a converter could catch by accident."""


@dataclass(slots=True)
class _Section:
    separator: bytes
    last_shard: int
    data: bytearray = field(default_factory=bytearray)


class MemoryFile:
    """A file that is being written."""

    __slots__ = ("_archive", "_path", "_position", "_data", "_finished")

    def __init__(self, archive: MemoryArchive, path: str, position: int | None) -> None:
        self._archive = archive
        self._path = path
        self._position = position
        self._data = bytearray()
        self._finished = False

    def write(self, data: bytes) -> None:
        if self._finished:
            raise Refused(f"write: `{self._path}` is finished")
        self._data += data

    def finish(self) -> None:
        if self._finished:
            raise Refused(f"finish: `{self._path}` is finished already")
        self._finished = True
        self._archive.put(self._path, self._position, bytes(self._data))


class MemoryArchive:
    """The files of a run, over all its shards."""

    def __init__(self) -> None:
        self._files: dict[str, bytes] = {}
        self._joined: dict[str, dict[int, _Section]] = {}
        # The path under which each name was first used, by its folded form.
        self._names: dict[str, str] = {}

    def create(self, path: str) -> MemoryFile:
        self._claim("create", path)
        return MemoryFile(self, path, None)

    def add(self, path: str, data: bytes) -> None:
        self._claim("add", path)
        self._files[path] = data

    def section(self, path: str, position: int, separator: bytes, shard: int) -> MemoryFile:
        if len(separator) > 16:
            raise Refused(f"section: separator of `{path}` is {len(separator)} bytes long, 16 are allowed")
        if not 0 <= position <= 0xFFFF_FFFF:
            raise Refused(f"section: position {position} of `{path}` is no number of 32 bits")
        if path not in self._joined:
            self._claim("section", path)
            self._joined[path] = {}
        section = self._joined[path].get(position)
        if section is None:
            self._joined[path][position] = _Section(separator, shard)
        elif section.separator != separator:
            raise Refused(f"section: separator of section {position} of `{path}` differs from the one of an earlier call")
        elif section.last_shard == shard:
            raise Refused(f"section: section {position} of `{path}` is started twice in shard {shard}")
        else:
            section.last_shard = shard
        return MemoryFile(self, path, position)

    def put(self, path: str, position: int | None, data: bytes) -> None:
        """What a finished file holds."""
        if position is None:
            self._files[path] = data
        elif data:
            section = self._joined[path][position]
            if section.data:
                section.data += section.separator
            section.data += data

    def files(self) -> dict[str, bytes]:
        """Every file by path, joined ones put together."""
        joined = {path: b"".join(bytes(section.data) for _, section in sorted(sections.items())) for path, sections in self._joined.items()}
        return dict(sorted((self._files | joined).items()))

    def _claim(self, call: str, path: str) -> None:
        wrong = fault(path)
        if wrong:
            raise Refused(f"{call}: path `{path}` {wrong}")
        key = same_file_key(path)
        earlier = self._names.get(key)
        if earlier == path:
            raise Refused(f"{call}: path `{path}` is already used")
        if earlier is not None:
            raise Refused(f"{call}: path `{path}` is the same file as `{earlier}` on some systems")
        self._names[key] = path
