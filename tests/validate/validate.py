#!/usr/bin/env python3
"""Checks a COCO and a YOLO conversion against the V3 export that they were made from.

    validate.py SOURCE.ndjson[.gz] COCO.zip YOLO.zip [--out-of-bounds keep|clip]

COCO is read with pycocotools, as its users do. Areas and boxes are computed anew from the source, by code that shares nothing with the
converters. --out-of-bounds says which option the COCO conversion was made with. Prints figures, and ends with 1 at the first fault.
"""

import argparse
import contextlib
import csv
import gzip
import io
import json
import math
import sys
import tempfile
import zipfile
from collections import Counter, defaultdict
from pathlib import Path

import numpy
import yaml
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

TOLERANCE = 1e-6
# YOLO rows have six decimals or more.
YOLO_TOLERANCE = 2e-6


class Fault(Exception):
    """Something that a reader of the format would stumble over."""


def check(condition, message):
    if not condition:
        raise Fault(message)


# --- the source -------------------------------------------------------------------------------------------------------------------


def records(path):
    opened = gzip.open(path, "rt", encoding="utf-8") if str(path).endswith(".gz") else open(path, encoding="utf-8")
    with opened as lines:
        return [json.loads(line) for line in lines if line.strip()]


def shoelace(ring):
    pairs = zip(ring, ring[1:] + ring[:1])
    return abs(math.fsum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairs)) / 2


def clip(ring, width, height):
    """The part of a ring inside the image, by Sutherland and Hodgman."""
    for axis, limit, sign in ((0, 0, 1), (0, width, -1), (1, 0, 1), (1, height, -1)):
        result = []
        for (a, b) in zip(ring[-1:] + ring[:-1], ring):
            inside_a, inside_b = sign * (a[axis] - limit) >= 0, sign * (b[axis] - limit) >= 0
            if inside_a != inside_b:
                share = (limit - a[axis]) / (b[axis] - a[axis])
                cut = [a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])]
                cut[axis] = limit
                result.append(tuple(cut))
            if inside_b:
                result.append(tuple(b))
        ring = result
    return ring


def zones(tool):
    """The outline of a tool as regions with holes; None when it has no area."""
    if "bounding-box" in tool:
        box = tool["bounding-box"]
        x1, x2 = sorted((box["x"], box["x"] + box["width"]))
        y1, y2 = sorted((box["y"], box["y"] + box["height"]))
        return [([(x1, y1), (x2, y1), (x2, y2), (x1, y2)], [])]
    if "rotated-bounding-box" in tool:
        return [(tool["rotated-bounding-box"]["corners"], [])]
    if "polygon" in tool:
        return [(tool["polygon"], [])]
    if "segmentation" in tool:
        return [(zone["region"], zone.get("holes") or []) for zone in tool["segmentation"]["zones"] if zone["region"]]
    return None


class Outline:
    """Area and box of an outline, of the whole or of what lies inside the image."""

    def __init__(self, parts, size):
        cut = (lambda ring: clip(list(map(tuple, ring)), *size)) if size else (lambda ring: list(map(tuple, ring)))
        parts = [(cut(region), [cut(hole) for hole in holes]) for region, holes in parts]
        parts = [(region, holes) for region, holes in parts if len(region) > 2 and shoelace(region) > 0]
        self.area = math.fsum(shoelace(region) - math.fsum(shoelace(hole) for hole in holes if hole) for region, holes in parts)
        points = [point for region, _ in parts for point in region]
        xs, ys = [x for x, _ in points], [y for _, y in points]
        self.box = (min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys)) if points else None


def close(found, expected, scale=1.0):
    return abs(found - expected) <= TOLERANCE * max(1.0, abs(expected), scale)


# --- COCO -------------------------------------------------------------------------------------------------------------------------


def load_coco(archive):
    with zipfile.ZipFile(archive) as opened:
        check(opened.testzip() is None, f"{archive}: a checksum is wrong")
        names = [name for name in opened.namelist() if name.endswith(".json")]
        check(len(names) == 1, f"{archive}: one JSON file, not {names}")
        text = opened.read(names[0])
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):
        file = Path(folder) / "coco.json"
        file.write_bytes(text)
        return COCO(str(file))


