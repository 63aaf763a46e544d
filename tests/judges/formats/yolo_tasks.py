"""YOLO's other tasks, and Ultralytics' own loader."""

import csv
import os
import shutil
import tempfile
from pathlib import Path

import yaml

from harness.match import Row, match
from harness.tools import ToolFault, place_image, silence


def pose(verdict, run, folder, source, report):
    """Rows have the columns that `kpt_shape` says, boxes are those of the areas, and points are at their places."""
    from .yolo import read_folder

    names, images = read_folder(verdict, folder)
    data = yaml.safe_load((folder / "data.yaml").read_text(encoding="utf-8"))
    count, each = data["kpt_shape"]
    points = list(data.get("kpt_names", {}).values())[0] if data.get("kpt_names") else None
    verdict.check(each == 3 and sorted(data.get("flip_idx", range(count))) == list(range(count)), f"data.yaml: kpt_shape {data['kpt_shape']}, flip_idx {data.get('flip_idx')}")
    rows, used, verdict.tasks = [], set(), set()
    tell = "visibility" in run.options.get("keypoints", {})
    for name in images.names:
        place = source.find(name.removeprefix("images/").partition("/")[2])
        if not verdict.check(place is not None, f"image {name[:60]!r} is of no task"):
            continue
        task, page = place
        verdict.tasks.add(task.index)
        for index, values, where in images.rows[name]:
            if not verdict.check(len(values) == 4 + 3 * count, f"{where}: {len(values) + 1} columns for {count} points"):
                continue
            width, height = task.size
            x, y, w, h = values[:4]
            found = 0
            # A line of as many points is a pose of its own.
            triples = [(values[at] * width, values[at + 1] * height) for at in range(4, len(values), 3)]
            line = next((one for one in task.objects if one.kind in ("polyline", "spline") and one.key not in used and len(one.line) == count and all(values[6::3])
                and max(abs(a - b) for found_at, point in zip(triples, one.line) for a, b in zip(found_at, point)) < 1e-5 * max(width, height)), None)
            if line:
                used.add(line.key)
                verdict.kept[line.key] += 1
                continue
            for number in range(count):
                px, py, seen = values[4 + 3 * number : 7 + 3 * number]
                verdict.check(seen in (0, 1, 2) and (seen or (px, py) == (0, 0)), f"{where}: point {number} is {px}, {py}, {seen}")
                if not seen:
                    continue
                near = [one for one in task.objects if one.kind == "point" and not one.is_stop and one.key not in used and (page is None or one.page_index == page)
                    and (points is None or source.classes.get(one.schema_id) == points[number]) and max(abs(one.line[0][0] - px * width), abs(one.line[0][1] - py * height)) < 1e-5 * max(width, height)]
                if verdict.check(near, f"{where}: point {number} at {px}, {py} is no point of the source"):
                    used.add(near[0].key)
                    verdict.kept[near[0].key] += 1
                    found += 1
                    if tell:
                        verdict.answered.add(near[0].key)
                    hidden = any(answer.get("answer") == "no" for answer in near[0].answers)
                    verdict.check(not tell or seen == (1 if hidden else 2), f"{where}: point {number} has visibility {seen}")
            row = Row(task, names[index], ((x - w / 2) * width, (y - h / 2) * height, (x + w / 2) * width, (y + h / 2) * height), page=page, where=where)
            row.points = found
            rows.append(row)
    # An instance of points alone has a box of its own.
    areas = [row for row in rows if not row.points or any(close(row, one) for one in row.task.objects)]
    match(source, verdict, report, areas, lambda task: 1.6e-6 * max(task.size), True)
    verdict.holds |= {"relations"}
    if os.environ.get("ANGO_JUDGES_ALL"):
        verdict.judged("ultralytics", ultralytics, folder, "pose", images, {name: source.find(name.removeprefix("images/").partition("/")[2])[0] for name in images.names})
    return verdict


def close(row, one):
    outline = one.outline(True) if one.zones else None
    return outline and outline.box and max(abs(a - b) for a, b in zip(outline.box, row.box)) < 1e-5 * max(row.task.size)


def classify(verdict, run, folder, source, report):
    """`SPLIT/CLASS/IMAGE`: the class is the answer to a question with one answer."""
    verdict.draws, verdict.holds, verdict.tasks = set(), {"answers", "relations", "brush", "voxel brush", "image answers"}, None
    with open(folder / "images.csv", encoding="utf-8", newline="") as opened:
        rows = list(csv.DictReader(opened))
    found = {}
    for row in rows:
        split, label, name = row["file"].split("/", 2)
        verdict.check(split in ("train", "val", "test"), f"{row['file']!r}: split {split}")
        place = source.find(name)
        if verdict.check(place is not None, f"{row['file']!r} is of no task"):
            found.setdefault(place[0].index, []).append(label)
    options = {str(one["schemaId"]): one for one in source.project.get("ontology", {}).get("classifications", []) if one["tool"] in ("radio", "single-dropdown")}
    first = next(iter(options), None)
    for task in source.tasks:
        given = [answer["answer"] for answer in task.answers if str(answer["schemaId"]) == first and answer.get("answer") and not answer.get("interpolationStopped")]
        wanted = sorted(set(given))
        verdict.check(sorted(set(found.get(task.index, []))) == wanted, f"task {task.index} is in the folders {found.get(task.index, [])}, answered was {given}")
    return verdict


def ultralytics(folder, task, images, tasks):
    """The loader that trains: it finds every image and every row."""
    os.environ["YOLO_OFFLINE"] = "True"
    with tempfile.TemporaryDirectory() as made:
        copy = Path(made) / "data"
        shutil.copytree(folder, copy)
        for name in images.names:
            place_image(copy / name, tasks[name].size)
        with silence():
            from ultralytics.data.dataset import YOLODataset
            from ultralytics.data.utils import check_det_dataset

            data = check_det_dataset(str(copy / "data.yaml"), autodownload=False)
            loaded = YOLODataset(img_path=data["train"], data=data, task=task, imgsz=64, augment=False)
            rows = sum(len(label["cls"]) for label in loaded.labels)
    wanted = [name for name in images.names if images.splits[name] == "train"]
    expected = sum(len(images.rows[name]) for name in wanted)
    if len(loaded) != len(wanted) or rows != expected:
        raise ToolFault(f"Ultralytics loads {len(loaded)} of {len(wanted)} images and {rows} of {expected} rows")
