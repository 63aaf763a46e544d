"""Ultralytics YOLO: our own reading by the loader's rules, panlabel, labelformat, hotcoco back to COCO; with --all the loader itself."""

import csv
import json
import os
import shutil
import tempfile
from pathlib import Path

import yaml

from harness.account import Verdict
from harness.geometry import fill_ring, shoelace
from harness.match import Row, match
from harness.oriented import match_corners
from harness.tools import ToolFault, hotcoco_back, panlabel_check, panlabel_rows, place_image, silence
from . import Run

RUNS = [
    Run("detect"),
    Run("segment", {"task": "segment"}),
    Run("obb", {"task": "obb"}),
    Run("pose", {"task": "pose", "keypoints": {"visibility": "Visible", "hidden": ["no"]}}, ("edge",)),
    Run("pose, as it comes", {"task": "pose"}, ("demo",)),
    Run("classify", {"task": "classify"}, ("few", "demo")),
    Run("detect, ndjson", {"layout": "ndjson"}),
    Run("segment, ndjson", {"task": "segment", "layout": "ndjson"}, ("edge", "demo")),
    Run("segment, split by ratio, empty dropped", {"task": "segment", "empty": "drop", "split": {"by": "ratio", "val_ratio": 0.3}}, ("edge",)),
]

# What the loader takes for images (Ultralytics 8.4); panlabel and hotcoco know less.
SUFFIXES = {"avif", "bmp", "dng", "heic", "heif", "jp2", "jpeg", "jpeg2000", "jpg", "mpo", "png", "tif", "tiff", "webp"}
COMMON = {"jpg", "jpeg", "png", "bmp", "webp"}


def suffix(name):
    return name.rpartition(".")[2].lower() if "." in name else ""


class Images:
    """The images of a data set, with their label rows as numbers."""

    def __init__(self):
        self.names, self.rows, self.sizes, self.splits = [], {}, {}, {}

    def add(self, name, split, rows, size=None):
        self.names.append(name)
        self.rows[name], self.splits[name], self.sizes[name] = rows, split, size


def label_path(image):
    """Where the loader looks for labels: the last folder called `images` becomes `labels`, the last suffix `.txt`."""
    before, _, after = image.rpartition("/images/")
    moved = f"{before}/labels/{after}" if _ else image
    folder, slash, name = moved.rpartition("/")
    return folder + slash + (name.rpartition(".")[0] or name) + ".txt"


def numbers(verdict, where, text, classes):
    rows = []
    for at, line in enumerate(text.split("\n")[:-1] if text else [], 1):
        fields = line.split(" ")
        try:
            index, values = int(fields[0]), [float(field) for field in fields[1:]]
        except ValueError:
            verdict.faults.append(f"{where}: line {at} is not numbers: {line[:60]!r}")
            continue
        verdict.check(0 <= index < classes, f"{where}: line {at}: class {index} of {classes}")
        rows.append((index, values, f"{where}: line {at}"))
    verdict.check(len({tuple([index, *values]) for index, values, _ in rows}) == len(rows), f"{where}: two rows are the same, and the loader drops one of them")
    return rows