def check_ids(coco):
    for kind in ("images", "annotations", "categories"):
        ids = [row["id"] for row in coco.dataset[kind]]
        # An id of 0 is taken for "no match" by COCOeval. Gaps are none of its business.
        check(all(isinstance(number, int) and number >= 1 for number in ids), f"COCO {kind}: ids are whole numbers from 1")
        check(len(set(ids)) == len(ids), f"COCO {kind}: an id occurs twice")
    images, categories = set(coco.imgs), set(coco.cats)
    for row in coco.dataset["annotations"]:
        check(row["image_id"] in images and row["category_id"] in categories, f"COCO annotation {row['id']}: refers to something that is not there")
        check(row.get("iscrowd") == 0 and "area" in row and len(row["bbox"]) == 4, f"COCO annotation {row['id']}: needs iscrowd 0, area and bbox")
        check(row["area"] > 0 and row["bbox"][2] > 0 and row["bbox"][3] > 0, f"COCO annotation {row['id']}: is empty")
    names = [row["file_name"] for row in coco.dataset["images"]]
    check(len({name.lower() for name in names}) == len(names), "COCO images: two file names are the same on some systems")


def check_geometry(coco, source, out_of_bounds):
    """Areas and boxes equal those of the source, and nothing with an area is missing."""
    tasks = {record["task"]["taskId"]: record for record in source}
    rows = defaultdict(dict)
    for row in coco.dataset["annotations"]:
        rows[row["image_id"]][row["attributes"]["objectId"]] = row
    compared = missing = clipped = 0
    worst = 0.0
    for image in coco.dataset["images"]:
        record = tasks[image["attributes"]["taskId"]]
        size = (image["width"], image["height"])
        check(size == (record["metadata"].get("width"), record["metadata"].get("height")), f"COCO image {image['id']}: has another size than its source")
        for tool in record["task"]["tools"]:
            parts = zones(tool)
            if parts is None:
                continue
            row = rows[image["id"]].pop(tool["objectId"], None)
            whole = Outline(parts, None)
            outline = Outline(parts, size) if out_of_bounds == "clip" else whole
            clipped += not close(outline.area, whole.area)
            if row is None:
                check(outline.box is None or outline.area < TOLERANCE, f"object {tool['objectId']} of {tool['title']} is missing in COCO")
                missing += 1
                continue
            where = f"COCO annotation {row['id']}, object {tool['objectId']}"
            check(close(row["area"], outline.area), f"{where}: area {row['area']}, in the source {outline.area}")
            for found, expected in zip(row["bbox"], outline.box):
                check(close(found, expected), f"{where}: bbox {row['bbox']}, in the source {outline.box}")
            worst = max(worst, abs(row["area"] - outline.area))
            compared += 1
    left = [name for objects in rows.values() for name in objects]
    check(not left, f"COCO: {len(left)} annotations are of no object of the source, the first of {left[:3]}")
    print(f"COCO areas and boxes: {compared} equal the source's, the farthest by {worst:.1e}; {clipped} cut at the image; {missing} without area")


def check_masks(coco):
    empty = counted = 0
    kinds = Counter()
    for row in coco.dataset["annotations"]:
        kinds["RLE" if isinstance(row["segmentation"], dict) else "polygons" if row["segmentation"] else "none"] += 1
        if row["segmentation"]:
            counted += 1
            empty += not coco.annToMask(row).any()
    print(f"COCO masks: {counted}, of them empty {empty}; segmentation {dict(kinds)}")
    check(empty == 0, f"COCO: {empty} masks are empty")


def average_precision(coco, kind):
    """AP of the annotations as detections of themselves."""
    rows = [row for row in coco.dataset["annotations"] if kind == "bbox" or row["segmentation"]]
    if not rows:
        return None
    with contextlib.redirect_stdout(io.StringIO()):
        truth = COCO()
        truth.dataset = {**coco.dataset, "annotations": rows}
        truth.createIndex()
        found = [{"image_id": row["image_id"], "category_id": row["category_id"], "score": 1.0, "bbox": row["bbox"]} for row in rows]
        if kind == "segm":
            found = [{**result, "segmentation": truth.annToRLE(row)} for result, row in zip(found, rows)]
            for result in found:
                del result["bbox"]
        evaluation = COCOeval(truth, truth.loadRes(found), kind)
        # More objects in an image than the usual hundred are no fault.
        evaluation.params.maxDets = [1, 10, 100_000]
        evaluation.evaluate()
        evaluation.accumulate()
    precision = evaluation.eval["precision"][:, :, :, 0, -1]
    return float(numpy.mean(precision[precision > -1]))


def check_coco(archive, source, out_of_bounds):
    coco = load_coco(archive)
    print(f"COCO: {len(coco.imgs)} images, {len(coco.anns)} annotations, {len(coco.cats)} categories")
    check_ids(coco)
    check_geometry(coco, source, out_of_bounds)
    check_masks(coco)
    for kind in ("bbox", "segm"):
        precision = average_precision(coco, kind)
        print(f"COCO evaluation against itself, {kind}: AP {'-' if precision is None else f'{precision:.6f}'}")
        check(precision is None or precision > 1 - 1e-9, f"COCO: AP of {kind} against itself is {precision}")


