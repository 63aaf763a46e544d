"""Masks: PIL and numpy read them; pixels are those of the objects, painted one over the other, and of the brush below."""

import csv
import json

import numpy
from PIL import Image

from harness.account import Verdict
from harness.paint import brush_of, covered, paint, slack
from harness.source import AREAS
from . import Run

RUNS = [
    Run("semantic", {}, ("edge", "demo")),
    Run("semantic, far apart", {"class_mapping_type": "single_channel_diverging"}, ("edge",)),
    Run("semantic, colours", {"class_mapping_type": "multi_channel_qualitative"}, ("edge", "demo")),
    Run("semantic, project colours, brush on top", {"class_mapping_type": "project_colors", "brush": "above"}, ("edge",)),
    Run("semantic, palette", {"class_mapping_type": "palette"}, ("edge", "demo")),
    Run("instance", {"task": "instance"}, ("edge", "demo")),
    Run("object", {"task": "object"}, ("edge",)),
    Run("binary", {"task": "binary"}, ("edge", "demo")),
]

# Lines and points as they are drawn when nothing else is asked for.
LINE, POINT = 3, 5


def judge(run, folder, source, report):
    task = run.options.get("task", "semantic")
    verdict = Verdict(draws=set(AREAS) | {"point", "polyline"} if task == "object" else set(), holds={"outline", "holes", "parts", "rotation", "brush"}, judges=["PIL"], tasks=set())
    mapping = json.loads((folder / "class_mapping.json").read_text(encoding="utf-8"))
    verdict.check([entry["name"] for entry in mapping["classes"]] == source.titles, "class_mapping.json: not the classes of the ontology, in its order")
    with open(folder / "images.csv", encoding="utf-8", newline="") as opened:
        images = list(csv.DictReader(opened))
    rows = {}
    for path in folder.glob("instances.ndjson"):
        for line in path.read_text(encoding="utf-8").split("\n"):
            if line:
                row = json.loads(line)
                rows.setdefault(row["mask"], []).append(row)
    for image in images:
        name = image["file"].partition("/")[2]
        place = source.find(image["file"]) or source.find(name) or source.find(name.partition("/")[2])
        if not verdict.check(place is not None, f"image {image['file'][:60]!r} is of no task"):
            continue
        one, page = place
        verdict.tasks.add(one.index)
        drawn = [drawn for drawn in one.objects if not drawn.is_stop and (page is None or drawn.page_index == page) and drawn.schema_id in source.classes]
        stem = name.rpartition(".")[0] if "." in name.rpartition("/")[2][1:] else name
        {"semantic": semantic, "instance": instance, "object": objects, "binary": binary}[task](verdict, folder, source, report, run, one, drawn, stem, mapping, rows)
    verdict.check({path.relative_to(folder).as_posix() for path in folder.glob("masks/**/*.png")} >= set(rows), "instances.ndjson: masks that are not there")
    return verdict


def opened(verdict, path, size):
    if not verdict.check(path.is_file(), f"{path.name[:60]!r} is not there"):
        return None
    image = Image.open(path)
    verdict.check(image.size == size, f"{path.name[:60]!r}: of {image.size}, not {size}")
    return image


