"""The other side of the contract, as the SDK needs it: the imports of the component in the sandbox (`component`), memory in tests (`testkit`)."""

from __future__ import annotations

from typing import Literal, Protocol

from .types import Project

Level = Literal["debug", "info", "warning", "error"]
"""How much a message matters."""


class HostFile(Protocol):
    """A file of the archive."""

    def write(self, data: bytes) -> None: ...

    def finish(self) -> None: ...


class Host(Protocol):
    """One run, or one shard of it. A call that breaks a rule or a limit ends the run and never comes back."""

    wants_every_loss: bool
    """Whether losses are told one by one however many there are: a test wants to see each of them."""

    def project(self) -> Project: ...

    def shard(self) -> int: ...

    def next_packed(self, max_bytes: int, decimals: int | None) -> bytes: ...

    def create(self, path: str) -> HostFile: ...

    def add(self, path: str, data: bytes) -> None: ...

    def section(self, path: str, position: int, separator: bytes) -> HostFile: ...

    def asset_size(self, url: str) -> tuple[int, int]: ...

    def asset_bytes(self, url: str) -> bytes: ...

    def log(self, level: Level, message: str) -> None: ...

    def progress(self, done: int) -> None: ...

    def lost(self, task: int, object_id: str | None, code: str, detail: str) -> None: ...

    def lost_more(self, code: str, count: int) -> None: ...
