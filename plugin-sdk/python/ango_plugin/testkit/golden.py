"""Golden folders: each folder in `tests` with an `input.ndjson` is converted with its `options.json`, and the files in its `expected` must come out, whether the tasks come in one
shard or one by one."""

from __future__ import annotations

from difflib import unified_diff
from pathlib import Path

from ..conversion import Converter
from . import Outcome, TestKit


def folders(tests: Path) -> list[Path]:
    """The golden folders in a folder, in order."""
    return sorted(file.parent for file in tests.glob("*/input.ndjson"))


def problem(folder: Path, converter: Converter | None = None, bless: bool = False) -> str | None:
    """What is wrong, if anything. With `bless` what comes out is written into `expected`."""
    input = (folder / "input.ndjson").read_text(encoding="utf-8")
    options = folder / "options.json"
    text = options.read_text(encoding="utf-8") if options.is_file() else "{}"
    outcomes = []
    for shard_size in (None, 1):
        outcome = TestKit.from_json(input, shard_size=shard_size).run(converter, text)
        if outcome.failed is not None:
            return f"the conversion failed: {outcome.failed}"
        outcomes.append(outcome)
    whole, cut = outcomes
    if whole.files != cut.files:
        return f"the output depends on how tasks are cut into shards:\n{_difference(whole.files, cut.files)}"
    expected = folder / "expected"
    if bless:
        _write(expected, whole)
    wanted = {file.relative_to(expected).as_posix(): file.read_bytes() for file in sorted(expected.rglob("*")) if file.is_file()}
    return _difference(wanted, whole.files) if wanted != whole.files else None


def _write(expected: Path, outcome: Outcome) -> None:
    for file in expected.rglob("*"):
        if file.is_file() and file.relative_to(expected).as_posix() not in outcome.files:
            file.unlink()
    for path, data in outcome.files.items():
        # The archive has checked that the path stays inside.
        file = expected / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)


def _difference(wanted: dict[str, bytes], found: dict[str, bytes]) -> str:
    """The first lines that differ, file by file."""
    report: list[str] = []
    for path in sorted(wanted | found):
        if path not in found:
            report.append(f"{path} does not come out")
        elif path not in wanted:
            report.append(f"{path} comes out and is not expected")
        elif wanted[path] != found[path]:
            before, after = (data.decode(errors="backslashreplace").splitlines() for data in (wanted[path], found[path]))
            report += unified_diff(before, after, f"{path} (expected)", path, n=1, lineterm="")
    return "\n".join(report[:40])
