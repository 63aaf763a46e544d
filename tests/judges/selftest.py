#!/usr/bin/env python3
"""Judges that let everything through are none: outputs are spoiled on purpose here, and each time a fault must be found.

    python tests/judges/selftest.py --binary target/release/ango-export [--plugins FOLDER_OF_WASM]
"""

import argparse
import copy
import importlib
import json
import re
import shutil
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from harness.account import account  # noqa: E402
from harness.report import ABSENT, Report  # noqa: E402
from run import Program, inputs  # noqa: E402


def change_json(change):
    """Changes the first JSON file of an output that is large enough to be data."""

    def spoil(folder):
        path = max(folder.rglob("*.json"), key=lambda path: path.stat().st_size)
        data = json.loads(path.read_text(encoding="utf-8"))
        change(data)
        path.write_text(json.dumps(data), encoding="utf-8")

    return spoil


def change_text(pattern, find, replace, count=1):
    """Changes the first file of a pattern in which a text occurs."""

    def spoil(folder):
        for path in sorted(folder.rglob(pattern)):
            text = path.read_text(encoding="utf-8")
            changed = re.sub(find, replace, text, count=count, flags=re.M)
            if changed != text:
                path.write_text(changed, encoding="utf-8")
                return
        raise SystemExit(f"selftest: nothing to change for {find!r} in {pattern}")

    return spoil


def row(at, **values):
    return change_json(lambda data: data["annotations"][at].update(values))


def moved(data):
    data["annotations"][0]["bbox"][0] += 0.01


# By format: what is done to the output.
SPOILS = {
    "coco": {
        "a row is gone": change_json(lambda data: data["annotations"].pop(5)),
        "a box is moved by a hundredth of a pixel": change_json(moved),
        "a crowd": row(3, iscrowd=1),
        "an id of 0": row(0, id=0),
        "another class": row(0, category_id=3),
        "no area": change_json(lambda data: data["annotations"][0].pop("area")),
        "an image is gone": change_json(lambda data: data["images"].pop(0)),
        "a row twice": change_json(lambda data: data["annotations"].append({**data["annotations"][0], "id": 99_999})),
    },
    "yolo": {
        "a row is gone": change_text("labels/**/*.txt", r"^0 .*\n", ""),
        "another class": change_text("labels/**/*.txt", r"^0 ", "5 "),
        "a sixth column": change_text("labels/**/*.txt", r"^(0 .*)$", r"\1 0.9"),
        "outside": change_text("labels/**/*.txt", r"^0 \S+ ", "0 1.200000 "),
        "names without quotes": change_text("data.yaml", r"\"yes\"", "yes"),
        "no val": change_text("data.yaml", r"^val: .*\n", ""),
        "an image is not listed": change_text("train.txt", r"^.*\n", ""),
    },
    "voc": {"a box is moved": change_text("*.xml", r"<xmin>(\d+)</xmin>", r"<xmin>1\1</xmin>"), "decimals": change_text("*.xml", r"<xmax>(\d+)</xmax>", r"<xmax>\1.5</xmax>")},
    "kitti": {"a column more": change_text("label_2/**/*.txt", r"$", " 1"), "a row is gone": change_text("label_2/**/*.txt", r"^Car.*\n", "")},
    "mot": {"a frame of 0": change_text("gt.txt", r"^1,", "0,"), "a row is gone": change_text("gt.txt", r"^2,.*\n", "")},
    "hf": {"a column is missing": change_text("metadata.jsonl", r"\"width\":\d+,", "")},
    "labelme": {"a shape is gone": change_json(lambda data: data["shapes"].pop(0))},
}


def faults(module, run, folder, source, raw):
    report = Report(raw)
    try:
        verdict = module.judge(run, folder, source, report)
    except Exception as error:  # noqa: BLE001
        return [f"{type(error).__name__}: {error}"]
    return verdict.faults + account(source, verdict, report)[0]


def without(raw, code):
    """The report as if a loss had not been told."""
    raw = copy.deepcopy(raw)
    for entry in raw["losses"]["codes"]:
        if entry["code"] == code:
            entry["examples"].pop()
            entry["count"] -= 1
    return raw


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", type=Path, default=HERE.parents[1] / "target" / "release" / "ango-export")
    parser.add_argument("--plugins", type=Path)
    parser.add_argument("--only", action="append", default=[])
    args = parser.parse_args()
    args.input, args.taco = ["edge"], None
    passed_over = 0
    with tempfile.TemporaryDirectory() as made:
        made = Path(made)
        program = Program(args.binary.resolve(), args.plugins)
        source = inputs(args, program, made)["edge"]
        for name, spoils in SPOILS.items():
            if (args.only and name not in args.only) or not program.component(name):
                continue
            module = importlib.import_module(f"formats.{name}")
            run = module.RUNS[0]
            folder, raw = program.convert(source.export, source.project_folder, name, run.options, made / name)
            before = set(faults(module, run, shutil.copytree(folder, made / f"{name}-whole"), source, raw))
            absent = [entry["code"] for entry in raw["losses"]["codes"] if entry["code"] in ABSENT and entry["examples"] and entry["examples"][-1]["object"]]
            cases = {what: (spoil, raw) for what, spoil in spoils.items()} | {f"a loss by {code} is not told": (lambda folder: None, without(raw, code)) for code in absent[:2]}
            for number, (what, (spoil, told)) in enumerate(cases.items()):
                spoiled = Path(shutil.copytree(folder, made / f"{name}-{number}"))
                spoil(spoiled)
                found = [fault for fault in faults(module, run, spoiled, source, told) if fault not in before]
                passed_over += not found
                print(f"{name:<10} {what:<45} {'found: ' + found[0][:110] if found else 'NOT FOUND'}")
    sys.exit(1 if passed_over else 0)


if __name__ == "__main__":
    main()
