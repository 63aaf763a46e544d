"""The host as memory: what the kit runs a converter against."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from ..failures import AssetError
from ..host import HostFile, Level
from ..types import Project, Task
from .archive import MemoryArchive, Refused
from .pack import pack_task
from .rounding import with_rounded_geometries

_CODE = re.compile(r"[a-z0-9.-]{1,64}")


@dataclass(slots=True, frozen=True)
class Lost:
    """A report of something that the converted export does not hold."""

    task: int
    object_id: str | None
    code: str
    detail: str


@dataclass(slots=True, frozen=True)
class Log:
    """A message of the converter."""

    level: Level
    message: str


@dataclass(slots=True)
class Assets:
    """What the assets of a run answer, by link; `None` when they were not granted."""

    sizes: Mapping[str, tuple[int, int] | AssetError] = field(default_factory=dict)
    contents: Mapping[str, bytes | AssetError] = field(default_factory=dict)


class MemoryHost:
    """The host of one run. Its shards come one after the other: `start` begins each."""

    wants_every_loss = True

    def __init__(self, project: Project, assets: Assets | None) -> None:
        self._project = project
        self._assets = assets
        self._shard = 0
        self._waiting: list[Task] = []
        self._ended = False
        self.archive = MemoryArchive()
        self.lost_objects: list[Lost] = []
        self.logs: list[Log] = []
        self.done = 0

    def start(self, shard: int, tasks: list[Task]) -> None:
        """Begins a shard."""
        self._shard = shard
        self._waiting = list(reversed(tasks))
        self._ended = False

    @property
    def is_read(self) -> bool:
        """Whether the converter has read the shard to its end."""
        return self._ended or not self._waiting

    def project(self) -> Project:
        return self._project

    def shard(self) -> int:
        return self._shard

    def next_packed(self, max_bytes: int, decimals: int | None) -> bytes:
        data = b""
        while self._waiting and len(data) < max_bytes:
            task = self._waiting.pop()
            data += pack_task(task if decimals is None else with_rounded_geometries(task, decimals))
        self._ended = not data
        return data

    def create(self, path: str) -> HostFile:
        return self.archive.create(path)

    def add(self, path: str, data: bytes) -> None:
        self.archive.add(path, data)

    def section(self, path: str, position: int, separator: bytes) -> HostFile:
        return self.archive.section(path, position, separator, self._shard)

    def asset_size(self, url: str) -> tuple[int, int]:
        if self._assets is None:
            raise AssetError("denied")
        answer = self._assets.sizes.get(url, AssetError("not-found"))
        if isinstance(answer, AssetError):
            raise answer
        return answer

    def asset_bytes(self, url: str) -> bytes:
        if self._assets is None:
            raise AssetError("denied")
        answer = self._assets.contents.get(url, AssetError("not-found"))
        if isinstance(answer, AssetError):
            raise answer
        return answer

    def log(self, level: Level, message: str) -> None:
        self.logs.append(Log(level, message))

    def progress(self, done: int) -> None:
        self.done = done

    def lost(self, task: int, object_id: str | None, code: str, detail: str) -> None:
        if not _CODE.fullmatch(code):
            raise Refused(f"lost: code `{code}` is not kebab-case of at most 64 characters")
        self.lost_objects.append(Lost(task, object_id, code, detail))

    def lost_more(self, code: str, count: int) -> None:
        """Never called: every loss is wanted."""
