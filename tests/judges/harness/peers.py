"""Other converters, and one reader for each target that judges everybody's output."""

import json
import os
import re
import shutil
import sys
from collections import Counter, defaultdict
from pathlib import Path

import yaml
from lxml import etree

from .coco import load
from .geometry import shoelace
from .match import plain as plain_name
from .tools import ToolFault, command, place_image

# Targets, and the plugin and options that make them here.
TARGETS = {
    "COCO": ("coco", {"brush": "skip"}),
    "YOLO detect": ("yolo", {}),
    "YOLO segment": ("yolo", {"task": "segment"}),
    "VOC": ("voc", {}),
    "KITTI": ("kitti", {}),
}


class Outcome:
    """What became of the objects."""

    def __init__(self):
        self.counts, self.reasons = Counter(), defaultdict(set)

    def crashed(self, group, objects, reason):
        self.counts["crashed"] += len(objects)
        self.reasons[f"does not convert: {shorten(reason)}"].add(group)

    def because(self, reason, group):
        self.reasons[shorten(reason)].add(group)


def shorten(text):
    """A reason without what is different every time: folders and ids."""
    text = re.sub(r"/\S*/", "", " ".join(str(text).split()))
    text = re.sub(r"\x1b\[\d+m", "", text)
    text = re.sub(r"ToolFault: (\w+ convert: exit 1: )?(Error: )?", "", text)
    return text.replace("|", "/")[:160]


def converters():
    """The others, by name, and what each writes: a function of a COCO file, its images, and where to write; it gives back the words of the tool."""
    found = {
        "panlabel": {target: panlabel(form) for target, form in (("COCO", "coco"), ("YOLO detect", "yolo"), ("VOC", "voc"), ("KITTI", "kitti"))},
        "hotcoco": {target: hotcoco(form) for target, form in (("YOLO detect", "yolo"), ("VOC", "voc"))},
        "labelformat": {target: labelformat(form, task) for target, form, task in (("COCO", "coco", "instance-segmentation"), ("YOLO detect", "yolov8", "object-detection"), ("YOLO segment", "yolov8", "instance-segmentation"),
            ("VOC", "pascalvoc", "object-detection"), ("KITTI", "kitti", "object-detection"))},
        "supervision": {"COCO": supervision("coco", True), "YOLO detect": supervision("yolo", False), "YOLO segment": supervision("yolo", True), "VOC": supervision("voc", False)},
    }
    try:
        import datumaro  # noqa: F401

        found["datumaro"] = {"COCO": datumaro_to("coco_instances"), "YOLO detect": datumaro_to("yolo_ultralytics"), "YOLO segment": datumaro_to("yolo_ultralytics"), "VOC": datumaro_to("voc_detection"), "KITTI": datumaro_to("kitti_detection")}
    except ImportError:
        pass
    return found


def panlabel(form):
    def convert(file, images, to):
        target = to / "out.json" if form == "coco" else to / "out"
        return command("panlabel", "convert", "--from", "coco", "--to", form, "--input", file, "--output", target, "--allow-lossy", "--no-validate", "--output-format", "json")

    return convert


def hotcoco(form):
    return lambda file, images, to: command("coco", "convert", "--json", "--from", "coco", "--to", form, "--input", file, "--output", to / "out")


def labelformat(form, task):
    def convert(file, images, to):
        # It cannot read boxes without an outline as instances.
        file = file.with_suffix(".polygons.json") if task == "instance-segmentation" else file
        target = {"coco": ["--output-file", to / "out.json"], "yolov8": ["--output-file", to / "data.yaml"], "pascalvoc": ["--output-folder", to / "Annotations"], "kitti": ["--output-folder", to / "label_2"]}[form]
        return command("labelformat", "convert", "--task", task, "--input-format", "coco", "--input-file", file, "--output-format", form, *target)

    return convert


def supervision(form, masks):
    def convert(file, images, to):
        import supervision as sv

        data = sv.DetectionDataset.from_coco(images_directory_path=str(images), annotations_path=str(file), force_masks=masks)
        if not masks:
            for detections in data.annotations.values():
                detections.mask = None
        if form == "coco":
            data.as_coco(annotations_path=str(to / "out.json"))
        elif form == "yolo":
            data.as_yolo(annotations_directory_path=str(to / "labels"), images_directory_path=str(to / "images"), data_yaml_path=str(to / "data.yaml"))
        else:
            data.as_pascal_voc(annotations_directory_path=str(to / "Annotations"))

    return convert