def read_folder(verdict, folder):
    data = yaml.safe_load((folder / "data.yaml").read_text(encoding="utf-8"))
    names = data["names"]
    verdict.check(list(names) == list(range(len(names))) and all(isinstance(name, str) for name in names.values()), "data.yaml: names are texts, numbered from 0")
    verdict.check(data.get("nc", len(names)) == len(names), "data.yaml: nc is not the number of names")
    verdict.check("path" not in data, "data.yaml: path is looked up in the folder that training runs in")
    images, seen = Images(), set()
    sizes = {}
    if (folder / "images.csv").exists():
        with open(folder / "images.csv", encoding="utf-8", newline="") as opened:
            sizes = {row["file"]: (int(row["width"]), int(row["height"])) for row in csv.DictReader(opened)}
    for split in ("train", "val", "test"):
        if split not in data:
            verdict.check(split == "test", f"data.yaml: {split} is missing")
            continue
        if data[split] in seen:
            continue
        seen.add(data[split])
        for line in (folder / data[split]).read_text(encoding="utf-8").split("\n")[:-1]:
            verdict.check(line.startswith("./"), f"{data[split]}: {line[:60]!r} is not relative to its list")
            name = line.removeprefix("./")
            if not verdict.check(name not in images.rows, f"{name[:60]!r} is listed twice"):
                continue
            labels = folder / label_path("/" + name)[1:]
            if not verdict.check(labels.is_file(), f"{name[:60]!r} has no labels where the loader looks"):
                continue
            images.add(name, split, numbers(verdict, str(labels.relative_to(folder))[:80], labels.read_text(encoding="utf-8"), len(names)), sizes.get(name))
    listed = {label_path("/" + name)[1:] for name in images.names}
    files = {path.relative_to(folder).as_posix() for path in (folder / "labels").rglob("*.txt")} | {path.relative_to(folder).as_posix() for path in folder.glob("images/**/*.txt")}
    verdict.check(files == listed, f"label files and lists are not of the same images: {sorted(files ^ listed)[:2]}")
    if sizes:
        verdict.check(set(sizes) == set(images.names), "images.csv and the lists are not of the same images")
    return list(names.values()), images


def read_ndjson(verdict, folder, task):
    """Line by line, as `convert_ndjson_to_yolo` does."""
    files = list(folder.rglob("*.ndjson"))
    if not verdict.check(len(files) == 1, f"one .ndjson file, not {len(files)}"):
        return [], Images()
    lines = [json.loads(line) for line in files[0].read_text(encoding="utf-8").split("\n") if line.strip()]
    head, images = lines[0], Images()
    verdict.check(head.get("type") == "dataset" and head.get("task") == task, f"the first line says {head.get('type')}, {head.get('task')}")
    names = [head["class_names"][str(at)] for at in range(len(head["class_names"]))]
    key = {"detect": "boxes", "segment": "segments", "obb": "obb", "pose": "pose", "classify": "classification"}[task]
    for line in lines[1:]:
        verdict.check(line.get("type") == "image" and line.get("split") in ("train", "val", "test") and line.get("file"), f"an image without type, split or file: {str(line)[:80]}")
        found = line.get("annotations") or {}
        verdict.check(list(found) in ([], [key]), f"{line['file'][:60]!r}: annotations are {list(found)}, and only the first is read")
        rows = [(int(row[0]), [float(value) for value in row[1:]], f"{line['file'][:60]!r}: row {at}") for at, row in enumerate(found.get(key, []))]
        verdict.check(len(set(map(str, rows))) == len(rows), f"{line['file'][:60]!r}: listed twice")
        name = f"images/{line['split']}/{line['file']}"
        verdict.check(name not in images.rows, f"{name[:60]!r} is listed twice")
        images.add(name, line["split"], rows, (line["width"], line["height"]) if line.get("width") else None)
    return names, images


