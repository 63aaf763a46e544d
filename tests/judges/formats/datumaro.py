"""Datumaro JSON: read by its own format's rules, by panlabel, and with --all by datumaro."""

import json
import os

from pycocotools import mask as codec

from harness.geometry import shoelace
from harness.paint import brush_of
from harness.reader import AREAS, Reader, box_of
from harness.tools import datumaro_agrees, panlabel_rows
from . import Run

RUNS = [Run("annotations"), Run("annotations, kept outside", {"outside": "keep"}, ("edge", "demo")), Run("annotations, holes filled", {"holes": "fill"}, ("edge",))]


def judge(run, folder, source, report):
    filled = run.options.get("holes") == "fill"
    reader = Reader(run, folder, source, report, AREAS | {"point", "polyline"}, {"outline", "parts", "rotation", "answers", "image answers", "brush"} | (set() if filled else {"holes"}))
    verdict = reader.verdict
    reader.strokes = {(task.index, schema): mask for task in source.tasks if task.size for schema, mask in brush_of(task).items()}
    files = reader.files("*.json")
    for path in files:
        where, data = reader.relative(path), json.loads(path.read_text(encoding="utf-8"))
        verdict.check(set(data) >= {"infos", "categories", "items"}, f"{where}: has keys {sorted(data)}")
        labels = [label["name"] for label in data["categories"]["label"]["labels"]]
        verdict.check(len(set(labels)) == len(labels), f"{where}: a label occurs twice, which datumaro refuses")
        seen = set()
        for item in data["items"]:
            verdict.check(item["id"] not in seen, f"{where}: item {item['id'][:60]!r} is there twice")
            seen.add(item["id"])
            size = item.get("image", {}).get("size")
            # Its sizes are height first.
            image = reader.image(item["id"] if source.find(item["id"]) else item.get("image", {}).get("path", item["id"]), where, size and tuple(size[::-1]))
            if image:
                add_all(reader, image, item, labels, f"{where}: item {item['id'][:40]!r}")
    verdict.check(not reader.strokes, f"brushes of {len(reader.strokes)} classes are not there")
    reader.finish(2e-5, area_tolerance=1e-4, slack=2, filled=filled)
    if source.name != "taco" and files:
        verdict.judged("panlabel", panlabel_rows, "datumaro", files[0], lambda name: (None, None), "Datumaro")
        if os.environ.get("ANGO_JUDGES_ALL"):
            verdict.judged("datumaro", datumaro_agrees, "datumaro", folder, len(reader.images), sum(1 for _ in shapes(files[0])))
    return verdict


def add_all(reader, image, item, labels, where):
    groups = {}
    for at, one in enumerate(item["annotations"]):
        kind, place = one["type"], f"{where}: annotation {at}"
        name = labels[one["label_id"]] if one.get("label_id") is not None else None
        points = list(zip(one.get("points", [])[::2], one.get("points", [])[1::2]))
        if kind == "bbox":
            x, y, width, height = one["bbox"]
            reader.add(image, name, place, box=(x, y, x + width, y + height), id=one["attributes"].get("objectId"))
        elif kind == "polygon":
            # Parts of one object share a group.
            groups.setdefault(("group", one["group"]) if one.get("group") else ("alone", at), []).append((place, name, points, one["attributes"].get("objectId")))
        elif kind == "mask":
            mask = unpack(one["rle"])
            stroke = next((key for key in reader.strokes if key[0] == image[0].index and reader.source.classes[key[1]] == name), None)
            if stroke and "objectId" not in one["attributes"]:
                # What a brush painted of a class, which is no object of the export.
                reader.verdict.check((mask == reader.strokes.pop(stroke)).all(), f"{place}: other pixels than the brush painted")
            else:
                reader.add_mask(image, name, place, mask)
        elif kind in ("polyline", "points"):
            reader.add(image, name, place, line=points)
        else:
            reader.verdict.check(kind in ("label", "caption"), f"{place}: is a {kind}")
    for parts in groups.values():
        place, name, _, object_id = parts[0]
        reader.add(image, name, place, box=box_of([point for _, _, points, _ in parts for point in points]), area=sum(shoelace(points) for _, _, points, _ in parts), id=object_id)


def unpack(rle):
    counts = rle["counts"]
    packed = codec.frPyObjects(rle, *rle["size"]) if isinstance(counts, list) else {"size": rle["size"], "counts": counts.encode()}
    return codec.decode(packed).astype(bool)


def shapes(path):
    """All annotations that are no labels of images."""
    for item in json.loads(path.read_text(encoding="utf-8"))["items"]:
        yield from (one for one in item["annotations"] if one["type"] not in ("label", "caption"))