def datumaro_to(form):
    def convert(file, images, to):
        import datumaro

        # It wants the layout of COCO's own site.
        layout = to / "in"
        (layout / "annotations").mkdir(parents=True)
        shutil.copy(file, layout / "annotations" / "instances_train.json")
        if form == "yolo_ultralytics":
            # It writes nothing without a second part.
            coco = json.loads(file.read_text(encoding="utf-8"))
            other = {"id": 999_999, "file_name": "val-only.png", "width": 8, "height": 8}
            (layout / "annotations" / "instances_val.json").write_text(json.dumps({**coco, "images": [other], "annotations": []}), encoding="utf-8")
            place_image(layout / "images" / "val" / "val-only.png", (8, 8))
        if images.exists():
            shutil.copytree(images, layout / "images" / "train")
        else:
            (layout / "images" / "train").mkdir(parents=True)
        data = datumaro.Dataset.import_from(str(layout), "coco_instances")
        data.export(str(to / "out"), form, save_media=False)
        shutil.rmtree(layout)

    return convert


# --- reading -----------------------------------------------------------------------------------------------------------------------


class Found:
    """A row of somebody's output: of which image, of which class, with which box and area."""

    def __init__(self, name, label, box, area=None, broken=None):
        self.name, self.label, self.box, self.area, self.broken = name, label, box, area, broken
        self.note = None


def read_target(outcome, group, target, folder, part, objects, source, words, report=None):
    """Counts what became of a group's objects. A row that readers of the format refuse counts as refused."""
    try:
        rows = {"COCO": read_coco, "YOLO detect": read_yolo, "YOLO segment": read_yolo, "VOC": read_voc, "KITTI": read_kitti}[target](folder, source, target, outcome, group)
    except Exception as error:  # noqa: BLE001
        outcome.counts["refused"] += len(objects)
        outcome.because(f"readers refuse all of it: {type(error).__name__}: {error}", group)
        return
    left = dict(objects)
    if part is None:
        # Of an output of everything, what is of these groups.
        tasks = {task for task, _ in objects}
        rows = [row for row in rows if (found := source.find(row.name)) is None or found[0].index in tasks]
    tolerance = {"VOC": 1.01, "KITTI": 0.011}.get(target, 2e-3)
    # First what is right, by the path of the image and then by its name alone, which is enough where it is unique; then what is nearly right.
    for strict, whole_path in ((True, True), (True, False), (False, False)):
        for row in list(rows):
            best = nearest(row, left, source, tolerance, strict, whole_path, target)
            if best is None:
                continue
            rows.remove(row)
            one = left.pop(best)
            said = report is not None and report.of_object.get(best)
            if row.broken:
                outcome.counts["refused"] += 1
                outcome.because(row.broken, group)
            elif strict:
                outcome.counts["kept"] += 1
            else:
                outcome.counts["said" if said else "changed"] += 1
                if os.environ.get("ANGO_PEERS_SHOW"):
                    print(f"{target}: {group}: {one.kind} {one.id} of task {one.task.index} {one.outline(True).box}: {row.box} {row.area}", file=sys.stderr)
                if not said:
                    outcome.because(how(row, one, target), group)
    for key, one in left.items():
        said = report is not None and report.of_object.get(key)
        # Some say how many they left out, and not which.
        counted = re.search(r"\"skipped_\w+\":\s*[1-9]", words)
        outcome.counts["said" if said or counted else "dropped"] += 1
        if not said and not counted:
            outcome.because(f"{one.kind} is not in the output, and nothing is said of it", group)
    if rows:
        outcome.because(f"{len(rows)} rows are of no object of the source", group)


def nearest(row, left, source, tolerance, strict, whole_path, target):
    best, how_near = None, None
    for key, one in left.items():
        if not is_image(source, row.name, one.task, whole_path):
            continue
        title = source.classes.get(one.schema_id, one.title)
        if row.label is None and strict:
            continue
        if row.label is not None and row.label != title and (strict or plain_name(re.sub(r"_\d+$", "", str(row.label))) != plain_name(title) and plain_name(str(row.label)) != plain_name(title)) and not (strict and target == "KITTI" and row.label == title.replace(" ", "_")):
            continue
        cut, whole = one.outline(True), one.outline(False)
        if whole is None or whole.box is None:
            continue
        if strict:
            fits = [outline for outline in (cut, whole) if outline.box and close(row, outline, tolerance, target, one)]
            if fits:
                return key
        else:
            near = share(row.box, whole.box)
            if near > 0.3 and (how_near is None or near > how_near):
                best, how_near = key, near
    return best