def judge(run, folder, source, report):
    task = run.options.get("task", "detect")
    verdict = Verdict(draws={"bounding-box", "rotated-bounding-box", "polygon", "segmentation"}, judges=["own reader"])
    if task in ("pose", "classify"):
        from . import yolo_tasks

        return getattr(yolo_tasks, task)(verdict, run, folder, source, report)
    if task == "segment":
        verdict.holds |= {"outline", "rotation"}
    if task == "obb":
        verdict.holds |= {"rotation"}
    folder_layout = run.options.get("layout", "folder") == "folder"
    names, images = read_folder(verdict, folder) if folder_layout else read_ndjson(verdict, folder, task)
    verdict.check(names == source.titles or len(names) < len(source.titles), "names: not the classes of the ontology, in its order")
    rows = []
    places = {name: source.find(name.removeprefix("images/").partition("/")[2]) for name in images.names}
    tasks = {name: place[0] for name, place in places.items() if place}
    if not folder_layout:
        # A record is fetched by its link, and frames of a video have none.
        verdict.wants = lambda one: not one.task.is_video and (one.task.is_image or one.page_index < one.task.pages)
    for name in images.names:
        if not verdict.check(places[name] is not None, f"image {name[:60]!r} is of no task"):
            continue
        of, page = places[name]
        size = of.size
        verdict.check(images.sizes[name] in (None, size), f"{name[:60]!r}: has another size than its source")
        rows += [row_of(verdict, source, of, page, task, names[index], index, values, where) for index, values, where in images.rows[name] if index < len(names)]
    # The loader passes over files that it does not take for images.
    taken = {name: of for name, of in tasks.items() if of and suffix(name) in SUFFIXES}
    rows = [row for row in rows if row and any(row.task is of for of in taken.values())]
    verdict.tasks = {of.index for of in taken.values()}
    # Seven digits after the point are kept of what is divided by the side, and a box has its half side besides.
    side = lambda of: 1.6e-6 * max(of.size)
    area = (lambda outline: 0.03) if task == "segment" else None
    if task == "obb":
        match_corners(source, verdict, report, rows, 0.02)
        verdict.holds |= {"outside"}
    else:
        match(source, verdict, report, rows, side, True, area, slack=2.5)
    if folder_layout:
        peers(verdict, run, folder, source, names, images, tasks, len(rows))
    return verdict


def row_of(verdict, source, of, page, task, name, index, values, where):
    # Of a turned box the loader looks at the upright one around it, which must not leave the image by more than a hundredth of it.
    verdict.check(all(0 <= value <= 1 for value in values) or (task == "obb" and is_near(values)), f"{where}: a value outside of 0..1")
    width, height = of.size
    if task == "detect":
        if not verdict.check(len(values) == 4, f"{where}: {len(values) + 1} columns instead of 5"):
            return None
        x, y, w, h = values
        verdict.check(w > 0 and h > 0, f"{where}: a box without area")
        box = ((x - w / 2) * width, (y - h / 2) * height, (x + w / 2) * width, (y + h / 2) * height)
        return Row(of, index if name == source.titles[index] else name, box, page=page, where=where)
    count_fits = len(values) == 8 if task == "obb" else len(values) >= 6 and len(values) % 2 == 0
    if not verdict.check(count_fits, f"{where}: {len(values) + 1} columns"):
        return None
    ring = [(x * width, y * height) for x, y in zip(values[::2], values[1::2])]
    box = (min(x for x, _ in ring), min(y for _, y in ring), max(x for x, _ in ring), max(y for _, y in ring))
    mask = None
    if task == "segment":
        if len(ring) > 1000:
            verdict.notes.append(f"{where}: a ring of {len(ring)} points, which the loader thins to 1000")
        if width * height <= 1_000_000:
            mask = fill_ring(ring, width, height)
    if task == "obb":
        row = Row(of, index if name == source.titles[index] else name, box, page=page, where=where)
        row.corners = ring
        return row
    return Row(of, index if name == source.titles[index] else name, box, shoelace(ring) if task == "segment" else None, mask, page=page, where=where)


def is_near(values):
    low, high = (min(values[::2]), min(values[1::2])), (max(values[::2]), max(values[1::2]))
    return all(0 <= (a + b) / 2 <= 1 and b - a <= 1.01 for a, b in zip(low, high))


