#!/usr/bin/env python3
"""Judges that let everything through are none: outputs are spoiled on purpose here, and each time a fault must be found.

    python tests/judges/selftest.py --binary target/release/ango-export [--plugins FOLDER_OF_WASM]
"""

import argparse
import copy
import gzip
import importlib
import json
import re
import shutil
import sys
import tempfile
from pathlib import Path

from PIL import Image

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from harness.account import account  # noqa: E402
from harness.names import Names  # noqa: E402
from harness.report import ABSENT, CHANGED, Report  # noqa: E402
from run import Program, inputs  # noqa: E402


def change_json(change):
    """Changes the first JSON file of an output that is large enough to be data."""

    def spoil(folder):
        path = max((path for path in folder.rglob("*json") if path.suffix in (".json", ".geojson")), key=lambda path: path.stat().st_size)
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


def first(data, key):
    """The first list under a key that has something in it, however deep."""
    if isinstance(data, dict) and isinstance(data.get(key), list) and data[key]:
        return data[key]
    values = data.values() if isinstance(data, dict) else data if isinstance(data, list) else ()
    return next((found for found in (first(value, key) for value in values) if found), None)


def gone(key):
    """The first member of the first list under a key is not there."""
    return change_json(lambda data: first(data, key).pop(0))


def changed(key, **values):
    """The first member of the first list under a key is another."""
    return change_json(lambda data: first(data, key)[0].update(values))


def change_pixels(folder):
    """A square in the middle of every mask is another class; single pixels at edges are for each to decide."""
    for path in folder.glob("masks/**/*.png"):
        with Image.open(path) as image:
            image.load()
        x, y = image.width // 2, image.height // 2
        image.paste((image.getpixel((x, y)) + 1) % 3, (x - 20, y - 20, x + 20, y + 20))
        image.save(path)


def change_voxel(folder):
    """The last voxel of the first volume is another."""
    path = sorted(folder.rglob("*.nii.gz"))[0]
    volume = bytearray(gzip.decompress(path.read_bytes()))
    volume[-2] ^= 1
    path.write_bytes(gzip.compress(bytes(volume)))


def move(coordinates):
    """The first point of nested lists of coordinates, by a pixel."""
    while isinstance(coordinates[0], list):
        coordinates = coordinates[0]
    coordinates[0] += 1


def gone_of_lines(key):
    """The first member of a list is gone, in a file of JSON lines."""

    def spoil(folder):
        path = max(folder.rglob("*.jsonl"), key=lambda path: path.stat().st_size)
        lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        next(line for line in lines if line.get(key))[key].pop(0)
        path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")

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
    "cityscapes": {"an object is gone": gone("objects"), "another class": changed("objects", label="nothing")},
    "createml": {"a box is gone": gone("annotations"), "another class": changed("annotations", label="nothing")},
    "cvat": {"a shape is gone": change_text("*.xml", r"<box [^>]*/>|<box [^>]*>(?s:.*?)</box>", ""), "a shape is moved": change_text("*.xml", r"(<box [^>]*xtl=\")", r"\g<1>1")},
    "darwin": {"a shape is gone": gone("annotations"), "another class": changed("annotations", name="nothing"), "a version of tomorrow": change_json(lambda data: data.update(version="3.0"))},
    "datumaro": {"a shape is gone": gone("annotations"), "another class": changed("annotations", label_id=999), "an item is gone": gone("items")},
    "documents": {"an entity is gone": gone("form"), "another text": changed("form", text="nothing of the kind")},
    "dota": {"a row is gone": change_text("labelTxt/**/*.txt", r"^\d.*\n", ""), "another class": change_text("labelTxt/**/*.txt", r"^((?:\S+ ){8})\S+", r"\1nothing")},
    "geojson": {"a shape is gone": gone("features"), "a shape is moved": change_json(lambda data: move(data["features"][0]["geometry"]["coordinates"]))},
    "labelstudio": {"a region is gone": gone("result"), "a region twice": change_json(lambda data: first(data, "result").append(first(data, "result")[0]))},
    "mask": {"a square is another": change_pixels},
    "ner": {"an entity is gone": gone_of_lines("entities")},
    "nifti": {"a voxel is another": change_voxel},
    "openimages": {"a row is gone": change_text("*bbox*.csv", r"^(?!ImageID).*\r?\n", ""), "another place": change_text("*bbox*.csv", r"(?m)^((?!ImageID)[^,]*,[^,]*,[^,]*,[^,]*),[^,]*", r"\1,0.999")},
    "table": {"a row is gone": change_text("*objects*.csv", r"\r?\n[^\r\n\"]+(?=\r?\n)", "")},
    "via": {"a region is gone": gone("regions")},
    "youtubevis": {"a track is gone": gone("annotations"), "a frame is missing": change_json(lambda data: data["annotations"][0]["bboxes"].pop())},
}


