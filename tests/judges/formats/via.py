"""VGG Image Annotator: JSON and CSV, read by their documentation; panlabel reads both."""

import csv
import json

from harness.geometry import shoelace
from harness.reader import AREAS, Reader, box_of
from harness.tools import ToolFault, panlabel_rows, place_image
from . import Run

RUNS = [Run("regions"), Run("regions, kept outside", {"outside": "keep"}, ("edge", "demo"))]


def judge(run, folder, source, report):
    reader = Reader(run, folder, source, report, AREAS | {"point", "polyline"}, {"outline", "parts", "rotation", "answers", "image answers"})
    verdict, reader.rects = reader.verdict, 0
    entries = []
    for path in reader.files("*.json"):
        data = json.loads(path.read_text(encoding="utf-8"))
        data = data.get("_via_img_metadata", data)
        for key, entry in data.items():
            verdict.check(key == f"{entry['filename']}{entry['size']}", f"{reader.relative(path)}: key {key[:60]!r} is not name and size")
            regions = entry["regions"].values() if isinstance(entry["regions"], dict) else entry["regions"]
            entries.append((entry["filename"], [(region["shape_attributes"], region["region_attributes"]) for region in regions]))
    json_entries = len(entries)
    tables = reader.files("*.csv")
    for path in tables:
        if path.name == "images.csv":
            continue
        per_file = {}
        with open(path, encoding="utf-8", newline="") as opened:
            for row in csv.DictReader(opened):
                found = per_file.setdefault(row["filename"], [])
                count = int(row["region_count"])
                if count:
                    found.append((json.loads(row["region_shape_attributes"]), json.loads(row["region_attributes"])))
        if not json_entries:
            entries += per_file.items()
        else:
            verdict.check({name: len(regions) for name, regions in entries} == {name: len(regions) for name, regions in per_file.items()}, "the CSV and the JSON do not hold the same regions")
    for name, regions in entries:
        image = reader.image(name, name[:60])
        # The parts of an object are regions of one id.
        objects = {}
        for at, (shape, attributes) in enumerate(regions if image else []):
            objects.setdefault(attributes.get("objectId", at), []).append((shape, attributes, f"{name[:60]!r}: region {at}"))
        for parts in objects.values():
            add(reader, image, parts)
    reader.finish(1e-3, area_tolerance=1e-4)
    if source.name != "taco":
        for form, paths in (("via", reader.files("*.json")), ("via-csv", tables)):
            for path in paths:
                if path.name != "images.csv":
                    verdict.judged(f"panlabel {form}", by_panlabel, form, path, reader)
    return verdict


def label(attributes):
    for key in ("label", "class", "type", "name"):
        if key in attributes:
            return attributes[key]
    return next(iter(attributes.values()), None)


def add(reader, image, parts):
    shape, attributes, place = parts[0]
    kind, name = shape["name"], label(attributes)
    points = lambda shape: list(zip(shape.get("all_points_x", []), shape.get("all_points_y", [])))
    if kind == "rect":
        reader.rects += 1
        reader.add(image, name, place, box=(shape["x"], shape["y"], shape["x"] + shape["width"], shape["y"] + shape["height"]))
    elif kind == "polygon":
        rings = [points(part) for part, _, _ in parts]
        reader.add(image, name, place, box=box_of([point for ring in rings for point in ring]), area=sum(map(shoelace, rings)))
    elif kind == "polyline":
        reader.add(image, name, place, line=[point for part, _, _ in parts for point in points(part)])
    elif kind == "point":
        reader.add(image, name, place, line=[(shape["cx"], shape["cy"])])
    else:
        reader.verdict.faults.append(f"{place}: a shape {kind!r}")


def by_panlabel(form, path, reader):
    for (index, _), name in reader.images.items():
        place_image(path.parent / name, reader.source.tasks[index].size or (10, 10))
    if form == "via":
        # It takes no -1 for a size that nobody knows, as VIA itself does for links.
        data = json.loads(path.read_text(encoding="utf-8"))
        data = {f"{entry['filename']}0": {**entry, "size": 0} for entry in data.get("_via_img_metadata", data).values()}
        path = path.with_name("sized.json")
        path.write_text(json.dumps(data), encoding="utf-8")
    found, _ = panlabel_rows(form, path, lambda name: reader.source.find(name), "VIA")
    # It knows boxes alone, and passes over other regions without a word.
    if len(found) != reader.rects:
        raise ToolFault(f"panlabel reads {len(found)} of {reader.rects} boxes")
