"""A run as a converter sees it: tasks in, files and reports out."""

from __future__ import annotations

from collections.abc import Iterator

from .archive import Archive
from .host import Host, Level
from .losses import Losses
from .packed import tasks
from .types import Object, Project, Task

_BATCH_BYTES = 64 << 10
"""Bytes of tasks that are asked for at once: enough to hide the cost of the call, few enough to stay in a processor's caches."""


class Export:
    """One run of the converter, or one shard of it: `for task in export` gives the tasks of this shard in export order, and reports progress by itself."""

    __slots__ = ("_host", "_losses", "_done", "archive", "project", "shard")

    def __init__(self, host: Host) -> None:
        self._host = host
        self._losses = Losses()
        self._done = 0
        self.archive = Archive(host)
        """The files of the converted export."""
        self.project: Project = host.project()
        """The project: its ontology in project order, its stages and batches. The same in every shard."""
        self.shard: int = host.shard()
        """Which shard of the run this is, from 0. What belongs once into the output is written by shard 0, which always exists."""

    @property
    def is_first_shard(self) -> bool:
        """Whether this is the shard that writes what belongs once into the output."""
        return self.shard == 0

    def __iter__(self) -> Iterator[Task]:
        return self.tasks()

    def tasks(self, *, decimals: int | None = None) -> Iterator[Task]:
        """The tasks of this shard in export order, as `for task in export` gives them; called again, it goes on where it was left.

        With `decimals` (0 to 15) the numbers of geometries come rounded to so many decimals, as `number.rounded` rounds them: the host does it many times faster than the
        interpreter of the sandbox. `number.join_short` writes such numbers.
        """
        if decimals is not None and not 0 <= decimals <= 15:
            raise ValueError(f"decimals={decimals}: expected a number from 0 to 15")
        while data := self._host.next_packed(_BATCH_BYTES, decimals):
            for task in tasks(data):
                self._done += 1
                yield task
            self._host.progress(self._done)

    def lost(self, task: Task | int, object: Object | str | None, code: str, detail: str = "") -> None:
        """Reports something that the converted export does not hold, or holds only approximately. Dropping something silently is a fault.

        `task` is a task or its `index`, `object` an object or its id, or `None` when the whole task is meant; `code` is stable kebab-case of at most 64 characters; `detail` is
        for people. Of each code the first hundred are told in full and the others counted.
        """
        if self._losses.count(code) or self._host.wants_every_loss:
            index = task if isinstance(task, int) else task.index
            object_id = object.object_id if isinstance(object, Object) else object
            self._host.lost(index, object_id, code, detail)

    def log(self, level: Level, message: str) -> None:
        """A message for the job's log."""
        self._host.log(level, message)

    def progress(self, done: int) -> None:
        """Tasks converted so far in this shard. Iterating already reports this; only for converters that work after the last task."""
        self._host.progress(done)

    def asset_size(self, url: str) -> tuple[int, int]:
        """Width and height in pixels of an image, measured by the host. Raises `AssetError`, with the kind `denied` unless an admin granted `assets` to the plugin."""
        return self._host.asset_size(url)

    def asset_bytes(self, url: str) -> bytes:
        """The bytes of a brush mask or another small file, fetched by the host. Raises `AssetError` as `asset_size` does."""
        return self._host.asset_bytes(url)

    def tell_counted_losses(self) -> None:
        """Tells the host how many losses there were that were only counted."""
        if not self._host.wants_every_loss:
            for code, more in self._losses.take_untold():
                self._host.lost_more(code, more)