def faults(module, run, folder, source, raw):
    report = Report(raw)
    try:
        verdict = module.judge(run, folder, source, report)
    except Exception as error:  # noqa: BLE001
        return [f"{type(error).__name__}: {error}"]
    return verdict.faults + account(source, verdict, report)[0]


def without(raw, code):
    """The report as if a loss had not been told that nothing else covers; none if there is no such loss."""
    entries = raw["losses"]["codes"]
    place = next(at for at, entry in enumerate(entries) if entry["code"] == code)
    for example in reversed(entries[place]["examples"]):
        told = copy.deepcopy(raw)
        told["losses"]["codes"][place]["examples"].remove(example)
        told["losses"]["codes"][place]["count"] -= 1
        report = Report(told)
        if example["object"] and not report.absent(example["task"], example["object"]) and not report.absent_task(example["task"]):
            return told
    return None


def wrong_names():
    """The judges' own rule of file names against the vectors that the host and the test kits follow."""
    cases = json.loads((HERE.parents[1] / "plugin-sdk" / "vectors" / "names.json").read_text(encoding="utf-8"))["name"]
    for case in cases:
        names = Names()
        yield from (wanted for external_id, url, task, wanted in case["assets"] if names.name(external_id, url, task) != wanted)


def undocumented():
    """Codes of losses that people would look for in vain."""
    page = (HERE.parents[1] / "docs" / "converters.md").read_text(encoding="utf-8")
    return sorted(code for code in ABSENT | CHANGED if f"`{code}`" not in page)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", type=Path, default=HERE.parents[1] / "target" / "release" / "ango-export")
    parser.add_argument("--plugins", type=Path)
    parser.add_argument("--only", action="append", default=[])
    args = parser.parse_args()
    args.input, args.taco = ["edge", "few"], None
    passed_over = 0
    for name in wrong_names():
        passed_over += 1
        print(f"names      the judges call {name[:60]!r} otherwise")
    for code in undocumented():
        passed_over += 1
        print(f"codes      docs/converters.md does not say what {code} means")
    with tempfile.TemporaryDirectory() as made:
        made = Path(made)
        program = Program(args.binary.resolve(), args.plugins)
        sources = inputs(args, program, made)
        for name, spoils in SPOILS.items():
            if (args.only and name not in args.only) or not program.component(name):
                continue
            module = importlib.import_module(f"formats.{name}")
            run = module.RUNS[0]
            source = sources["few" if "few" in run.inputs else "edge"]
            folder, raw = program.convert(source.export, source.project_folder, name, run.options, made / name)
            before = set(faults(module, run, shutil.copytree(folder, made / f"{name}-whole"), source, raw))
            # Codes that in this format do not mean that an object is absent.
            there = getattr(module, "THERE", set())
            absent = [entry["code"] for entry in raw["losses"]["codes"] if entry["code"] in ABSENT - there and without(raw, entry["code"])]
            cases = {what: (spoil, raw) for what, spoil in spoils.items()} | {
                f"a loss by {code} is not told": (lambda folder: None, told) for code in absent[:2] if (told := without(raw, code))
            }
            for number, (what, (spoil, told)) in enumerate(cases.items()):
                spoiled = Path(shutil.copytree(folder, made / f"{name}-{number}"))
                spoil(spoiled)
                found = [fault for fault in faults(module, run, spoiled, source, told) if fault not in before]
                passed_over += not found
                print(f"{name:<10} {what:<45} {'found: ' + found[0][:110] if found else 'NOT FOUND'}")
    sys.exit(1 if passed_over else 0)


if __name__ == "__main__":
    main()
