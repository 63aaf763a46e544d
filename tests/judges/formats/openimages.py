"""Open Images: normalised edges in the order XMin, XMax, YMin, YMax; hotcoco and panlabel read it."""

import csv
import tempfile
from pathlib import Path

from harness.reader import Reader
from harness.tools import ToolFault, command, panlabel_rows, place_image
from . import Run

COLUMNS = ["ImageID", "Source", "LabelName", "Confidence", "XMin", "XMax", "YMin", "YMax", "IsOccluded", "IsTruncated", "IsGroupOf", "IsDepiction", "IsInside"]

RUNS = [Run("boxes"), Run("boxes, flat names", {"names": "flat"}, ("edge",))]


def rows_of(path):
    with open(path, encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def judge(run, folder, source, report):
    reader = Reader(run, folder, source, report, holds={"image answers"})
    verdict = reader.verdict
    tables = {path.name: path for path in reader.files("*.csv")}
    names, boxes = {}, []
    for name, path in tables.items():
        with open(path, encoding="utf-8", newline="") as opened:
            head = next(csv.reader(opened), [])
        if "XMin" in head:
            verdict.check(head[: len(COLUMNS)] == COLUMNS, f"{name}: columns {head}")
            boxes.append(path)
        elif "descriptions" in name:
            with open(path, encoding="utf-8", newline="") as opened:
                names = {row[0]: row[1] for row in csv.reader(opened) if len(row) == 2}
    for path in boxes:
        for at, row in enumerate(rows_of(path), 2):
            place = f"{reader.relative(path)}: line {at}"
            found = source.find(row["ImageID"])
            if not verdict.check(found is not None, f"{place}: image {row['ImageID'][:60]!r} is of no task"):
                continue
            x0, x1, y0, y1 = (float(row[key]) for key in ("XMin", "XMax", "YMin", "YMax"))
            verdict.check(0 <= x0 < x1 <= 1 and 0 <= y0 < y1 <= 1, f"{place}: edges {x0}, {x1}, {y0}, {y1}")
            width, height = found[0].size
            verdict.tasks.add(found[0].index)
            reader.pictures[f"{row['ImageID']}.jpg"] = found[0].size
            reader.add(found, names.get(row["LabelName"], row["LabelName"]), place, box=(x0 * width, y0 * height, x1 * width, y1 * height))
    # Images without boxes are in the list of images.
    for path in tables.values():
        for row in rows_of(path) if path not in boxes and "descriptions" not in path.name else []:
            name = row.get("ImageID") or row.get("file") or ""
            found = source.find(name) or source.find(name.partition("/")[2])
            if found:
                verdict.tasks.add(found[0].index)
    reader.finish(lambda task: 1.5e-6 * max(task.size), images=False)
    if source.name != "taco" and boxes:
        verdict.judged("panlabel", by_panlabel, boxes[0], reader)
        verdict.judged("hotcoco", by_hotcoco, boxes[0], tables, reader)
    return verdict


def place(reader, folder):
    for name, size in reader.pictures.items():
        place_image(folder / name, size)
        # Of an id with a dot panlabel takes the end for a suffix, and looks for a file of just that name.
        if "." in name.removesuffix(".jpg"):
            place_image(folder / name.removesuffix(".jpg"), size)


def by_panlabel(path, reader):
    place(reader, path.parent)
    found, _ = panlabel_rows("openimages", path, lambda name: reader.source.find(name) or (None, None), "Open Images")
    if len(found) != len(reader.rows):
        raise ToolFault(f"panlabel reads {len(found)} of {len(reader.rows)} boxes")


def by_hotcoco(path, tables, reader):
    import json

    with tempfile.TemporaryDirectory() as made:
        place(reader, Path(made))
        classes = next((one for name, one in tables.items() if "descriptions" in name), None)
        extra = ["--class-descriptions", classes] if classes else []
        command("coco", "convert", "--from", "oid", "--to", "coco", "--input", path, "--output", Path(made) / "back.json", "--images-dir", made, *extra)
        back = json.loads((Path(made) / "back.json").read_text(encoding="utf-8"))
    if len(back["annotations"]) != len(reader.rows):
        raise ToolFault(f"hotcoco reads {len(back['annotations'])} of {len(reader.rows)} boxes")
