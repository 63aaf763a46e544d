"""CreateML: centres in pixels; panlabel reads the same boxes."""

import json

from harness.reader import Reader
from harness.tools import panlabel_agrees, place_image
from . import Run

RUNS = [Run("boxes"), Run("boxes, flat names, kept outside", {"names": "flat", "outside": "keep"}, ("edge",))]


def judge(run, folder, source, report):
    reader = Reader(run, folder, source, report)
    verdict = reader.verdict
    files = reader.files("*.json")
    if not verdict.check(len(files) == 1, f"one JSON file, not {[path.name for path in files]}"):
        return verdict
    for at, row in enumerate(json.loads(files[0].read_text(encoding="utf-8"))):
        verdict.check(set(row) >= {"image", "annotations"}, f"image {at}: has keys {sorted(row)}")
        image = reader.image(row["image"], f"image {at}")
        for number, one in enumerate(row["annotations"] if image else []):
            middle = one["coordinates"]
            x, y, width, height = (middle[key] for key in ("x", "y", "width", "height"))
            verdict.check(width > 0 and height > 0, f"image {at}, annotation {number}: no area")
            reader.add(image, one["label"], f"image {at}, annotation {number}", box=(x - width / 2, y - height / 2, x + width / 2, y + height / 2))
    reader.finish(1e-4)
    if source.name != "taco":
        for (index, _), path in reader.images.items():
            place_image(files[0].parent / path, source.tasks[index].size or (10, 10))
        verdict.judged("panlabel", panlabel_agrees, "create-ml", files[0], source.find, reader.rows, 0.01)
    return verdict
