"""Tables: Python's csv and pandas read them; rows, cells and counts are those of the source. TensorFlow's table of boxes by panlabel."""

import csv
import io
import json
import re
from collections import Counter

from harness.reader import Reader, box_of
from harness.tools import ToolFault, panlabel_rows, place_image
from . import Run

ALL = ["tasks", "objects", "answers", "classifications", "object_classifications", "relations", "history", "time", "issues"]

# An object of which they are told has its row all the same.
THERE = {"coordinates-unusable", "voxel-brush-unsupported"}

RUNS = [
    Run("CSV, all tables", {"what": ALL}, ("edge", "demo", "taco")),
    Run("TSV", {"format": "tsv"}, ("edge",)),
    Run("JSON lines", {"format": "jsonl", "what": ALL}, ("edge", "demo")),
    Run("boxes for TensorFlow", {"layout": "tfod"}, ("edge", "demo", "taco")),
]

KINDS = {"bounding-box", "rotated-bounding-box", "polygon", "segmentation"}


def judge(run, folder, source, report):
    if run.options.get("layout") == "tfod":
        return boxes(run, folder, source, report)
    form = run.options.get("format", "csv")
    reader = Reader(run, folder, source, report, {"bounding-box", "rotated-bounding-box", "polygon", "segmentation", "point", "polyline", "spline", "ner", "pdf", "voxel-brush", "other"},
        {"answers", "image answers", "relations", "outline", "holes", "parts", "rotation", "outside", "brush", "voxel brush"})
    verdict = reader.verdict
    verdict.clips = False
    verdict.there = THERE
    verdict.judges = ["csv", "pandas"] if form != "jsonl" else ["json"]
    tables = {path.stem: read(verdict, path, form) for path in sorted(folder.iterdir()) if path.suffix == f".{form}"}
    wanted = run.options.get("what", ALL[:6])
    verdict.check(set(wanted) <= set(tables), f"tables {sorted(set(wanted) - set(tables))} are missing")
    verdict.tasks = {source.by_id[row["task_id"]].index for row in tables["tasks"]}
    verdict.check(len(tables["tasks"]) == len(source.tasks), f"{len(tables['tasks'])} rows of {len(source.tasks)} tasks")
    objects(verdict, source, tables["objects"])
    relations(verdict, source, tables["relations"])
    answers(verdict, source, tables)
    return verdict


def read(verdict, path, form):
    data = path.read_bytes().decode()
    if form == "jsonl":
        rows = [json.loads(line) for line in data.split("\n") if line]
        verdict.check(len({tuple(row) for row in rows}) <= 1, f"{path.name}: rows with other keys than the first")
        return rows
    tab = form == "tsv"
    lines = list(csv.reader(io.StringIO(data, newline=""), delimiter="\t" if tab else ",", strict=True))
    head, *cells = lines
    verdict.check(len(set(head)) == len(head), f"{path.name}: a column occurs twice")
    verdict.check(all(len(row) == len(head) for row in cells), f"{path.name}: rows with more or fewer cells than columns")
    formulas = [cell for row in cells for cell in row if re.match(r"[=+@\t\r]|-(?![\d.])", cell)]
    verdict.check(not formulas, f"{path.name}: a spreadsheet would run {formulas[:1]}")
    import pandas

    frame = pandas.read_csv(path, sep="\t" if tab else ",", dtype=str, keep_default_na=False)
    verdict.check(frame.shape == (len(cells), len(head)), f"{path.name}: pandas reads {frame.shape[0]} rows of {len(cells)}")
    return [dict(zip(head, row)) for row in cells]


def empty(value):
    return value in ("", None)


