"""V7 Darwin 2.0: read by its documentation; panlabel reads its boxes."""

import json

import numpy

from harness.geometry import fill_ring, repaired_tolerance, shoelace
from harness.reader import AREAS, Reader, box_of
from harness.tools import ToolFault, panlabel_rows
from . import Run

RUNS = [
    Run("annotations"),
    Run("annotations, kept outside", {"outside": "keep"}, ("edge", "demo")),
    Run("annotations, frames as items", {"videos": "frames"}, ("edge",)),
]


def judge(run, folder, source, report):
    reader = Reader(run, folder, source, report, AREAS | {"point", "polyline"}, {"outline", "holes", "parts", "rotation", "answers", "image answers"})
    verdict = reader.verdict
    boxes = 0
    for path in reader.files("*.json"):
        where = reader.relative(path)
        data = json.loads(path.read_text(encoding="utf-8"))
        if "item" not in data:
            continue
        verdict.check(data["version"] == "2.0", f"{where}: version {data['version']}")
        item, slot = data["item"], data["item"]["slots"][0]
        verdict.check(set(item) >= {"name", "path", "slots"} and set(slot) >= {"type", "slot_name"}, f"{where}: has keys {sorted(item)}, {sorted(slot)}")
        name = f"{item['path'].strip('/')}/{item['name']}".lstrip("/")
        found = next((place for place in map(source.find, (where.rpartition(".")[0], name, where)) if place), None)
        if not verdict.check(found is not None, f"{where}: {name[:60]!r} is of no task"):
            continue
        task = found[0]
        verdict.tasks.add(task.index)
        verdict.check((slot["width"], slot["height"]) == task.size if "width" in slot and task.size else True, f"{where}: size {slot.get('width')} x {slot.get('height')}")
        ids = [one["id"] for one in data["annotations"]]
        verdict.check(len(set(ids)) == len(ids), f"{where}: an id occurs twice")
        for at, one in enumerate(data["annotations"]):
            place = f"{where}: annotation {at}"
            if "frames" in one:
                track(reader, task, one, slot, place)
            else:
                boxes += add(reader, found, one["name"], one, place)
    reader.finish(2e-5, images=False, area_tolerance=repaired_tolerance, slack=2)
    if source.name != "taco":
        verdict.judged("panlabel", by_panlabel, reader, boxes)
    return verdict


def track(reader, task, one, slot, place):
    """A track of a video: its frames by number, from 0, and the stretches that it is there in, whose ends do not belong to them."""
    frames = {int(number): shape for number, shape in one["frames"].items()}
    ranges = one["ranges"]
    reader.verdict.check(all(start < end for start, end in ranges) and ranges == sorted(ranges), f"{place}: ranges {ranges}")
    there = {number for start, end in ranges for number in range(start, end)}
    reader.verdict.check(set(frames) <= there and all(start in frames for start, _ in ranges), f"{place}: frames {sorted(frames)} and ranges {ranges}")
    last = None
    for number in sorted(there):
        # Where nothing is interpolated a frame that is not listed holds the one before.
        last = frames.get(number, last)
        reader.verdict.check(number in frames or not one.get("interpolated"), f"{place}: frame {number} is left to interpolation")
        add(reader, (task, number), one["name"], last, f"{place}: frame {number}")


def add(reader, image, name, one, place):
    """Adds one shape; whether it is a box and nothing else."""
    xy = lambda point: (point["x"], point["y"])
    edges = lambda box: (box["x"], box["y"], box["x"] + box["w"], box["y"] + box["h"])
    if "tag" in one:
        return 0
    if "polygon" in one:
        rings = [[xy(point) for point in path] for path in one["polygon"]["paths"]]
        reader.verdict.check(all(len(ring) >= 3 for ring in rings), f"{place}: a path of less than three points")
        mask = None
        if image[0].size and image[0].size[0] * image[0].size[1] <= 1_000_000:
            # What is in an odd number of paths is inside.
            mask = numpy.logical_xor.reduce([fill_ring(ring, *image[0].size) for ring in rings])
        reader.add(image, name, place, box=box_of([point for ring in rings for point in ring]), area=shoelace(rings[0]) if len(rings) == 1 else None, mask=mask if reader.verdict.clips else None)
        if "bounding_box" in one:
            reader.verdict.check(max(abs(a - b) for a, b in zip(edges(one["bounding_box"]), reader.rows[-1].box)) < 1e-4, f"{place}: the box is not that of the paths")
        return 0
    if "keypoint" in one:
        reader.add(image, name, place, line=[xy(one["keypoint"])])
        return 0
    if "line" in one:
        reader.add(image, name, place, line=[xy(point) for point in one["line"]["path"]])
        return 0
    if reader.verdict.check("bounding_box" in one, f"{place}: has neither of the known kinds: {sorted(one)}"):
        reader.add(image, name, place, box=edges(one["bounding_box"]))
    return 1


def by_panlabel(reader, boxes):
    """It reads a file, which is an item."""
    read = 0
    for path in reader.files("*.json"):
        if "item" in json.loads(path.read_text(encoding="utf-8")):
            read += len(panlabel_rows("v7-darwin", path, lambda name: (None, None), "Darwin")[0])
    if read < boxes:
        raise ToolFault(f"panlabel reads {read} of {boxes} boxes")
