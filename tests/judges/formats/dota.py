"""DOTA: four corners in pixels, clockwise; hotcoco reads it back as COCO."""

import shutil
import tempfile
from pathlib import Path

from harness.oriented import match_corners
from harness.reader import Reader, box_of
from harness.tools import ToolFault, hotcoco_back, place_image
from . import Run

RUNS = [Run("oriented boxes"), Run("oriented boxes, flat names", {"names": "flat"}, ("edge",))]


def judge(run, folder, source, report):
    reader = Reader(run, folder, source, report, holds={"rotation"})
    verdict = reader.verdict
    base = next(iter(folder.rglob("labelTxt")), folder / "labelTxt")
    for path in sorted(base.rglob("*.txt")):
        where = reader.relative(path)
        image = reader.image(path.relative_to(base).with_suffix("").as_posix(), where)
        for at, line in enumerate(path.read_text(encoding="utf-8").split("\n")[:-1] if image else [], 1):
            if at <= 2 and line.split(":")[0] in ("imagesource", "gsd"):
                continue
            place, fields = f"{where}: line {at}", line.split(" ")
            if not verdict.check(len(fields) == 10 and fields[9] in ("0", "1", "2"), f"{place}: is not eight numbers, a class and a difficulty: {line[:80]!r}"):
                continue
            corners = list(zip(map(float, fields[0:8:2]), map(float, fields[1:8:2])))
            turn = sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in zip(corners, corners[1:] + corners[:1]))
            verdict.check(turn > 0, f"{place}: the corners do not run clockwise")
            reader.add(image, fields[8], place, box=box_of(corners))
            reader.rows[-1].corners = corners
    match_corners(source, verdict, report, reader.rows, 0.02)
    verdict.judged("hotcoco", by_hotcoco, reader, base, source)
    return verdict


def by_hotcoco(reader, base, source):
    with tempfile.TemporaryDirectory() as made:
        labels, pictures = Path(made) / "labelTxt", Path(made) / "images"
        labels.mkdir()
        if source.name == "taco":
            return
        for at, ((index, page), stem) in enumerate(sorted(reader.images.items(), key=str)):
            shutil.copy(base / f"{stem}.txt", labels / f"{at}.txt")
            place_image(pictures / f"{at}.png", source.tasks[index].size or (10, 10))
        back = hotcoco_back("dota", labels, pictures)
    if len(back["annotations"]) != len(reader.rows):
        raise ToolFault(f"hotcoco reads {len(back['annotations'])} of {len(reader.rows)} objects")
