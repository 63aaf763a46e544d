"""Writes down everything that it reads, or goes wrong in the way that it is told."""

import json
from pathlib import Path
from typing import Any

from ango_plugin import Export, Info, InputError, OptionError, converter, geometry, number
from ango_plugin.types import Record

SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "properties": {"fault": {"type": "string", "default": "none"}, "decimals": {"type": "integer"}},
}


@converter(Info(name="dump", version="1.2.3", title="Dump", format="text", options_schema=SCHEMA, history=True))
def convert(options: dict[str, Any], export: Export) -> None:
    go_wrong(options["fault"], export)
    with export.archive.section("tasks.txt", 0) as out:
        for task in export.tasks(decimals=options.get("decimals")):
            out.write(f"{plain(task)}\n")
    if export.is_first_shard:
        export.archive.add("numbers.txt", numbers())


def plain(value: Any) -> str:
    """A record as text. JSON in it is read: it comes in the export's own text, and from the test kit in another one."""
    if isinstance(value, list):
        return f"[{', '.join(map(plain, value))}]"
    if not isinstance(value, Record):
        return repr(value)
    fields = {name: getattr(value, name) for name in value.__match_args__}
    texts = (repr(json.loads(field)) if name in JSON and field else plain(field) for name, field in fields.items())
    return f"{value.kind if hasattr(value, 'kind') else ''}({', '.join(texts)})"


# Fields that hold JSON.
JSON = {"context_data", "extra", "json"}


def numbers() -> str:
    """What the interpreter in the sandbox computes."""
    values = [0.1, 1 / 3, 2 / 3e9, 1e22, 5e-324, 123456.7890625, 0.5, 9999.9999999, 2147.4836475, -3.25]
    lines = [f"{value!r} {number.format_f64(value)} {number.format_rounded(value, 6)} {number.format_unit(value)}" for value in values]
    ring = [float(turn * turn % 17) / 3 for turn in range(24)]
    return "\n".join([*lines, repr(geometry.simplify(ring, 5)), repr(geometry.signed_area(ring))])


def go_wrong(fault: str, export: Export) -> None:
    if fault == "exception":
        return {}["no such class"]
    if fault == "option":
        raise OptionError("/fault", "is asked for")
    if fault == "input":
        raise InputError("nothing to convert")
    if fault == "project":
        raise InputError(repr(export.project))
    if fault == "recursion":
        go_wrong(fault, export)
    if fault == "exit":
        raise SystemExit(3)
    if fault == "open":
        export.log("warning", "one file stays open")
        files.append(export.archive.open("open.txt"))
    if fault == "files":
        Path("/etc/passwd").read_text()
    if fault == "memory":
        files.append(bytearray(1 << 30))
    if fault == "asset":
        export.asset_size("https://x.test/a.jpg")
    if fault == "path":
        export.archive.add("../a", b"")


files: list[Any] = []
