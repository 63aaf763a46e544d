"""Label Studio: percent of the image, rotation about the top-left corner, brush masks in its own run lengths; panlabel reads its boxes."""

import json
import re
import tempfile
from math import cos, radians, sin
from pathlib import Path

import numpy

from harness.geometry import shoelace
from harness.paint import brush_of
from harness.reader import AREAS, Reader, box_of
from harness.tools import ToolFault, panlabel_rows
from . import Run

RUNS = [
    Run("tasks"),
    Run("tasks, kept outside", {"outside": "keep"}, ("edge", "demo")),
    Run("texts", {"tasks": "texts"}, ("few",)),
]

LABELS = {"rectanglelabels", "polygonlabels", "keypointlabels", "ellipselabels", "brushlabels", "vectorlabels"}


def judge(run, folder, source, report):
    if run.options.get("tasks") == "texts":
        return texts(run, folder, source, report)
    reader = Reader(run, folder, source, report, AREAS | {"point", "polyline"}, {"outline", "holes", "parts", "rotation", "answers", "image answers", "relations", "brush"})
    verdict = reader.verdict
    verdict.wants = lambda one: not one.task.is_video
    reader.strokes = {(task.index, schema): mask for task in source.tasks if task.size for schema, mask in brush_of(task).items()}
    lists = [path for path in reader.files("*.json") if isinstance(json.loads(path.read_text(encoding="utf-8")), list)]
    for path in lists:
        for at, task in enumerate(json.loads(path.read_text(encoding="utf-8"))):
            where = f"{reader.relative(path)}: task {at}"
            image = reader.image(task["meta"]["file_name"], where)
            for result in task.get("annotations", task.get("predictions", [])) if image else []:
                add_all(reader, image, result["result"], where)
    verdict.check(not reader.strokes, f"brushes of {len(reader.strokes)} classes are not there")
    reader.finish(lambda task: 1e-6 * max(task.size) if task.size else 0, images=False, area_tolerance=1e-4, slack=2)
    if source.name != "taco":
        for path in lists:
            verdict.judged("panlabel", by_panlabel, path, reader)
    return verdict


def add_all(reader, image, results, where):
    """The regions of an image; those of one object have its id, and from the second on a number after it."""
    regions, known = {}, set()
    for number, one in enumerate(results):
        labels = next((one.get("value", {}).get(key) for key in LABELS if key in one.get("value", {})), None)
        if labels is None:
            continue
        reader.verdict.check(one["id"] not in known, f"{where}: a region's id occurs twice: {one['id']}")
        known.add(one["id"])
        reader.verdict.check((one["original_width"], one["original_height"]) == image[0].size, f"{where}, result {number}: of an image of {one['original_width']} x {one['original_height']}")
        part = re.fullmatch(r"(.+)-\d+", one["id"])
        regions.setdefault(part[1] if part and part[1] in regions else one["id"], []).append((f"{where}, result {number}", labels[0], one))
    for parts in regions.values():
        add(reader, image, parts)


def add(reader, image, parts):
    place, label, one = parts[0]
    width, height = image[0].size
    scaled = lambda point: (point[0] * width / 100, point[1] * height / 100)
    value, kind = one["value"], one["type"]
    if kind == "rectanglelabels":
        # The corner stays where it is, and the box turns about it.
        (x, y), (w, h), turn = scaled((value["x"], value["y"])), scaled((value["width"], value["height"])), radians(value.get("rotation", 0))
        across, down = (w * cos(turn), w * sin(turn)), (-h * sin(turn), h * cos(turn))
        ring = [(x, y), (x + across[0], y + across[1]), (x + across[0] + down[0], y + across[1] + down[1]), (x + down[0], y + down[1])]
        reader.add(image, label, place, box=box_of(ring), area=w * h)
    elif kind == "polygonlabels":
        rings = [[scaled(point) for point in part["value"]["points"]] for _, _, part in parts]
        reader.add(image, label, place, box=box_of([point for ring in rings for point in ring]), area=sum(map(shoelace, rings)))
    elif kind == "keypointlabels":
        reader.add(image, label, place, line=[scaled((value["x"], value["y"]))])
    elif kind == "vectorlabels":
        reader.add(image, label, place, line=[scaled((point["x"], point["y"])) for point in value["vertices"]])
    elif kind == "brushlabels":
        mask = unpack(value["rle"], width, height)
        stroke = next((key for key in reader.strokes if key[0] == image[0].index and reader.source.classes[key[1]] == label), None)
        if stroke and (mask == reader.strokes[stroke]).all():
            # What a brush painted of a class, which is no object of the export.
            del reader.strokes[stroke]
        else:
            reader.add_mask(image, label, place, mask)
    else:
        reader.verdict.faults.append(f"{place}: is a {kind}")