def peers(verdict, run, folder, source, names, images, tasks, count):
    """Other readers. Each gets the images that it would take, where it looks for them."""
    task = run.options.get("task", "detect")
    if source.name == "taco" or "split" in run.options:
        return
    with tempfile.TemporaryDirectory() as made:
        copy = Path(made) / "data"
        shutil.copytree(folder, copy)
        kept = [name for name in images.names if suffix(name) in COMMON]
        for name in kept:
            place_image(copy / name, tasks[name].size)
        (copy / "train.txt").write_text("".join(f"./{name}\n" for name in kept), encoding="utf-8")
        expected = sum(len(images.rows[name]) for name in kept)
        if task == "detect":
            verdict.judged("panlabel", panlabel_check, "yolo", copy, ("duplicate_category_name", "invalid_b_box_area"))
            verdict.judged("panlabel", by_panlabel, copy, expected)
            verdict.judged("hotcoco round trip", by_hotcoco, copy, images, kept, names, tasks, source)
        verdict.judged("labelformat", by_labelformat, copy, task, images, kept)
        if os.environ.get("ANGO_JUDGES_ALL"):
            from . import yolo_tasks

            verdict.judged("ultralytics", yolo_tasks.ultralytics, folder, task, images, tasks)


def by_panlabel(copy, expected):
    found, _ = panlabel_rows("yolo", copy, lambda name: (None, None), "YOLO", "--split", "train")
    if len(found) != expected:
        raise ToolFault(f"panlabel reads {len(found)} of {expected} rows")


def by_hotcoco(copy, images, kept, names, tasks, source):
    """hotcoco knows no folders: it gets the labels side by side, and gives back COCO, whose boxes must be those of the rows."""
    flat, pictures = copy.parent / "flat", copy.parent / "pictures"
    flat.mkdir()
    pictures.mkdir()
    (flat / "data.yaml").write_bytes((copy / "data.yaml").read_bytes())
    for at, name in enumerate(kept):
        shutil.copy(copy / label_path("/" + name)[1:], flat / f"{at}.txt")
        shutil.copy(copy / name, pictures / f"{at}{Path(name).suffix.lower()}")
    back = hotcoco_back("yolo", flat, pictures)
    by_image = {image["id"]: int(Path(image["file_name"]).stem) for image in back["images"]}
    titles = {category["id"]: category["name"] for category in back["categories"]}
    found = {}
    for row in back["annotations"]:
        found.setdefault(by_image[row["image_id"]], []).append((titles[row["category_id"]], row["bbox"]))
    for at, name in enumerate(kept):
        width, height = tasks[name].size
        want = [(names[index], [(x - w / 2) * width, (y - h / 2) * height, w * width, h * height]) for index, (x, y, w, h), _ in images.rows[name]]
        got = found.get(at, [])
        if len(got) != len(want):
            raise ToolFault(f"hotcoco reads {len(got)} of {len(want)} rows of {name[:60]!r}")
        for (title, box), (wanted_title, wanted) in zip(got, want):
            # It does not undo escapes in YAML.
            title = wanted_title if title.encode().decode("unicode_escape", "replace") == wanted_title else title
            if title != wanted_title or any(abs(a - b) > 1e-4 for a, b in zip(box, wanted)):
                raise ToolFault(f"hotcoco reads {title!r} {box} of {name[:60]!r}, written was {wanted_title!r} {wanted}")


def by_labelformat(copy, task, images, kept):
    """It wants folders in `data.yaml` instead of lists, and finds images of one folder by their names."""
    data = yaml.safe_load((copy / "data.yaml").read_text(encoding="utf-8"))
    data |= {"train": "images/train", "val": "images/train", "path": str(copy)}
    (copy / "folders.yaml").write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    from labelformat.formats.yolov8 import YOLOv8ObjectDetectionInput

    if task != "detect":
        return
    with silence():
        found = {image.image.filename: len(image.objects) for image in YOLOv8ObjectDetectionInput(copy / "folders.yaml", "train").get_labels()}
    # It takes the first folder called `images`, where the loader takes the last.
    wanted = {name.removeprefix("images/train/"): len(images.rows[name]) for name in kept if name.count("images/") == 1}
    wrong = {name for name in wanted if wanted[name] != found.get(name, 0)}
    if wrong:
        raise ToolFault(f"labelformat reads other rows of {len(wrong)} images, the first is {sorted(wrong)[0][:60]!r}: {found.get(sorted(wrong)[0])} instead of {wanted[sorted(wrong)[0]]}")
