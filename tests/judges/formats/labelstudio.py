"""Label Studio: percent of the image, rotation about the top-left corner; panlabel reads its boxes."""

import json
from math import cos, radians, sin
from pathlib import Path

from harness.geometry import shoelace
from harness.reader import AREAS, Reader, box_of
from harness.tools import ToolFault, panlabel_rows
from . import Run

RUNS = [Run("tasks"), Run("tasks, kept outside", {"outside": "keep"}, ("edge", "demo"))]

LABELS = {"rectanglelabels", "polygonlabels", "keypointlabels", "ellipselabels", "brushlabels", "vectorlabels"}


def judge(run, folder, source, report):
    reader = Reader(run, folder, source, report, AREAS | {"point"}, {"outline", "rotation", "answers", "image answers", "relations"})
    verdict = reader.verdict
    for path in reader.files("*.json"):
        data = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(data, list):
            continue
        for at, task in enumerate(data):
            where = f"{reader.relative(path)}: task {at}"
            name = name_of(task, source)
            image = reader.image(name, where)
            for result in task.get("annotations", task.get("completions", [])) if image else []:
                ids = [one["id"] for one in result["result"] if one["type"] != "relation" and "choices" not in one["value"] and "text" not in one["value"] and "taxonomy" not in one["value"]]
                verdict.check(len(set(ids)) == len(ids), f"{where}: a region's id occurs twice")
                for number, one in enumerate(result["result"]):
                    add(reader, image, one, f"{where}, result {number}")
    reader.finish(lambda task: 1e-4 * max(task.size) if task.size else 0, area_tolerance=1e-3)
    if source.name != "taco":
        for path in reader.files("*.json"):
            if isinstance(json.loads(path.read_text(encoding="utf-8")), list):
                verdict.judged("panlabel", by_panlabel, path, reader)
    return verdict


def name_of(task, source):
    """Tasks say where the image is, by its link; and by the name that we give it."""
    meta = {**task.get("meta", {}), **task.get("data", {})}
    for key in ("file_name", "name", "externalId"):
        if key in meta and source.find(str(meta[key])):
            return meta[key]
    by_url = {one.url: one.file_name for one in source.tasks}
    return next((by_url[value] for value in meta.values() if value in by_url), str(meta)[:80])


def add(reader, image, one, place):
    if one["type"] == "relation":
        return
    value = one["value"]
    labels = next((value[key] for key in LABELS if key in value), None)
    if labels is None:
        return
    width, height = one["original_width"], one["original_height"]
    reader.verdict.check((width, height) == image[0].size, f"{place}: of an image of {width} x {height}")
    if one["type"] == "rectanglelabels":
        # The corner stays where it is, and the box turns about it.
        x, y, w, h = value["x"] * width / 100, value["y"] * height / 100, value["width"] * width / 100, value["height"] * height / 100
        turn = radians(value.get("rotation", 0))
        across, down = (w * cos(turn), w * sin(turn)), (-h * sin(turn), h * cos(turn))
        ring = [(x, y), (x + across[0], y + across[1]), (x + across[0] + down[0], y + across[1] + down[1]), (x + down[0], y + down[1])]
        reader.add(image, labels[0], place, box=box_of(ring), area=w * h)
    elif one["type"] == "polygonlabels":
        ring = [(x * width / 100, y * height / 100) for x, y in value["points"]]
        reader.add(image, labels[0], place, box=box_of(ring), area=shoelace(ring))
    elif one["type"] == "keypointlabels":
        reader.add(image, labels[0], place, line=[(value["x"] * width / 100, value["y"] * height / 100)])
    else:
        reader.add(image, labels[0], place, box=None)


def by_panlabel(path, reader):
    found, _ = panlabel_rows("label-studio", path, lambda name: (None, None), "Label Studio")
    upright = [row for row in reader.rows if row.box]
    if len(found) < len(upright):
        raise ToolFault(f"panlabel reads {len(found)} of {len(upright)} regions")
