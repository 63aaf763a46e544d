"""Runs a converter natively, against a host in memory: for tests, without a sandbox.

    from ango_plugin.testkit import TestKit

    outcome = TestKit.from_json(export).run(convert)
    assert outcome.failed is None
    assert outcome.text("boxes.csv") == ...
    # Cutting the export into shards must not change the output.
    assert TestKit.from_json(export, shard_size=1).run(convert).files == outcome.files

What a converter reads here has been packed and taken apart as in the sandbox.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from ..conversion import Converter, Failed, registered, run
from ..types import Project, Task
from .archive import Refused
from .host import Assets, Log, Lost, MemoryHost
from .project import derive_project
from .reader import ReadError, read_tasks

__all__ = ["Assets", "Log", "Lost", "Outcome", "ReadError", "TestKit", "derive_project", "read_tasks"]


@dataclass(slots=True)
class Outcome:
    """What a run left behind."""

    failed: Failed | None
    """Why the run failed: what the converter raised, or a text. The files are there either way; a real host publishes none of a run that failed."""
    files: dict[str, bytes]
    """Every file by path, joined files put together."""
    lost: list[Lost]
    """What was reported as lost, in order."""
    logs: list[Log]
    """What was logged, in order."""

    def text(self, path: str) -> str | None:
        """A file as text; `None` when there is no such file."""
        data = self.files.get(path)
        return None if data is None else data.decode()

    def codes(self) -> dict[str, int]:
        """How often each code was reported."""
        return dict(Counter(lost.code for lost in self.lost))


@dataclass(slots=True)
class TestKit:
    """An export to run converters on."""

    __test__ = False  # It is no test, whatever a test runner makes of its name.

    tasks: list[Task]
    project: Project = field(default_factory=Project)
    """Derived from the tasks by `from_json` and `from_tasks`; change what differs."""
    shard_size: int | None = None
    """How many tasks one shard holds; all of them unless said. A `sequential` converter gets one shard, as with a real host."""
    assets: Assets | None = None
    """What assets answer, when they are granted."""

    @classmethod
    def from_json(cls, text: str, **settings: Any) -> TestKit:
        """An export in V3 form, as a JSON array or as NDJSON. Raises `ReadError`, which names the task and the field, when the text is not JSON or not V3."""
        return cls.from_tasks(read_tasks(text), **settings)

    @classmethod
    def from_tasks(cls, tasks: list[Task], **settings: Any) -> TestKit:
        """An export of typed tasks. Indexes and offsets are the caller's."""
        return cls(tasks, **{"project": derive_project(tasks), **settings})

    def run(self, converter: Converter | None = None, options: dict[str, Any] | str = "{}") -> Outcome:
        """Runs a converter, the project's own unless said, over the whole export, shard after shard. `options` is a dict or its JSON."""
        one = registered() if converter is None else converter
        text = options if isinstance(options, str) else json.dumps(options)
        host = MemoryHost(self.project, self.assets)
        size = max(self.shard_size or len(self.tasks), 1)
        if one.info.sequential:
            size = max(len(self.tasks), 1)
        shards = [self.tasks[at : at + size] for at in range(0, len(self.tasks), size)] or [[]]
        failed: Failed | None = None
        for shard, tasks in enumerate(shards):
            host.start(shard, tasks if one.info.history else [_without_history(task) for task in tasks])
            try:
                failed = run(one, text, host)
            except Refused as refused:
                failed = str(refused)
            if failed is None and not host.is_read:
                failed = "the converter returned without reading to the end of the export"
            if failed is not None:
                break
        return Outcome(failed, host.archive.files(), host.lost_objects, host.logs)


def _without_history(task: Task) -> Task:
    """A host gives no history to a converter that does not ask for it."""
    if not task.history:
        return task
    fields = {name: getattr(task, name) for name in Task.__match_args__}
    return Task(**(fields | {"history": []}))
