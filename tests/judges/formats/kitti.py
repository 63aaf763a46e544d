"""KITTI: fifteen columns, read as torchvision's Kitti reads them; panlabel and labelformat read them too."""

import functools
import os
import tempfile
from pathlib import Path

from harness.reader import Reader
from harness.tools import ToolFault, datumaro_agrees, panlabel_rows, place_image, same_boxes
from . import Run

RUNS = [Run("boxes"), Run("boxes, flat names, empty dropped", {"names": "flat", "empty": "drop"}, ("edge",))]


def judge(run, folder, source, report):
    reader = Reader(run, folder, source, report)
    verdict = reader.verdict
    base = next(iter(folder.rglob("label_2")), folder / "label_2")
    counts = {}
    for path in sorted(base.rglob("*.txt")):
        where = reader.relative(path)
        stem = path.relative_to(base).with_suffix("").as_posix()
        image = reader.image(stem, where)
        if image is None:
            continue
        lines = path.read_text(encoding="utf-8").split("\n")
        verdict.check(lines[-1] == "", f"{where}: the last line has no end")
        counts[stem] = len(lines) - 1
        for at, line in enumerate(lines[:-1], 1):
            place, fields = f"{where}: line {at}", line.split(" ")
            if not verdict.check(len(fields) == 15, f"{place}: {len(fields)} columns instead of 15"):
                continue
            truncated, occluded, *numbers = float(fields[1]), int(fields[2]), *map(float, fields[3:])
            verdict.check((0 <= truncated <= 1 or truncated == -1) and occluded in (-1, 0, 1, 2, 3), f"{place}: truncated {truncated}, occluded {occluded}")
            box = tuple(numbers[1:5])
            verdict.check(box[0] < box[2] and box[1] < box[3], f"{place}: box {box} has no area")
            size = image[0].size
            if verdict.clips and size:
                verdict.check(box[0] >= 0 and box[1] >= 0 and box[2] <= size[0] and box[3] <= size[1], f"{place}: box {box} leaves the image of {size}")
            reader.add(image, fields[0], place, box=box)
    reader.finish(0.0101)
    if source.name != "taco":
        verdict.judged("panlabel", by_panlabel, base, source, reader)
        verdict.judged("labelformat", by_labelformat, base, source, reader)
        if os.environ.get("ANGO_JUDGES_ALL") and source.name == "demo":
            verdict.judged("datumaro", datumaro_agrees, "kitti_detection", folder, len(reader.images), len(reader.rows), functools.partial(pictures, source, reader))
    return verdict


def pictures(source, reader, copy):
    for (index, _), stem in reader.images.items():
        place_image(copy / "training" / "image_2" / f"{stem}.png", source.tasks[index].size or (10, 10))


def by_panlabel(base, source, reader):
    """It looks for images beside the labels, of known suffixes, by their names."""
    with tempfile.TemporaryDirectory() as made:
        copy, flat = Path(made), {}
        (copy / "label_2").mkdir()
        for at, ((index, page), stem) in enumerate(sorted(reader.images.items(), key=str)):
            flat[f"{at:06}.png"] = (source.tasks[index], page)
            place_image(copy / "image_2" / f"{at:06}.png", source.tasks[index].size or (10, 10))
            (copy / "label_2" / f"{at:06}.txt").write_bytes((base / f"{stem}.txt").read_bytes())
        found, _ = panlabel_rows("kitti", copy, lambda name: flat.get(Path(name).name), "KITTI")
        same_boxes("panlabel", found, reader.rows, 1.01)


def by_labelformat(base, source, reader):
    from labelformat.formats.kitti import KittiObjectDetectionInput

    with tempfile.TemporaryDirectory() as made:
        copy = Path(made)
        (copy / "label_2").mkdir()
        for at, ((index, page), stem) in enumerate(sorted(reader.images.items(), key=str)):
            place_image(copy / "image_2" / f"{at:06}.png", source.tasks[index].size or (10, 10))
            (copy / "label_2" / f"{at:06}.txt").write_bytes((base / f"{stem}.txt").read_bytes())
        names = sorted({row.name for row in reader.rows})
        if any("," in name for name in names):
            return
        found = sum(len(image.objects) for image in KittiObjectDetectionInput(copy / "label_2", ",".join(names), Path("../image_2")).get_labels())
    if found != len(reader.rows):
        raise ToolFault(f"labelformat reads {found} of {len(reader.rows)} objects")