def objects(verdict, source, rows):
    """A row for each object, the ends of tracks too; boxes and areas are those of the source."""
    rows_by, seen = {}, Counter()
    for row in rows:
        page = None if empty(row["page"]) else int(row["page"])
        seen[row["task_id"], row["object_id"], page] += 1
        rows_by[row["task_id"], row["object_id"], page] = row
    verdict.check(max(seen.values(), default=0) == 1, "objects: a row is there twice")
    for task in source.tasks:
        for one in task.objects:
            key = next((key for key in ((task.id, one.id, one.page), (task.id, one.id, one.page_index)) if key in rows_by), None)
            if one.is_stop:
                continue
            if key is None:
                continue
            row = rows_by[key]
            verdict.kept[one.key] += 1
            where = f"objects: {one.id}"
            verdict.check(plain(row["class"]) == plain(source.classes.get(one.schema_id, one.title)), f"{where}: class {row['class']!r}")
            outline = one.outline(False)
            if one.kind in KINDS and outline and outline.box:
                found = tuple(float(row[key]) for key in ("x", "y", "width", "height"))
                box = (outline.box[0], outline.box[1], outline.box[2] - outline.box[0], outline.box[3] - outline.box[1])
                points = [point for region, _ in one.zones for point in region]
                whole = box_of(points)
                # A part without area may count, as it was drawn.
                boxes = [box, (whole[0], whole[1], whole[2] - whole[0], whole[3] - whole[1])]
                if one.kind != "rotated-bounding-box":
                    verdict.check(any(max(abs(a - b) for a, b in zip(found, known)) < 2e-6 for known in boxes), f"{where}: place {found}, in the source {box}")
                if not one.crosses_itself and not empty(row["area"]):
                    verdict.check(abs(float(row["area"]) - outline.area) <= 2e-6 * max(1, outline.area), f"{where}: area {row['area']}, in the source {outline.area}")
            if one.kind == "ner":
                verdict.check(float(row["start"]) == one.raw["ner"]["start"] and float(row["end"]) == one.raw["ner"]["end"], f"{where}: span {row['start']} to {row['end']}")


def plain(text):
    """A cell without what guards it against being run."""
    return re.sub(r"\s+", " ", (text or "").lstrip("'")).replace("\\t", " ").replace("\u0007", "")


def relations(verdict, source, rows):
    found = Counter((row["task_id"], row["relation_id"]) for row in rows)
    wanted = Counter((task.id, relation.get("objectId")) for task in source.tasks for relation in task.relations)
    verdict.check(found == wanted, f"relations: {sum(found.values())} rows of {sum(wanted.values())} relations")


def flat(answers):
    for answer in answers:
        if answer:
            yield answer
            yield from flat(answer.get("classifications") or [])


def answers(verdict, source, tables):
    """Each answer has a row, and its texts are in it."""
    found = {}
    for row in tables["answers"]:
        found.setdefault((row["task_id"], row.get("answer_id"), row.get("object_id") or ""), []).append(row)
    for task in source.tasks:
        owners = [("", task.answers)] + [(one.id, one.answers) for one in task.objects]
        for owner, of in owners:
            for answer in flat(of):
                rows = found.get((task.id, answer.get("objectId"), owner)) or [row for key, several in found.items() if key[0] == task.id and key[1] == answer.get("objectId") for row in several]
                value = answer.get("answer")
                given = [text for text in (value if isinstance(value, list) else [value]) if text is not None]
                if not given:
                    continue
                if not verdict.check(rows, f"answers: the answer {answer.get('title')!r} of task {task.index} has no row"):
                    continue
                cell = rows[0]["answer"]
                cell = cell if isinstance(cell, str) else json.dumps(cell, ensure_ascii=False, separators=(",", ":"))
                for text in given:
                    shown = text if isinstance(text, str) else json.dumps(text, separators=(",", ":"))
                    verdict.check(shown in cell or plain(shown) in plain(cell) or json.dumps(shown, ensure_ascii=False)[1:-1] in cell, f"answers: {shown!r} is not in {cell!r}")


def boxes(run, folder, source, report):
    reader = Reader(run, folder, source, report)
    verdict = reader.verdict
    for path in sorted(folder.rglob("*.csv")):
        with open(path, encoding="utf-8", newline="") as opened:
            rows = list(csv.DictReader(opened))
        if not rows or "xmin" not in rows[0]:
            continue
        for at, row in enumerate(rows, 2):
            place = f"{reader.relative(path)}: line {at}"
            found = source.find(row["filename"].lstrip("'")) or source.find(row["filename"])
            if verdict.check(found is not None, f"{place}: {row['filename'][:60]!r} is of no task"):
                verdict.check((int(row["width"]), int(row["height"])) == found[0].size, f"{place}: another size")
                reader.add(found, row["class"], place, box=tuple(float(row[edge]) for edge in ("xmin", "ymin", "xmax", "ymax")))
                reader.pictures[path.parent / row["filename"]] = found[0].size
        if source.name != "taco":
            verdict.judged("panlabel", by_panlabel, path, len(rows), run)
    verdict.tasks = None
    # A name that begins like a formula has an apostrophe before it.
    return reader.finish(1.01, images=False, names=lambda name: name.removeprefix("'") if name[:2] in ("'=", "'+", "'-", "'@") else name)


def by_panlabel(path, count, run):
    found, _ = panlabel_rows("tfod", path, lambda name: (None, None), "TFOD")
    if len(found) != count:
        raise ToolFault(f"panlabel reads {len(found)} of {count} boxes")
