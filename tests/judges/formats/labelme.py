"""LabelMe: one JSON for each image, shapes by kind, parts of one object by their group; panlabel reads it too."""

import base64
import io
import json
import tempfile
from pathlib import Path

import numpy
from PIL import Image

from harness.geometry import shoelace
from harness.reader import AREAS, Reader, box_of
from harness.tools import ToolFault, panlabel_rows, place_image
from . import Run

RUNS = [Run("shapes"), Run("shapes, kept outside", {"outside": "keep"}, ("edge", "demo")), Run("shapes, flat names", {"names": "flat"}, ("edge",))]


def judge(run, folder, source, report):
    reader = Reader(run, folder, source, report, AREAS | {"point", "polyline"}, {"outline", "rotation", "holes", "parts", "answers", "image answers"})
    verdict = reader.verdict
    for path in reader.files("*.json"):
        where = reader.relative(path)
        data = json.loads(path.read_text(encoding="utf-8"))
        verdict.check(set(data) >= {"version", "flags", "shapes", "imagePath", "imageData", "imageHeight", "imageWidth"}, f"{where}: has keys {sorted(data)}")
        task_path = path.relative_to(folder).as_posix()
        image = reader.image(next((known for known in (task_path, task_path.partition("/")[2]) if source.find(known)), task_path), where, (data["imageWidth"], data["imageHeight"]))
        if image is None:
            continue
        verdict.check(data["imageData"] is None and Path(data["imagePath"]).stem == path.stem, f"{where}: is of {data['imagePath']!r}")
        groups = {}
        for at, shape in enumerate(data["shapes"]):
            place = f"{where}: shape {at}"
            verdict.check(set(shape) >= {"label", "points", "group_id", "shape_type", "flags"}, f"{place}: has keys {sorted(shape)}")
            groups.setdefault(("group", shape["group_id"]) if shape["group_id"] is not None else ("shape", at), []).append((place, shape))
        for parts in groups.values():
            add(reader, image, parts)
    names = {row.name for row in reader.rows}
    reader.finish(1e-4, area_tolerance=1e-4, slack=2)
    if source.name != "taco" and names:
        verdict.judged("panlabel", by_panlabel, reader)
    return verdict


def add(reader, image, parts):
    """One object of one or several shapes."""
    place, first = parts[0]
    kind, points = first["shape_type"], [tuple(point) for _, shape in parts for point in shape["points"]]
    need = {"polygon": 3, "rectangle": 2, "circle": 2, "line": 2, "linestrip": 1, "point": 1, "mask": 2}.get(kind)
    if not reader.verdict.check(need is not None and all(len(shape["points"]) >= need for _, shape in parts), f"{place}: a {kind} of {len(first['points'])} points"):
        return
    if kind in ("point", "line", "linestrip"):
        reader.add(image, first["label"], place, line=points)
    elif kind == "mask":
        (x, y), _ = first["points"]
        pixels = numpy.asarray(Image.open(io.BytesIO(base64.b64decode(first["mask"])))) > 0
        whole = numpy.zeros((image[0].size[1], image[0].size[0]), bool)
        whole[int(y) : int(y) + pixels.shape[0], int(x) : int(x) + pixels.shape[1]] = pixels
        reader.add_mask(image, first["label"], place, whole)
    else:
        area = sum(shoelace(shape["points"]) for _, shape in parts) if kind == "polygon" else None
        # A ring that is bridged to its holes covers what the object does.
        reader.add(image, first["label"], place, box=box_of(points), area=area)


def by_panlabel(reader):
    """It knows polygons and rectangles, and one folder of files."""
    known = 0
    with tempfile.TemporaryDirectory() as made:
        for at, path in enumerate(reader.files("*.json")):
            data = json.loads(path.read_text(encoding="utf-8"))
            data["shapes"] = [shape for shape in data["shapes"] if shape["shape_type"] in ("polygon", "rectangle")]
            data["imagePath"] = f"{at}.png"
            known += len(data["shapes"])
            (Path(made) / f"{at}.json").write_text(json.dumps(data), encoding="utf-8")
            place_image(Path(made) / f"{at}.png", (data["imageWidth"], data["imageHeight"]))
        found, _ = panlabel_rows("labelme", made, lambda name: (None, None), "LabelMe")
    if len(found) != known:
        raise ToolFault(f"panlabel reads {len(found)} of {known} polygons and rectangles")
