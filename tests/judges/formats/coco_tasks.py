"""COCO's other tasks: keypoints, captions, panoptic segmentation."""

import json

import numpy
from PIL import Image

from harness.coco import check_ids, check_self, load
from harness.match import Row, match
from harness.paint import paint, slack
from harness.tools import ToolFault, command, hotcoco_check, silence


def only(verdict, folder, pattern):
    files = sorted(folder.rglob(pattern))
    return files[0] if verdict.check(len(files) == 1, f"one {pattern}, not {len(files)}") else None


def images_of(verdict, coco, source):
    found = {}
    for image in coco["images"]:
        place = source.find(image["file_name"])
        if verdict.check(place is not None, f"COCO image {image['file_name'][:60]!r} is of no task"):
            found[image["id"]] = place
    verdict.tasks = {task.index for task, _ in found.values()}
    return found


def keypoints(verdict, folder, source, report):
    file = only(verdict, folder, "*.json")
    if not file:
        return verdict
    coco = verdict.judged("pycocotools", load, file)
    check_ids(verdict, coco)
    places = images_of(verdict, coco.dataset, source)
    categories = {category["id"]: category for category in coco.dataset["categories"]}
    for category in categories.values():
        count = len(category["keypoints"])
        verdict.check(all(1 <= end <= count for line in category.get("skeleton", []) for end in line), f"COCO category {category['name']!r}: a skeleton beyond its {count} points")
    rows, used = [], set()
    for row in coco.dataset["annotations"]:
        where, names = f"COCO annotation {row['id']}", categories[row["category_id"]]["keypoints"]
        numbers = row["keypoints"]
        verdict.check(len(numbers) == 3 * len(names), f"{where}: {len(numbers)} numbers for {len(names)} points")
        triples = list(zip(numbers[::3], numbers[1::3], numbers[2::3]))
        verdict.check(row["num_keypoints"] == sum(1 for _, _, seen in triples if seen > 0), f"{where}: num_keypoints is {row['num_keypoints']}")
        verdict.check(all(seen in (0, 1, 2) and (seen or (x, y) == (0, 0)) for x, y, seen in triples), f"{where}: points {triples}")
        verdict.check(row.get("iscrowd") == 0 and row["area"] > 0, f"{where}: iscrowd {row.get('iscrowd')}, area {row['area']}")
        task, page = places[row["image_id"]]
        # A line of as many points is an instance of its own.
        line = next((one for one in task.objects if one.kind in ("polyline", "spline") and one.key not in used and len(one.line) == len(triples)
            and all(seen and max(abs(point[0] - x), abs(point[1] - y)) < 1e-5 for point, (x, y, seen) in zip(one.line, triples))), None)
        if line:
            used.add(line.key)
            verdict.kept[line.key] += 1
            continue
        for name, (x, y, seen) in zip(names, triples):
            if not seen:
                continue
            near = [one for one in task.objects if one.kind == "point" and one.key not in used and (page is None or one.page_index == page) and source.classes.get(one.schema_id) == name and max(abs(one.line[0][0] - x), abs(one.line[0][1] - y)) < 1e-5]
            if verdict.check(near, f"{where}: {name!r} at {x}, {y} is no point of the source"):
                used.add(near[0].key)
                verdict.kept[near[0].key] += 1
                hidden = any(answer.get("answer") == "no" for answer in near[0].answers)
                verdict.answered.add(near[0].key)
                verdict.check(seen == (1 if hidden else 2), f"{where}: {name!r} has visibility {seen}")
        own = next((one for one in task.objects if one.id == row.get("attributes", {}).get("objectId")), None)
        if own is None or own.kind != "point":
            x, y, width, height = row["bbox"]
            rows.append(Row(task, categories[row["category_id"]]["name"], (x, y, x + width, y + height), page=page, id=own.id if own else None, where=where))
    match(source, verdict, report, rows, 2e-6, verdict.clips)
    verdict.holds |= {"rotation", "outline", "relations"}
    check_self(verdict, coco, ("bbox", "keypoints"))
    verdict.judged("hotcoco", hotcoco_check, file)
    return verdict


