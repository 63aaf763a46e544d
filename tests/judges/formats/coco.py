"""COCO: pycocotools, faster-coco-eval, hotcoco, panlabel, labelformat and supervision read it; areas, boxes and masks are those of the source."""

import functools
import os
import tempfile
from pathlib import Path

from harness.account import Verdict
from harness.coco import check_ids, check_masks, check_rows, check_self, load
from harness.match import Row, match
from harness.paint import brush_of
from harness.tools import ToolFault, datumaro_agrees, hotcoco_check, panlabel_check, panlabel_rows, place_image, silence
from . import Run

AREAS = {"bounding-box", "rotated-bounding-box", "polygon", "segmentation"}

RUNS = [
    Run("instances"),
    Run("instances, kept outside", {"outside": "keep"}, ("edge", "demo")),
    Run("instances, dropped outside", {"outside": "drop"}, ("edge",)),
    Run("instances, all polygons", {"holes": "fill", "boxes_as_polygons": True}, ("edge", "demo")),
    Run("instances, lists of run lengths", {"rle": "uncompressed", "empty": "drop"}, ("edge",)),
    Run("detection", {"task": "detection"}),
    Run("keypoints", {"task": "keypoints"}, ("edge", "demo")),
    Run("captions", {"task": "captions"}, ("edge", "demo")),
    Run("panoptic", {"task": "panoptic"}, ("edge", "demo")),
]


def judge(run, folder, source, report):
    task = run.options.get("task", "instances")
    files = sorted(folder.rglob("*.json"))
    verdict = Verdict(draws=set(AREAS), holds={"answers", "outline", "holes", "parts", "image answers"}, clips=run.options.get("outside") != "keep")
    if run.options.get("holes") == "fill":
        verdict.holds -= {"holes"}
    if task == "detection":
        verdict.holds -= {"outline", "holes", "parts"}
    else:
        verdict.holds |= {"rotation"}
    if task in ("captions", "keypoints", "panoptic"):
        from . import coco_tasks

        return getattr(coco_tasks, task)(verdict, folder, source, report)
    if not verdict.check(len(files) == 1, f"one JSON file, not {[str(file.relative_to(folder)) for file in files]}"):
        return verdict
    coco = verdict.judged("pycocotools", load, files[0])
    if coco is None:
        return verdict
    check_ids(verdict, coco)
    check_rows(verdict, coco)
    read(verdict, coco, source, report, run, run.options.get("holes") == "fill", task == "detection")
    if run.options.get("outside") == "drop":
        verdict.draws = set()
    if source.name != "taco":
        check_masks(verdict, coco)
    check_self(verdict, coco, ("bbox",) if source.name == "taco" else ("bbox", "segm"))
    others(verdict, files[0], coco, source, run)
    return verdict


def read(verdict, coco, source, report, run, filled, boxes):
    """The rows by object id, with areas, boxes and masks."""
    names = {category["id"]: category["name"] for category in coco.dataset["categories"]}
    classes = [category["name"] for category in coco.dataset["categories"]]
    verdict.check(classes == source.titles or set(classes) == set(source.titles), "COCO categories: not those of the ontology, in its order")
    tasks = {}
    for image in coco.dataset["images"]:
        task = source.by_id.get(image.get("attributes", {}).get("taskId")) or source.by_name.get(image["file_name"])
        if not verdict.check(task is not None, f"COCO image {image['file_name']!r} is of no task"):
            continue
        tasks[image["id"]] = task
        size = (image.get("width"), image.get("height"))
        verdict.check(size == task.size or (size == (None, None) and not task.size), f"COCO image {image['id']}: has another size than its source, {size} and {task.size}")
    verdict.tasks = {task.index for task in tasks.values()}
    rows, strokes = [], {(task.index, schema): mask for task in tasks.values() for schema, mask in brush_of(task).items()} if not boxes else {}
    if strokes and run.options.get("brush") != "skip":
        verdict.holds.add("brush")
    for row in coco.dataset["annotations"]:
        if row["image_id"] not in tasks:
            continue
        stroke = next((key for key in strokes if key[0] == tasks[row["image_id"]].index and source.classes[key[1]] == names[row["category_id"]]), None)
        if stroke:
            # What a brush painted of a class, which is no object of the export: the same pixels.
            verdict.check((coco.annToMask(row).astype(bool) == strokes.pop(stroke)).all(), f"COCO annotation {row['id']}: other pixels than the brush painted")
            continue
        x, y, width, height = row["bbox"]
        mask = coco.annToMask(row).astype(bool) if row.get("segmentation") and source.name != "taco" and "height" in coco.imgs[row["image_id"]] else None
        if boxes:
            verdict.check(abs(row["area"] - width * height) <= 1e-4 * max(1, row["area"]) and not row.get("segmentation"), f"COCO annotation {row['id']}: a box with an area of its own")
        rows.append(Row(tasks[row["image_id"]], names[row["category_id"]], (x, y, x + width, y + height), row["area"], mask, id=row.get("attributes", {}).get("objectId"), where=f"COCO annotation {row['id']}"))
    verdict.check(not strokes or "brush" not in verdict.holds, f"brushes of {len(strokes)} classes are not there")
    match(source, verdict, report, rows, 2e-6, verdict.clips, None if boxes else 2e-6, filled=filled)