# --- YOLO -------------------------------------------------------------------------------------------------------------------------


def rows_of(name, text, classes):
    rows = []
    for number, line in enumerate(text.splitlines(), 1):
        where = f"{name}: line {number}"
        fields = line.split()
        check(len(fields) == 5 or (len(fields) >= 7 and len(fields) % 2 == 1), f"{where}: {len(fields)} fields are neither a box nor an outline")
        index, values = int(fields[0]), [float(field) for field in fields[1:]]
        check(0 <= index < classes, f"{where}: class {index} of {classes}")
        check(all(0 <= value <= 1 for value in values), f"{where}: a value outside of 0..1")
        rows.append((index, values))
    return rows


def row_box(values):
    if len(values) == 4:
        x, y, width, height = values
        return (x - width / 2, y - height / 2, width, height)
    xs, ys = values[::2], values[1::2]
    return (min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))


def check_row_boxes(name, rows, record, size):
    """Every row's box is that of an object of the task, cut at the image's edges."""
    expected = []
    for tool in record["task"]["tools"]:
        outline = Outline(zones(tool) or [], size)
        if outline.box:
            expected.append([value / side for value, side in zip(outline.box, size * 2)])
    for index, values in rows:
        found = row_box(values)
        match = next((box for box in expected if all(abs(a - b) <= YOLO_TOLERANCE for a, b in zip(found, box))), None)
        check(match is not None, f"{name}: a row of class {index} with the box {found} is of no object of the source")
        expected.remove(match)
    return len(expected)


def check_yolo(archive, source):
    with zipfile.ZipFile(archive) as opened:
        check(opened.testzip() is None, f"{archive}: a checksum is wrong")
        files = {name: opened.read(name).decode() for name in opened.namelist()}
    data = yaml.safe_load(files["data.yaml"])
    names = data["names"]
    check(list(names) == list(range(len(names))) and all(isinstance(name, str) for name in names.values()), "data.yaml: names are texts, numbered from 0")
    check(data.get("nc", len(names)) == len(names), "data.yaml: nc is not the number of names")
    lists = {data["train"], data["val"]}
    check(all(name in files for name in lists), f"data.yaml: lists that are not there: {lists}")
    listed = [line for name in sorted(lists) for line in files[name].splitlines()]
    check(len(set(listed)) == len(listed), "an image is listed twice")

    label_files = {name for name in files if name.startswith("labels/")}
    label_of = lambda image: str(Path("labels") / Path(image.removeprefix("./")).relative_to("images").with_suffix(".txt"))
    check({label_of(image) for image in listed} == label_files, "lists and label files are not of the same images")

    by_url = defaultdict(list)
    for record in source:
        by_url[record["asset"]].append(record)
    sizes = {}
    if "images.csv" in files:
        for row in csv.DictReader(io.StringIO(files["images.csv"])):
            sizes[row["file"]] = (row["url"], (int(row["width"]), int(row["height"])))
        check({f"./{name}" for name in sizes} == set(listed), "images.csv and the lists are not of the same images")
    counts = Counter()
    kinds = Counter()
    for image in listed:
        name = label_of(image)
        rows = rows_of(name, files[name], len(names))
        kinds.update("box" if len(values) == 4 else "outline" for _, values in rows)
        check(len({len(values) == 4 for _, values in rows}) < 2, f"{name}: mixes boxes and outlines")
        counts["rows"] += len(rows)
        counts["empty"] += not rows
        url, size = sizes.get(image.removeprefix("./"), (None, None))
        if len(by_url[url]) == 1:
            counts["compared"] += len(rows)
            counts["without row"] += check_row_boxes(name, rows, by_url[url][0], size)
    check(len(kinds) < 2, f"the data set mixes boxes and outlines: {dict(kinds)}")
    drawn = sum(1 for record in source for tool in record["task"]["tools"] if zones(tool))
    print(
        f"YOLO: {len(listed)} images, {len(names)} classes, {counts['rows']} rows ({', '.join(kinds) or 'none'}), {counts['empty']} empty label files; "
        f"boxes of {counts['compared']} rows equal the source's, {counts['without row']} objects without a row, of {drawn} with an area in the source"
    )
    check(counts["without row"] == 0, "YOLO: objects are missing")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("source")
    parser.add_argument("coco")
    parser.add_argument("yolo")
    parser.add_argument("--out-of-bounds", choices=("keep", "clip"), default="clip")
    args = parser.parse_args()
    source = records(args.source)
    try:
        check_coco(args.coco, source, args.out_of_bounds)
        check_yolo(args.yolo, source)
    except Fault as fault:
        sys.exit(f"fault: {fault}")
    print("no fault")


if __name__ == "__main__":
    main()