def is_image(source, name, task, whole_path):
    """Whether a row's image is that of a task: by its path (with folders, or joined by `__`), or by its name alone if that is all there is."""
    found = source.find(name)
    if found and found[0] is task:
        return True
    stem = re.sub(r"^(images/)?(train|val)/", "", name)
    return stem in (task.file_name, task.stem) or (not whole_path and Path(stem).name in (Path(task.file_name).name, Path(task.stem).name))


def close(row, outline, tolerance, target, one):
    if max(abs(a - b) for a, b in zip(row.box, outline.box)) > tolerance * (1 if target in ("VOC", "KITTI") else max(1.0, max(one.task.size) / 100)):
        return False
    return row.area is None or one.crosses_itself or abs(row.area - outline.area) <= 0.03 * max(1.0, outline.area)


def share(a, b):
    width, height = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    if width <= 0 or height <= 0:
        return 0.0
    area = lambda box: max(0.0, box[2] - box[0]) * max(0.0, box[3] - box[1])
    return width * height / max(1e-12, area(a) + area(b) - width * height)


def how(row, one, target):
    if row.note:
        return row.note
    outline = one.outline(True)
    if row.area is not None and outline.area and abs(row.area - outline.area) > 0.03 * outline.area and outline.has_holes:
        return "holes are filled or become areas of their own"
    if row.area is not None and outline.area and abs(row.area - outline.area) > 0.03 * outline.area:
        return "the area is another"
    title = one.task.source.classes.get(one.schema_id, one.title)
    if row.label != title and not (target == "KITTI" and row.label == title.replace(" ", "_")):
        return "the name of the class is another"
    if target == "VOC" and outline.box and max(abs(a - b) for a, b in zip((row.box[0] + 1, row.box[1] + 1, *row.box[2:]), outline.box)) <= 1.01:
        return "edges are counted from 0, where the format counts from 1"
    return "edges are moved"


def read_coco(folder, source, target, outcome, group):
    file = next(iter(sorted(folder.rglob("*.json"))))
    coco = load(file)
    rows = []
    for row in coco.dataset["annotations"]:
        x, y, width, height = row["bbox"]
        broken = None
        if row["id"] < 1 or not 1 <= row["category_id"]:
            broken = "an id of 0, which evaluation takes for no match"
        elif row.get("iscrowd"):
            broken = "iscrowd is 1, so that evaluation and training leave the object out"
        elif "area" not in row:
            broken = "no area, which evaluation fails without"
        segmentation = row.get("segmentation")
        area = None
        if isinstance(segmentation, dict):
            area = float(coco.annToMask(row).sum())
        elif segmentation:
            area = sum(shoelace(list(zip(ring[::2], ring[1::2]))) for ring in segmentation)
        # A shape that came with an outline and has none is another shape.
        image = coco.imgs[row["image_id"]]
        found = Found(image["file_name"], coco.cats[row["category_id"]]["name"], (x, y, x + width, y + height), area, broken)
        found.bare = not segmentation
        rows.append(found)
    return [refine(row, source) for row in rows]


def refine(row, source):
    """A box that was an outline is changed: its area is the box's."""
    if getattr(row, "bare", False):
        found = source.find(row.name)
        drawn = [one for one in (found[0].objects if found else []) if one.kind in ("polygon", "segmentation", "rotated-bounding-box")]
        for one in drawn:
            outline = one.outline(False)
            if outline and outline.box and max(abs(a - b) for a, b in zip(outline.box, row.box)) < 1e-3:
                row.area = (row.box[2] - row.box[0]) * (row.box[3] - row.box[1])
    return row


