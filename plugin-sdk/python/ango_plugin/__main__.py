"""`python -m ango_plugin test`: the golden tests of a project, natively."""

from __future__ import annotations

import argparse
import importlib
import sys
from pathlib import Path

from .conversion import registered
from .testkit import ReadError, golden


def main() -> int:
    """Runs the command; the answer is the exit code."""
    parser = argparse.ArgumentParser(prog="python -m ango_plugin", description="What a converter project needs besides `ango-export`.")
    commands = parser.add_subparsers(required=True)
    test = commands.add_parser("test", help="convert tests/*/input.ndjson and compare with tests/*/expected, without a sandbox")
    test.add_argument("project", nargs="?", default=".", type=Path, help="folder of the project, with plugin.py [default: this one]")
    test.add_argument("--bless", action="store_true", help="write what comes out into expected, after a change that is meant")
    arguments = parser.parse_args()
    return _test(arguments.project, arguments.bless)


def _test(project: Path, bless: bool) -> int:
    if not (project / "plugin.py").is_file():
        print(f"{project}: there is no plugin.py", file=sys.stderr)
        return 2
    sys.path.insert(0, str(project.resolve()))
    importlib.import_module("plugin")
    converter = registered()
    folders = golden.folders(project / "tests")
    if not folders:
        print(f"{project / 'tests'}: there is no test: a folder with input.ndjson, options.json and expected", file=sys.stderr)
        return 2
    failed = 0
    for folder in folders:
        try:
            problem = golden.problem(folder, converter, bless)
        except ReadError as error:
            problem = f"input.ndjson: {error}"
        print(f"ok   {folder.name}" if problem is None else f"FAIL {folder.name}: {problem}")
        failed += problem is not None
    print(f"{len(folders) - failed} of {len(folders)} tests passed", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