class Bits:
    """Reads numbers of a few bits out of bytes, the highest bit first."""

    def __init__(self, data):
        self.data, self.at = bytes(data), 0

    def read(self, count):
        value = 0
        for _ in range(count):
            value = value << 1 | self.data[self.at >> 3] >> (7 - (self.at & 7)) & 1
            self.at += 1
        return value


def unpack(rle, width, height):
    """A mask in Label Studio's run lengths (those of the package @thi.ng/rle-pack): RGBA, of which the last channel says what is painted."""
    bits = Bits(rle)
    count, word = bits.read(32), bits.read(5) + 1
    sizes = [bits.read(4) + 1 for _ in range(4)]
    if count != width * height * 4:
        raise ToolFault(f"run lengths of {count} numbers for {width} x {height} pixels")
    values = numpy.zeros(count, numpy.uint8)
    at = 0
    while at < count:
        repeated = bits.read(1)
        length = 1 + bits.read(sizes[bits.read(2)])
        if repeated:
            values[at : at + length] = bits.read(word)
        else:
            values[at : at + length] = [bits.read(word) for _ in range(length)]
        at += length
    return values.reshape(height, width, 4)[..., 3] > 0


def texts(run, folder, source, report):
    """Entities: `start`, `end` and the text between."""
    reader = Reader(run, folder, source, report, draws=(), holds={"answers", "image answers", "relations"})
    verdict = reader.verdict
    verdict.tasks = None
    for path in reader.files("*.json"):
        data = json.loads(path.read_text(encoding="utf-8"))
        for task in data if isinstance(data, list) else []:
            found = source.find(task["meta"]["file_name"])
            if not verdict.check(found is not None, f"{task['meta']['file_name'][:60]!r} is of no task"):
                continue
            for result in task.get("annotations", []):
                for one in result["result"]:
                    if one["type"] != "labels":
                        continue
                    drawn = next((drawn for drawn in found[0].objects if drawn.id == one["id"] and drawn.kind == "ner"), None)
                    if verdict.check(drawn is not None and one["value"]["labels"] == [source.classes[drawn.schema_id]], f"{found[0].file_name}: entity {one['id']} is none of the source"):
                        verdict.kept[drawn.key] += 1
    return verdict


def by_panlabel(path, reader):
    """It reads upright boxes and refuses what has anything else, so it gets those alone."""
    boxes = 0
    tasks = json.loads(path.read_text(encoding="utf-8"))
    for number, task in enumerate(tasks):
        # It knows images by their last names, which must differ.
        task["data"]["image"] = f"{number}.png"
        for result in task.get("annotations", []):
            result["result"] = [one for one in result["result"] if one["type"] == "rectanglelabels" and not one["value"].get("rotation")]
            boxes += len(result["result"])
    with tempfile.TemporaryDirectory() as folder:
        alone = Path(folder) / "tasks.json"
        alone.write_text(json.dumps(tasks), encoding="utf-8")
        found, images = panlabel_rows("label-studio", alone, lambda name: (None, None), "Label Studio")
    if (len(found), len(images)) != (boxes, len(tasks)):
        raise ToolFault(f"panlabel reads {len(found)} of {boxes} boxes, {len(images)} of {len(tasks)} images")
