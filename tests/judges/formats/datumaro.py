"""Datumaro JSON: read by its own format's rules, by panlabel, and with --all by datumaro."""

import json
import os

from pycocotools import mask as codec

from harness.geometry import shoelace
from harness.reader import AREAS, Reader, box_of
from harness.tools import datumaro_agrees, panlabel_rows
from . import Run

RUNS = [Run("annotations"), Run("annotations, kept outside", {"outside": "keep"}, ("edge", "demo"))]


def judge(run, folder, source, report):
    reader = Reader(run, folder, source, report, AREAS | {"point", "polyline"}, {"outline", "holes", "parts", "rotation", "answers", "image answers"})
    verdict = reader.verdict
    files = [path for path in reader.files("*.json")]
    for path in files:
        where, data = reader.relative(path), json.loads(path.read_text(encoding="utf-8"))
        verdict.check(set(data) >= {"infos", "categories", "items"}, f"{where}: has keys {sorted(data)}")
        labels = [label["name"] for label in data["categories"]["label"]["labels"]]
        verdict.check(len(set(labels)) == len(labels), f"{where}: a label occurs twice, and importers find labels by name")
        seen = set()
        for item in data["items"]:
            verdict.check(item["id"] not in seen, f"{where}: item {item['id'][:60]!r} is there twice")
            seen.add(item["id"])
            size = item.get("image", {}).get("size")
            image = reader.image(item["id"] if source.find(item["id"]) else item.get("image", {}).get("path", item["id"]), where, size and tuple(size[::-1]))
            add_all(reader, image, item, labels, f"{where}: item {item['id'][:40]!r}")
    reader.finish(1e-2, area_tolerance=1e-3, slack=2)
    if source.name != "taco" and files:
        verdict.judged("panlabel", by_panlabel, files[0], reader)
        if os.environ.get("ANGO_JUDGES_ALL"):
            verdict.judged("datumaro", datumaro_agrees, "datumaro", folder, len(reader.images), sum(1 for _ in shapes(files[0])))
    return verdict


def add_all(reader, image, item, labels, where):
    groups = {}
    for at, one in enumerate(item["annotations"] if image else []):
        kind, place = one["type"], f"{where}: annotation {at}"
        name = labels[one["label_id"]] if one.get("label_id") is not None else None
        points = list(zip(one.get("points", [])[::2], one.get("points", [])[1::2]))
        if kind == "bbox":
            x, y, width, height = one["bbox"]
            reader.add(image, name, place, box=(x, y, x + width, y + height))
        elif kind == "polygon":
            # Parts of one object share a group.
            if one.get("group"):
                groups.setdefault(one["group"], []).append((place, name, points))
            else:
                reader.add(image, name, place, box=box_of(points), area=shoelace(points))
        elif kind == "mask":
            rle = one["rle"]
            mask = codec.decode({"size": rle["size"], "counts": rle["counts"].encode() if isinstance(rle["counts"], str) else rle["counts"]}).astype(bool)
            reader.add_mask(image, name, place, mask)
        elif kind in ("polyline", "points"):
            reader.add(image, name, place, line=points)
        elif kind in ("rotated_bbox",):
            reader.add(image, name, place, box=None)
        elif kind not in ("label", "caption"):
            reader.verdict.faults.append(f"{place}: is a {kind}")
    for parts in groups.values():
        place, name, _ = parts[0]
        reader.add(image, name, place, box=box_of([point for _, _, points in parts for point in points]), area=sum(shoelace(points) for _, _, points in parts))


def by_panlabel(path, reader):
    panlabel_rows("datumaro", path, lambda name: (None, None), "Datumaro")


def shapes(path):
    """All annotations that are no labels of images."""
    for item in json.loads(path.read_text(encoding="utf-8"))["items"]:
        yield from (one for one in item["annotations"] if one["type"] not in ("label", "caption"))