def captions(verdict, folder, source, report):
    verdict.draws, verdict.holds = set(), {"answers", "relations", "brush", "voxel brush", "image answers"}
    file = only(verdict, folder, "*.json")
    if not file:
        return verdict
    coco = verdict.judged("pycocotools", load, file)
    places = images_of(verdict, coco.dataset, source)
    verdict.tasks = None
    written = {}
    for row in coco.dataset["annotations"]:
        verdict.check(set(row) >= {"id", "image_id", "caption"} and isinstance(row["caption"], str) and row["caption"], f"COCO annotation {row['id']}: {str(row)[:80]}")
        if row["image_id"] in places:
            written.setdefault(places[row["image_id"]][0].index, []).append(row["caption"])
    wanted = {task.index: sorted(answer["answer"] for answer in task.answers if answer.get("tool") == "text" and answer.get("answer")) for task in source.tasks}
    for index, texts in wanted.items():
        verdict.check(sorted(written.get(index, [])) == texts, f"captions of task {index} are {written.get(index, [])}, answered was {texts}")
    with silence():
        verdict.check(len(coco.getAnnIds(imgIds=list(coco.imgs))) == len(coco.anns), "pycocotools does not find all captions by image")
    return verdict


def panoptic(verdict, folder, source, report):
    """Ids of the PNG and of the JSON are the same, areas and boxes are those of its pixels, and each segment lies where its object is seen."""
    verdict.holds |= {"rotation", "brush"}
    # What is covered is said to be.
    verdict.draws = set()
    file = only(verdict, folder, "*.json")
    if not file:
        return verdict
    data = json.loads(file.read_text(encoding="utf-8"))
    places = images_of(verdict, data, source)
    verdict.judges += ["PIL"]
    categories = {category["id"]: category for category in data["categories"]}
    verdict.check(all(category.get("isthing") in (0, 1) and len(category.get("color", [0, 0, 0])) == 3 for category in categories.values()), "panoptic categories: isthing or color is missing")
    verdict.check(sorted(row["image_id"] for row in data["annotations"]) == sorted(places), "panoptic: annotations and images are not the same")
    pngs = {path.name if False else path.relative_to(folder).as_posix(): path for path in folder.rglob("*.png")}
    for row in data["annotations"]:
        path = next((path for name, path in pngs.items() if name == row["file_name"] or name.endswith("/" + row["file_name"])), None)
        if not verdict.check(path is not None, f"panoptic: {row['file_name'][:60]!r} is not there") or row["image_id"] not in places:
            continue
        pixels = numpy.asarray(Image.open(path).convert("RGB")).astype(int)
        ids = pixels[..., 0] + 256 * pixels[..., 1] + 65536 * pixels[..., 2]
        segments = {one["id"]: one for one in row["segments_info"]}
        verdict.check(set(numpy.unique(ids)) - {0} == set(segments), f"panoptic {row['file_name'][:60]!r}: ids of the image and of the JSON are not the same")
        for number, one in segments.items():
            found = ids == number
            ys, xs = numpy.nonzero(found)
            if len(xs):
                box = [int(xs.min()), int(ys.min()), int(xs.max() - xs.min() + 1), int(ys.max() - ys.min() + 1)]
                verdict.check(one["area"] == int(found.sum()) and one["bbox"] == box and one.get("iscrowd") == 0, f"panoptic segment {number}: area {one['area']}, bbox {one['bbox']}, in the image {int(found.sum())}, {box}")
        account_image(verdict, source, places[row["image_id"]], ids, segments, categories, row["file_name"])
    verdict.judged("hotcoco PQ", quality, folder, file)
    return verdict


def account_image(verdict, source, place, ids, segments, categories, where):
    """An object is there if the pixels at which it is on top are of a segment of its class."""
    task, page = place
    drawn = [one for one in task.objects if not one.is_stop and (page is None or one.page_index == page) and one.schema_id in source.classes]
    top, masks = paint(drawn, (ids.shape[1], ids.shape[0]))
    for number, (one, mask) in enumerate(zip(drawn, masks), 1):
        if mask is None:
            continue
        seen = top == number
        of_class = [segment for segment, row in segments.items() if categories[row["category_id"]]["name"] == source.classes[one.schema_id]]
        got = seen & numpy.isin(ids, of_class)
        if seen.any() and numpy.count_nonzero(seen & ~got) <= min(slack(one), 0.6 * numpy.count_nonzero(seen)):
            verdict.kept[one.key] += 1


def quality(folder, file):
    """hotcoco's panoptic quality of the data set against itself."""
    pngs = next(iter(sorted({path.parent for path in folder.rglob("*.png")}, key=lambda path: len(path.parts))), None)
    found = command("coco", "panoptic", "eval", "--gt", file, "--pred", file, "--gt-folder", pngs, "--pred-folder", pngs, "--json")
    pq = json.loads(found[found.index("{"):])
    value = pq.get("pq", pq.get("PQ", pq.get("All", {}).get("pq") if isinstance(pq.get("All"), dict) else None))
    if value is None or value < 0.999:
        raise ToolFault(f"panoptic quality against itself: {str(pq)[:200]}")
