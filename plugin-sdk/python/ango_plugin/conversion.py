"""What an author writes: a function or a class that converts, and what it is."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from .export import Export
from .failures import InputError, OptionError, describe_exception
from .host import Host
from .options import NO_OPTIONS, read_options


@dataclass(slots=True, kw_only=True)
class Info:
    """What a converter is and needs. Fixed: the host asks for it without any input, and the answer must be the same every time."""

    name: str
    """Kebab-case, at most 64 characters: the name on the command line and in the names of converted exports."""
    version: str
    """Semantic version."""
    title: str
    """One line for people."""
    format: str
    """The name of the target format, for people."""
    options_schema: str | dict[str, Any] = NO_OPTIONS
    """JSON Schema of the options, an object. The host checks options against it before a run and draws a form from it; its defaults are filled in."""
    assets: bool = False
    """Asks for the right to ask for sizes and bytes of assets."""
    sequential: bool = False
    """Asks for one instance that sees all tasks in order. Slower: such a converter uses one core."""
    history: bool = False
    """Asks for `Task.history`."""

    def schema_text(self) -> str:
        """The schema as JSON text."""
        return self.options_schema if isinstance(self.options_schema, str) else json.dumps(self.options_schema)


class _ConverterClass(Protocol):
    def convert(self, options: dict[str, Any], export: Export) -> None: ...


Convert = Callable[[dict[str, Any], Export], None]
Decorated = TypeVar("Decorated", Convert, type[_ConverterClass])


@dataclass(slots=True)
class Converter:
    """A converter: what it is, and what it does with a run."""

    info: Info
    convert: Convert


_registered: list[Converter] = []


def converter(info: Info) -> Callable[[Decorated], Decorated]:
    """Makes a function `convert(options, export)`, or a class with such a method, the project's converter. A class is made anew for every run.

    `options` is a dict in which every option that has a default has a value. An exception ends the run, and nothing of it is published: `OptionError` and `InputError` say whose
    fault it is; any other one is reported with its traceback. What cannot be converted of a task is reported with `Export.lost` instead.
    """

    def register(decorated: Decorated) -> Decorated:
        _registered.append(Converter(info, _calls_method(decorated) if isinstance(decorated, type) else decorated))
        return decorated

    return register


def _calls_method(kind: type[_ConverterClass]) -> Convert:
    def convert(options: dict[str, Any], export: Export) -> None:
        kind().convert(options, export)

    return convert


def registered() -> Converter:
    """The project's converter. Raises `LookupError` unless there is exactly one."""
    if len(_registered) != 1:
        raise LookupError(f"{len(_registered)} converters are there: exactly one function or class wants @converter(Info(...)) above it")
    return _registered[0]


Failed = OptionError | InputError | str
"""Why a run failed; a text when the converter raised something of its own."""


def run(one: Converter, options: str, host: Host) -> Failed | None:
    """Converts the tasks of a run or shard; `None` when it went well."""
    try:
        export = Export(host)
        one.convert(read_options(options, one.info.schema_text()), export)
        export.tell_counted_losses()
    except (OptionError, InputError) as failure:
        return failure
    except (Exception, SystemExit, KeyboardInterrupt) as error:
        return describe_exception(error)
    path = export.archive.first_open()
    if path is not None:
        return f"file `{path}` was not closed: open it with `with`, or call its `close`"
    return None
