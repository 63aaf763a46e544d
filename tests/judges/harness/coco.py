"""COCO files: what pycocotools and faster-coco-eval make of them, and what goes wrong in evaluation without a word. Several formats are COCO files."""

import numpy
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

from .tools import silence


def load(path):
    with silence():
        return COCO(str(path))


def check_ids(verdict, coco, empty_allowed=False):
    for kind in ("images", "annotations", "categories"):
        ids = [row["id"] for row in coco.dataset.get(kind, [])]
        # An id of 0 is taken for "no match" by evaluation.
        verdict.check(all(isinstance(number, int) and number >= 1 for number in ids), f"COCO {kind}: ids are whole numbers from 1")
        verdict.check(len(set(ids)) == len(ids), f"COCO {kind}: an id occurs twice")
    names = [row["file_name"] for row in coco.dataset["images"]]
    verdict.check(len({name.lower() for name in names}) == len(names), "COCO images: two file names are the same on some systems")
    for row in coco.dataset["images"]:
        verdict.check(isinstance(row.get("width", 1), int) and row.get("width", 1) > 0 and row.get("height", 1) > 0, f"COCO image {row['id']}: a size that is none")
    for row in coco.dataset.get("annotations", []):
        verdict.check(row["image_id"] in coco.imgs, f"COCO annotation {row['id']}: its image is not there")
        verdict.check(row.get("category_id") in coco.cats, f"COCO annotation {row['id']}: its category is not there")


def check_rows(verdict, coco):
    """What evaluation needs of each row."""
    empty = []
    for row in coco.dataset["annotations"]:
        verdict.check(row.get("iscrowd") == 0 and "area" in row and len(row["bbox"]) == 4, f"COCO annotation {row['id']}: needs iscrowd 0, area and bbox")
        if row["area"] <= 0 or row["bbox"][2] <= 0 or row["bbox"][3] <= 0:
            empty.append(row["id"])
        if isinstance(row.get("segmentation"), list):
            verdict.check(all(len(ring) >= 6 and len(ring) % 2 == 0 for ring in row["segmentation"]), f"COCO annotation {row['id']}: a ring of less than three points")
    verdict.check(not empty, f"COCO: {len(empty)} annotations are empty, the first is {empty[:1]}")


def check_masks(verdict, coco):
    def is_inside(row):
        image, (x, y, width, height) = coco.imgs[row["image_id"]], row["bbox"]
        return "width" in image and min(x + width, image["width"]) - max(x, 0) >= 2 and min(y + height, image["height"]) - max(y, 0) >= 2

    empty = [row["id"] for row in coco.dataset["annotations"] if row.get("segmentation") and row["area"] >= 4 and is_inside(row) and not coco.annToMask(row).any()]
    verdict.check(not empty, f"COCO: {len(empty)} masks are empty, the first of annotation {empty[:1]}")


def self_evaluation(coco, kind, loaded=COCO, evaluator=COCOeval):
    """AP of the annotations as detections of themselves; `None` without any."""
    # A box of hair's breadth is no match of itself by the arithmetic of evaluation.
    rows = [row for row in coco.dataset["annotations"] if row["area"] > 1e-3 and (kind == "bbox" or row.get("segmentation")) and (kind != "keypoints" or row.get("num_keypoints"))]
    if kind == "segm":
        rows = [row for row in rows if coco.annToMask(row).any()]
    if not rows:
        return None
    with silence():
        truth = loaded()
        truth.dataset = {**coco.dataset, "annotations": [dict(row) for row in rows]}
        truth.createIndex()
        found = []
        for row in rows:
            result = {"image_id": row["image_id"], "category_id": row["category_id"], "score": 1.0}
            if kind == "bbox":
                result["bbox"] = row["bbox"]
            elif kind == "segm":
                result["segmentation"] = coco.annToRLE(row)
            else:
                result["keypoints"] = row["keypoints"]
            found.append(result)
        evaluation = evaluator(truth, truth.loadRes(found), kind)
        if kind == "keypoints":
            count = len(rows[0]["keypoints"]) // 3
            evaluation.params.kpt_oks_sigmas = numpy.full(count, 0.05)
        # More objects in an image than the usual hundred are no fault.
        evaluation.params.maxDets = [100_000] if kind == "keypoints" else [1, 10, 100_000]
        evaluation.evaluate()
        evaluation.accumulate()
    precision = evaluation.eval["precision"]
    precision = precision[:, :, :, 0, -1]
    return float(numpy.mean(precision[precision > -1]))


def check_self(verdict, coco, kinds=("bbox", "segm")):
    """Both evaluators: the annotations find themselves."""
    for kind in kinds:
        found = verdict.judged(f"pycocotools {kind}", self_evaluation, coco, kind)
        verdict.check(found is None or found > 1 - 1e-9, f"pycocotools: AP of {kind} against itself is {found}")

    def faster(kind):
        from faster_coco_eval import COCO as Loaded
        from faster_coco_eval import COCOeval_faster

        return self_evaluation(coco, kind, Loaded, COCOeval_faster)

    for kind in kinds:
        found = verdict.judged(f"faster-coco-eval {kind}", faster, kind)
        verdict.check(found is None or found > 1 - 1e-9, f"faster-coco-eval: AP of {kind} against itself is {found}")