def semantic(verdict, folder, source, report, run, task, drawn, stem, mapping, rows):
    image = opened(verdict, folder / "masks" / f"{stem}.png", task.size)
    if image is None:
        return
    mode = {"single_channel_sequential": "L", "single_channel_diverging": "L", "palette": "P"}.get(mapping["class_mapping_type"], "RGB")
    verdict.check(image.mode == mode or (mode == "L" and image.mode.startswith("I;16")), f"{stem[:60]!r}: of mode {image.mode}, not {mode}")
    pixels = numpy.asarray(image)
    if mode == "RGB":
        pixels = pixels[..., 0].astype(int) << 16 | pixels[..., 1].astype(int) << 8 | pixels[..., 2]
    number = lambda value: value[0] << 16 | value[1] << 8 | value[2] if isinstance(value, list) else value
    values = [number(entry["value"]) for entry in mapping["classes"]]
    known = {*values, number(mapping["background"])}
    # Colours of a project may be the same, or that of the background.
    verdict.check(set(numpy.unique(pixels).tolist()) <= known, f"{stem[:60]!r}: values {sorted(set(numpy.unique(pixels).tolist()) - known)[:3]} stand for nothing")
    index = source.numbers
    top, masks = paint(drawn, task.size, LINE, POINT)
    strokes = list(brush_of(task).items())
    above = run.options.get("brush") == "above"
    for schema, painted in strokes:
        seen = painted if above else painted & (top == 0)
        if above:
            top = numpy.where(painted, -1, top)
        verdict.check((pixels[seen] == values[index[schema]]).all(), f"{stem[:60]!r}: pixels of the brush of {source.classes[schema]!r} are another class")
    wrong = allowed = 0
    for at, (one, mask) in enumerate(zip(drawn, masks), 1):
        if mask is None:
            continue
        seen = top == at
        off = numpy.count_nonzero(seen & (pixels != values[index[one.schema_id]]))
        wrong, allowed = wrong + off, allowed + slack(one)
        if seen.any() and off <= min(slack(one), 0.6 * numpy.count_nonzero(seen)):
            verdict.kept[one.key] += 1
    ground = (top == 0) & ~numpy.logical_or.reduce([painted for _, painted in strokes] or [numpy.zeros(top.shape, bool)])
    wrong += numpy.count_nonzero(ground & (pixels != number(mapping["background"])))
    verdict.check(wrong <= allowed, f"{stem[:60]!r}: {wrong} pixels are not as they were drawn, along edges {allowed:.0f} may be")


def instance(verdict, folder, source, report, run, task, drawn, stem, mapping, rows):
    image = opened(verdict, folder / "masks" / f"{stem}.png", task.size)
    if image is None:
        return
    pixels = numpy.asarray(image).astype(int)
    top, masks = paint(drawn, task.size, LINE, POINT)
    named = {row["object_id"]: row for row in rows.get(f"masks/{stem}.png", []) if row.get("object_id")}
    values = {row["value"] for row in rows.get(f"masks/{stem}.png", [])}
    verdict.check(set(numpy.unique(pixels).tolist()) - {0} == values, f"{stem[:60]!r}: numbers of the mask and of instances.ndjson are not the same")
    for at, (one, mask) in enumerate(zip(drawn, masks), 1):
        row = named.get(one.id)
        if row is None or mask is None:
            continue
        found = pixels == row["value"]
        verdict.check(row["pixels"] == numpy.count_nonzero(found) and row["class"] == source.classes[one.schema_id], f"{stem[:60]!r}: {row['pixels']} pixels of {row['class']!r}, in the mask {numpy.count_nonzero(found)}")
        if numpy.count_nonzero(found ^ (top == at)) <= slack(one):
            verdict.kept[one.key] += 1


def objects(verdict, folder, source, report, run, task, drawn, stem, mapping, rows):
    for one in drawn:
        path = folder / "masks" / stem / f"{one.id}.png"
        mask = covered(one, task.size, LINE, POINT)
        if mask is None or not path.is_file():
            continue
        found = numpy.asarray(opened(verdict, path, task.size)) > 0
        if verdict.check(numpy.count_nonzero(found ^ mask) <= slack(one), f"{stem[:60]!r}: the mask of {one.id} is not that of the object"):
            verdict.kept[one.key] += 1


def binary(verdict, folder, source, report, run, task, drawn, stem, mapping, rows):
    folders = {schema: mapping["classes"][at]["folder"] for schema, at in source.numbers.items()}
    for one in drawn:
        path = folder / folders[one.schema_id] / f"{stem}.png"
        mask = covered(one, task.size, LINE, POINT)
        if mask is None or not mask.any() or not path.is_file():
            continue
        found = numpy.asarray(opened(verdict, path, task.size)) > 0
        missing = numpy.count_nonzero(mask & ~found)
        if missing <= min(slack(one), 0.6 * numpy.count_nonzero(mask)):
            verdict.kept[one.key] += 1
