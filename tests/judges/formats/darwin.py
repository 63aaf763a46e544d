"""V7 Darwin 2.0: read by its documentation; panlabel reads its boxes."""

import json

from harness.geometry import shoelace
from harness.reader import AREAS, Reader, box_of
from harness.tools import ToolFault, panlabel_rows
from . import Run

RUNS = [Run("annotations"), Run("annotations, kept outside", {"outside": "keep"}, ("edge", "demo"))]


def judge(run, folder, source, report):
    reader = Reader(run, folder, source, report, AREAS | {"point", "polyline"}, {"outline", "holes", "parts", "answers", "image answers"})
    verdict = reader.verdict
    boxes = 0
    for path in reader.files("*.json"):
        where = reader.relative(path)
        data = json.loads(path.read_text(encoding="utf-8"))
        if "item" not in data:
            continue
        verdict.check(data["version"] == "2.0", f"{where}: version {data['version']}")
        item = data["item"]
        name = f"{item.get('path', '/').strip('/')}/{item['name']}".lstrip("/")
        own = path.relative_to(folder).with_suffix("").as_posix()
        image = reader.image(next((known for known in (name, own, own.partition("/")[2]) if source.find(known)), name), where, tuple(item["slots"][0].get(side) for side in ("width", "height")) if item["slots"][0].get("width") else None)
        ids = [one["id"] for one in data["annotations"]]
        verdict.check(len(set(ids)) == len(ids), f"{where}: an id occurs twice")
        for at, one in enumerate(data["annotations"] if image else []):
            boxes += add(reader, image, one, f"{where}: annotation {at}")
    reader.finish(1e-4, images=False, area_tolerance=1e-4)
    if source.name != "taco":
        verdict.judged("panlabel", by_panlabel, reader, boxes)
    return verdict


def add(reader, image, one, place):
    kinds = {"polygon", "line", "keypoint", "tag", "ellipse", "skeleton", "mask", "raster_layer"}
    kind = next((key for key in kinds if key in one), "bounding_box" if "bounding_box" in one else None)
    if kind == "tag":
        return 0
    xy = lambda point: (point["x"], point["y"])
    page = image[1]
    image = (image[0], page)
    if kind == "polygon":
        paths = [[xy(point) for point in path] for path in one["polygon"]["paths"]]
        box = one.get("bounding_box")
        reader.add(image, one["name"], place, box=box_of([point for path in paths for point in path]))
        if box:
            edges = (box["x"], box["y"], box["x"] + box["w"], box["y"] + box["h"])
            reader.verdict.check(max(abs(a - b) for a, b in zip(edges, reader.rows[-1].box)) < 0.02, f"{place}: the box is not that of the paths")
        reader.rows[-1].rings = paths
        return 0
    if kind == "keypoint":
        reader.add(image, one["name"], place, line=[xy(one["keypoint"])])
        return 0
    if kind == "line":
        reader.add(image, one["name"], place, line=[xy(point) for point in one["line"]["path"]])
        return 0
    if not reader.verdict.check(kind == "bounding_box", f"{place}: has neither of the known kinds: {sorted(one)}"):
        return 0
    box = one["bounding_box"]
    reader.add(image, one["name"], place, box=(box["x"], box["y"], box["x"] + box["w"], box["y"] + box["h"]))
    return 1


def by_panlabel(reader, boxes):
    found, _ = panlabel_rows("v7-darwin", reader.folder, lambda name: reader.source.find(name) or (None, None), "Darwin")
    if len(found) < boxes:
        raise ToolFault(f"panlabel reads {len(found)} of {boxes} boxes")