def others(verdict, file, coco, source, run):
    """What other readers find must be as much as pycocotools does."""
    verdict.judged("hotcoco", hotcoco_check, file)
    if run.options.get("outside") != "keep":
        verdict.judged("panlabel", panlabel_check, "coco", file, ("duplicate_category_name", "invalid_bbox_area"))

    def count():
        rows, _ = panlabel_rows("coco", file, source.find, "COCO")
        if len(rows) != len(coco.anns):
            raise ToolFault(f"panlabel reads {len(rows)} of {len(coco.anns)} annotations")

    verdict.judged("panlabel", count)
    verdict.judged("labelformat", labelformat, file, coco)
    if source.name != "taco":
        # It draws every mask at the size of its image, and keeps them all.
        verdict.judged("supervision", supervision, file, coco)
    if os.environ.get("ANGO_JUDGES_ALL") and source.name == "demo" and "outside" not in run.options:
        verdict.judged("datumaro", datumaro_agrees, "coco_instances", file.parent.parent, len(coco.imgs), datumaro_count(coco), functools.partial(layout, coco))
    verdict.judges = list(dict.fromkeys(verdict.judges))


def datumaro_count(coco):
    """A box for each object, and each ring or mask besides."""
    return sum(1 + (len(row["segmentation"]) if isinstance(row.get("segmentation"), list) else bool(row.get("segmentation"))) for row in coco.dataset["annotations"])


def layout(coco, folder):
    """The layout of COCO's own site, with images."""
    file = next((folder / "annotations").glob("*.json"))
    file.rename(file.with_name("instances_train.json"))
    for image in coco.dataset["images"]:
        place_image(folder / "images" / "train" / image["file_name"], (image["width"], image["height"]))


def labelformat(file, coco):
    from labelformat.formats.coco import COCOInstanceSegmentationInput, COCOObjectDetectionInput

    found = sum(len(image.objects) for image in COCOObjectDetectionInput(file).get_labels())
    if found != len(coco.anns):
        raise ToolFault(f"labelformat reads {found} of {len(coco.anns)} annotations")
    # It reads run lengths of crowds only, and outlines only when each object has one.
    if all(isinstance(row.get("segmentation"), list) and row["segmentation"] for row in coco.dataset["annotations"]):
        found = sum(len(image.objects) for image in COCOInstanceSegmentationInput(file).get_labels())
        if found != len(coco.anns):
            raise ToolFault(f"labelformat reads {found} of {len(coco.anns)} outlines")


def supervision(file, coco):
    import supervision as sv

    with tempfile.TemporaryDirectory() as folder, silence():
        found = sv.DetectionDataset.from_coco(images_directory_path=str(Path(folder)), annotations_path=str(file))
    boxes = sum(len(detections) for detections in found.annotations.values())
    if boxes != len(coco.anns):
        raise ToolFault(f"supervision reads {boxes} of {len(coco.anns)} annotations")
