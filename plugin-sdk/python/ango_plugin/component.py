"""The component: what componentize-py makes the exports of the sandbox's world from, and its imports as a host. Only there do the modules exist that it imports.

It is imported when the component is built, and its memory becomes the component's: what is done here costs a run nothing.
"""

from __future__ import annotations

import gc
import linecache
import sys
from typing import Any

import wit_world
from componentize_py_types import Err
from wit_world.imports import archive, assets, description, diagnostics, source

import plugin  # noqa: F401  # the author's module

from . import conversion
from .failures import _ROOT, _SDK, AssetError, InputError, OptionError, _is_inside
from .host import HostFile, Level
from .types import Class, Project

_LEVELS = {
    "debug": diagnostics.Level.DEBUG,
    "info": diagnostics.Level.INFO,
    "warning": diagnostics.Level.WARNING,
    "error": diagnostics.Level.ERROR,
}


class _Imports:
    """The host outside the sandbox."""

    wants_every_loss = False

    def project(self) -> Project:
        project = source.get_project()
        tools, classifications, relations = (
            [_class(one) for one in classes] for classes in (project.tools, project.classifications, project.relations)
        )
        return Project(project.name, project.exported_at, tools, classifications, relations, project.stages, project.batches, project.task_count)

    def shard(self) -> int:
        return source.shard()

    def next_packed(self, max_bytes: int, decimals: int | None) -> bytes:
        return source.next_packed(max_bytes) if decimals is None else source.next_packed_rounded(max_bytes, decimals)

    def create(self, path: str) -> HostFile:
        return archive.create(path)

    def add(self, path: str, data: bytes) -> None:
        archive.add(path, data)

    def section(self, path: str, position: int, separator: bytes) -> HostFile:
        return archive.section(path, position, separator)

    def asset_size(self, url: str) -> tuple[int, int]:
        try:
            return assets.size(url)
        except Err as error:
            raise _asset_error(error.value) from None

    def asset_bytes(self, url: str) -> bytes:
        try:
            return assets.read(url)
        except Err as error:
            raise _asset_error(error.value) from None

    def log(self, level: Level, message: str) -> None:
        diagnostics.log(_LEVELS[level], message)

    def progress(self, done: int) -> None:
        diagnostics.progress(done)

    def lost(self, task: int, object_id: str | None, code: str, detail: str) -> None:
        diagnostics.lost(task, object_id, code, detail)

    def lost_more(self, code: str, count: int) -> None:
        diagnostics.lost_more(code, count)


def _class(one: Any) -> Class:
    return Class(one.index, one.schema_id, one.title, one.kind, one.color, one.options, one.parent)


_ASSET_ERRORS = {
    assets.FetchError_Denied: "denied",
    assets.FetchError_NotFound: "not-found",
    assets.FetchError_TooLarge: "too-large",
    assets.FetchError_Unsupported: "unsupported",
    assets.FetchError_Failed: "failed",
}


def _asset_error(error: Any) -> AssetError:
    return AssetError(_ASSET_ERRORS[type(error)], getattr(error, "value", ""))


class WitWorld(wit_world.WitWorld):
    """The exports of the world."""

    def describe(self) -> description.Info:
        info = conversion.registered().info
        return description.Info(
            name=info.name,
            version=info.version,
            title=info.title,
            format=info.format,
            options_schema=info.schema_text(),
            grants=[description.Grant.ASSETS] if info.assets else [],
            parallelism=description.Parallelism.SEQUENTIAL if info.sequential else description.Parallelism.INDEPENDENT_TASKS,
            history=info.history,
        )

    def convert(self, options: str) -> None:
        failed = conversion.run(conversion.registered(), options, _Imports())
        if isinstance(failed, OptionError):
            raise Err(wit_world.Failure_Options(wit_world.OptionError(failed.pointer, failed.reason)))
        if isinstance(failed, InputError):
            raise Err(wit_world.Failure_Input(failed.reason))
        if failed is not None:
            raise Err(wit_world.Failure_Failed(failed))


def _keep_source() -> None:
    """Keeps the author's source, as the sandbox has no files, so that tracebacks show the lines they name."""
    for module in list(sys.modules.values()):
        file = getattr(module, "__file__", None)
        if file and file.endswith(".py") and _is_inside(file, _ROOT) and not _is_inside(file, _SDK):
            lines = linecache.getlines(file)
            # Without a time of change it is not looked for again.
            linecache.cache[file] = (sum(map(len, lines)), None, lines, file)


# A project without a converter, or with two of them, is found when it is built.
conversion.registered()
_keep_source()
gc.collect()
gc.freeze()
