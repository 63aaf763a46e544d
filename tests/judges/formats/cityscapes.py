"""Cityscapes polygons: `gtFine/SPLIT/CITY/NAME_gtFine_polygons.json`; panlabel reads them too."""

import json
import re

from harness.geometry import shoelace
from harness.names import flat
from harness.reader import Reader, box_of
from harness.tools import ToolFault, panlabel_rows
from . import Run

RUNS = [Run("polygons"), Run("polygons, kept outside", {"outside": "keep"}, ("edge",))]

ENDING = "_gtFine_polygons.json"


def judge(run, folder, source, report):
    reader = Reader(run, folder, source, report, holds={"outline", "rotation"})
    verdict = reader.verdict
    sequences, seen = {flat(task.stem).replace("%", "%25").replace("_", "~"): task for task in source.tasks}, []
    for path in reader.files("*.json"):
        where = reader.relative(path)
        if not path.name.endswith("_polygons.json"):
            continue
        data = json.loads(path.read_text(encoding="utf-8"))
        verdict.check(set(data) >= {"imgWidth", "imgHeight", "objects"}, f"{where}: has keys {sorted(data)}")
        # CITY_SEQUENCE_FRAME, where a sequence has no underscore.
        found = re.fullmatch(r"[^_]+_([^_]*)_(\d{6})", path.name.removesuffix(ENDING))
        if not verdict.check(found is not None, f"{where}: is not called CITY_SEQUENCE_FRAME"):
            continue
        task = sequences.get(found[1]) or next((task for name, task in sequences.items() if is_cut(found[1]) and name.startswith(found[1].rpartition("-")[0])), None)
        if not verdict.check(task is not None, f"{where}: is of no task"):
            continue
        page = None if task.is_image else int(found[2])
        image = (task, page)
        verdict.check(image not in seen, f"{where}: is there twice")
        seen.append(image)
        verdict.tasks.add(task.index)
        verdict.check((data["imgWidth"], data["imgHeight"]) == task.size, f"{where}: the size is {data['imgWidth']} x {data['imgHeight']}")
        for at, one in enumerate(data["objects"]):
            ring = [tuple(point) for point in one["polygon"]]
            if verdict.check(len(ring) >= 3, f"{where}: object {at} has {len(ring)} points"):
                reader.add(image, one["label"], f"{where}: object {at}", box=box_of(ring), area=shoelace(ring))
    whole = all(float(point).is_integer() for row in reader.rows for point in row.box)
    # Original files hold whole pixels.
    reader.finish(1.01 if whole else 0.0051, images=False, area_tolerance=None if whole else 0.03)
    if source.name != "taco":
        verdict.judged("panlabel", by_panlabel, reader)
    return verdict


def is_cut(name):
    """Whether a name was too long and ends with a mark of sixteen digits."""
    return re.search(r"-[0-9a-f]{16}$", name) is not None


# Classes of Cityscapes that have no instances (labels.py of cityscapesScripts), which panlabel passes over.
STUFF = {
    "unlabeled", "ego vehicle", "rectification border", "out of roi", "static", "dynamic", "ground", "road", "sidewalk", "parking", "rail track", "building", "wall", "fence", "guard rail", "bridge",
    "tunnel", "pole", "polegroup", "traffic light", "traffic sign", "vegetation", "terrain", "sky", "license plate",
}


def by_panlabel(reader):
    found, _ = panlabel_rows("cityscapes", reader.folder, lambda name: (None, None), "Cityscapes")
    wanted = sum(1 for row in reader.rows if row.name.lower() not in STUFF)
    if len(found) != wanted:
        raise ToolFault(f"panlabel reads {len(found)} of {wanted} polygons")