def read_yolo(folder, source, target, outcome, group):
    """By the rules of Ultralytics' loader: what it refuses is refused, image by image."""
    found = [path for path in folder.rglob("*.yaml")]
    if not found:
        raise ToolFault("no data.yaml")
    data = yaml.safe_load(found[0].read_text(encoding="utf-8"))
    base = found[0].parent
    # A line to be added by hand: said, and then passed over.
    missing = [key for key in ("train", "val") if key not in data]
    if missing:
        outcome.because(f"data.yaml has no {' and no '.join(missing)}, without which Ultralytics does not begin (what follows is counted as if it had)", group)
    names = data["names"]
    names = dict(enumerate(names)) if isinstance(names, list) else names
    if sorted(names) != list(range(len(names))):
        raise ToolFault("data.yaml: classes are not numbered from 0 without gaps")
    rows = []
    for path in sorted({*base.glob("labels/**/*.txt"), *base.glob("images/**/*.txt"), *(path for path in base.glob("*.txt") if path.stem not in ("train", "val", "test"))}):
        stem = path.relative_to(base).with_suffix("").as_posix()
        stem = re.sub(r"^(labels|images)/", "", stem).replace("/labels/", "/images/")
        stem = re.sub(r"^(train|val)/", "", stem)
        stem = f"images/{stem[7:]}" if stem.startswith("labels/") else stem
        place = source.find(stem)
        size = place[0].size if place else next((task.size for task in source.tasks if Path(task.stem).name == Path(stem).name), None)
        text = path.read_bytes()
        if text[:4] in (b"\x89PNG", b"\xff\xd8\xff\xe0"):
            continue
        lines = [line.split() for line in text.decode().splitlines() if line.strip()]
        broken = refusal(lines, names, size)
        for fields in lines:
            values = list(map(float, fields[1:]))
            if not size:
                continue
            width, height = size
            label = names.get(int(fields[0]), fields[0])
            if len(values) <= 5:
                x, y, w, h = values[:4]
                box, area = ((x - w / 2) * width, (y - h / 2) * height, (x + w / 2) * width, (y + h / 2) * height), None
                if target == "YOLO segment":
                    area = (box[2] - box[0]) * (box[3] - box[1])
            else:
                ring = [(x * width, y * height) for x, y in zip(values[::2], values[1::2])]
                xs, ys = [x for x, _ in ring], [y for _, y in ring]
                box, area = (min(xs), min(ys), max(xs), max(ys)), shoelace(ring)
            row = Found(stem, label if isinstance(label, str) else str(label), box, area, broken)
            if not isinstance(label, str):
                # `yes` without quotes is a truth value, `1e5` a number.
                row.label, row.note = None, f"a class name without quotes is read as {label!r}"
            rows.append(row)
    return rows


def refusal(lines, names, size):
    """Why the loader throws an image away."""
    columns = {"box" if len(fields) == 5 else "ring" if len(fields) > 6 else "other" for fields in lines}
    if len(columns) > 1:
        return "boxes and outlines in one file: the loader throws the whole image away"
    if "other" in columns:
        return f"rows of {len(lines[0])} columns: the loader throws the whole image away"
    values = [float(field) for fields in lines for field in fields[1:]]
    if any(value > 1.01 or value < -0.01 for value in values):
        return "a value outside of 0..1: the loader throws the whole image away"
    if any(int(fields[0]) not in names for fields in lines):
        return "a class that is not in data.yaml: the loader throws the whole image away"
    return None


def read_voc(folder, source, target, outcome, group):
    paths = sorted(folder.rglob("*.xml"))
    rows = []
    for path in paths:
        root = etree.parse(str(path)).getroot()
        base = next((parent for parent in path.parents if parent.name == "Annotations"), path.parent)
        stem = path.relative_to(base).with_suffix("").as_posix()
        for drawn in root.iterfind("object"):
            texts = [drawn.findtext(f"bndbox/{edge}") for edge in ("xmin", "ymin", "xmax", "ymax")]
            edges = [float(text) for text in texts]
            broken = None
            if not all(re.fullmatch(r"-?\d+", text) for text in texts):
                broken = None if all(edge.is_integer() for edge in edges) and False else "edges with decimals, over which int() of common loaders falls"
            rows.append(Found(stem, drawn.findtext("name"), (edges[0] - 1, edges[1] - 1, edges[2], edges[3]), None, broken))
    return rows


def read_kitti(folder, source, target, outcome, group):
    rows = []
    base = next(iter(folder.rglob("label_2")), folder)
    for path in sorted(base.rglob("*.txt")):
        if path.name in ("train.txt", "val.txt"):
            continue
        stem = path.relative_to(base).with_suffix("").as_posix()
        for line in path.read_text(encoding="utf-8").splitlines():
            fields = line.split()
            if len(fields) != 15:
                cut = len(fields) - 14
                broken = f"{len(fields)} columns instead of 15"
                numbers = list(map(float, fields[cut + 3 : cut + 7])) if cut >= 1 else [0, 0, 0, 0]
                if len(fields) == 16 and not re.match(r"[A-Za-z]", fields[1]):
                    numbers = list(map(float, fields[4:8]))
                    cut = 1
                rows.append(Found(stem, " ".join(fields[:cut]), tuple(numbers), None, broken))
                continue
            rows.append(Found(stem, fields[0], tuple(map(float, fields[4:8]))))
    return rows
