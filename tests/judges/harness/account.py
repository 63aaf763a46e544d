"""Nothing vanishes: every object of the source is in the output, or a code says that it is not."""

import json
from collections import Counter
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

from .report import ABSENT, PARTLY

# By what a format cannot hold: the codes of which one must be said.
SAID = {
    "answers": {"classification-unsupported"},
    "image answers": {"classification-unsupported"},
    "relations": {"relation-unsupported"},
    "brush": {"brush-unsupported", "brush-color-unknown"},
    "voxel brush": {"voxel-brush-unsupported", "brush-unsupported"},
    "voxels": {"voxel-brush-unsupported"},
    "rotation": {"rotation-dropped", "shape-reduced-to-box"},
    "outline": {"shape-reduced-to-box", "rotation-dropped"},
    "holes": {"hole-filled", "hole-bridged", "hole-unsupported"},
    "parts": {"parts-bridged", "parts-split", "parts-merged"},
    "outside": {"clipped"},
}


@dataclass
class Verdict:
    """What a format's judge found in the output."""

    # How often each object is there, by task, object id, and page or frame.
    kept: Counter = field(default_factory=Counter)
    # Indices of the tasks that are there; `None` when the format holds no tasks or images.
    tasks: set | None = None
    # What of `SAID` the format holds; the rest must be said of each object that is there.
    holds: set = field(default_factory=set)
    # Kinds of geometry that must be there when nothing is wrong with them.
    draws: set = field(default_factory=set)
    # Which objects of such a geometry must be there.
    wants: object = lambda one: True
    # Whether the shapes are cut at the image.
    clips: bool = True
    # Codes of absence that here are said of objects that are there, without a part of them.
    there: set = field(default_factory=set)
    # Objects whose answers are in the output in another way.
    answered: set = field(default_factory=set)
    judges: list = field(default_factory=list)
    faults: list = field(default_factory=list)
    notes: list = field(default_factory=list)

    def check(self, condition, message):
        if not condition:
            self.faults.append(message)
        return bool(condition)

    def judged(self, name, check, *args):
        """Runs one judge. Whatever it throws is a fault of the output."""
        self.judges.append(name)
        try:
            return check(*args)
        except Exception as error:  # noqa: BLE001
            self.faults.append(f"{name}: {type(error).__name__}: {str(error)[:300]}")
            return None


def account(source, verdict, report):
    """Faults of the sum, and how many objects there were, are, and are said to be absent."""
    faults = [f"the code {code} is not known to be one of absence or of change" for code in report.unknown_codes]
    drawn = source.objects()
    extra = [key for key in verdict.kept if key not in {one.key for one in drawn}]
    faults += [f"{len(extra)} objects are in the output and not in the source: {extra[:3]}"] if extra else []
    missing = [one for one in drawn if not verdict.kept[one.key]]
    if report.is_complete:
        faults += exact(source, verdict, report, drawn, missing)
    else:
        faults += in_sum(source, report, drawn, missing)
    faults += said(source, verdict, report, drawn) if report.is_complete else []
    faults += vanished_tasks(source, verdict, report)
    return faults, len(drawn), len(drawn) - len(missing), len(missing)


def in_sum(source, report, drawn, missing):
    """By number only, as not every loss was told by itself. Objects of a task that is absent as a whole may be told one by one besides."""
    of_object = sum(count - sum(1 for codes in report.of_task.values() for one in codes if one == code) for code, count in report.codes.items() if code in ABSENT)
    of_task = sum(1 for one in missing if report.absent_task(one.task.index))
    # What is said of an empty task may be among what was not told.
    empty = sum(1 for task in source.tasks if not task.objects)
    if of_object - empty <= len(missing) <= of_object + of_task:
        return []
    return [f"{len(drawn)} objects are drawn, {len(missing)} are not there, {of_object} are said to be absent, and {of_task} are of absent tasks"]


def exact(source, verdict, report, drawn, missing):
    faults = []
    per_object = Counter((one.task.index, one.id) for one in drawn)
    unsaid = [one for one in missing if not report.absent(one.task.index, one.id) and not report.absent_task(one.task.index)]
    faults += [f"vanished: {describe(one)}" for one in unsaid[:5]] + ([f"... and {len(unsaid) - 5} more vanished"] if len(unsaid) > 5 else [])
    # Of a track, as often as it is missing.
    gone = Counter((one.task.index, one.id) for one in missing)
    for (task, object_id), count in gone.items():
        codes = report.absent(task, object_id)
        if codes and count > 1 and len(codes) != count and not report.absent_task(task):
            faults.append(f"object {object_id} of task {task} is missing on {count} frames, and {len(codes)} are told")
    for one in drawn:
        if not verdict.kept[one.key]:
            codes = report.absent(one.task.index, one.id) or report.absent_task(one.task.index)
            if one.kind in verdict.draws and verdict.wants(one) and one.task.size and one.is_healthy(verdict.clips) and not set(codes) <= {"duplicate"}:
                faults.append(f"left out without need ({', '.join(codes)}): {describe(one)}")
            continue
        if verdict.kept[one.key] > 1 and not report.says(one.task.index, one.id, {"parts-split"}):
            faults.append(f"there {verdict.kept[one.key]} times: {describe(one)}")
        codes = [code for code in report.absent(one.task.index, one.id) if code not in PARTLY | verdict.there]
        if codes and per_object[one.task.index, one.id] == 1:
            faults.append(f"said to be absent ({', '.join(codes)}) but there: {describe(one)}")
    return faults


def said(source, verdict, report, drawn):
    """What is there, but not all of it."""
    faults = []

    def want(feature, task, object_id, what):
        if feature not in verdict.holds and not report.says(task, object_id, SAID[feature] | ABSENT):
            faults.append(f"nothing is said of {feature} of {what}")

    for one in drawn:
        if not verdict.kept[one.key]:
            continue
        if one.answers and one.key not in verdict.answered:
            want("answers", one.task.index, one.id, describe(one))
        zones = one.zones or []
        parts = [(region, holes) for region, holes in zones if len(region) > 2]
        if one.kind == "voxel-brush":
            want("voxels", one.task.index, one.id, describe(one))
        elif one.kind == "rotated-bounding-box":
            want("rotation", one.task.index, one.id, describe(one))
        elif one.kind in ("polygon", "segmentation"):
            want("outline", one.task.index, one.id, describe(one))
            outline = one.outline(verdict.clips)
            if "outline" in verdict.holds and outline and outline.has_holes:
                want("holes", one.task.index, one.id, describe(one))
            if "outline" in verdict.holds and outline and len(outline.zones) > 1:
                want("parts", one.task.index, one.id, describe(one))
        if verdict.clips and one.task.size and parts:
            whole, cut = one.outline(False), one.outline(True)
            if whole and cut and whole.area - cut.area > 1e-6 * max(1.0, whole.area):
                want("outside", one.task.index, one.id, describe(one))
    for task in source.tasks:
        for answer in task.answers:
            want("image answers", task.index, answer.get("objectId"), f"task {task.index}")
        for relation in task.relations:
            want("relations", task.index, relation.get("objectId"), f"task {task.index}")
        if task.brush:
            want("brush", task.index, None, f"task {task.index}")
        if task.voxel_brush:
            want("voxel brush", task.index, None, f"task {task.index}")
    faults = list(dict.fromkeys(faults))
    return faults[:8] + ([f"... and {len(faults) - 8} more of which nothing is said"] if len(faults) > 8 else [])


def vanished_tasks(source, verdict, report):
    if verdict.tasks is None or not report.is_complete:
        return []
    gone = [task for task in source.tasks if task.index not in verdict.tasks and not report.absent_task(task.index)]
    # A task is accounted for when each of its objects is.
    gone = [task for task in gone if not (task.objects and all(report.absent(task.index, one.id) for one in task.objects if not one.is_stop))]
    return [f"task {task.index} ({task.file_name[:60]!r}) is not there, and nothing is said of it" for task in gone[:5]]


def describe(one):
    page = "" if one.page is None else f" on page {one.page}"
    return f"{one.kind} {one.id} ({one.title[:20]!r}) of task {one.task.index}{page}"


def flat(answers):
    for answer in answers:
        if answer:
            yield answer
            yield from flat(answer.get("classifications") or [])


def written(source, verdict, folder, report):
    """Formats that hold answers have them: each text that was answered about what is there is somewhere in the output."""
    wanted = {}
    if "answers" in verdict.holds:
        wanted |= {(text, describe(one)): None for one in source.objects() if verdict.kept[one.key] for text in texts(one.answers)}
    is_told = report.codes.get("classification-unsupported") == report.told.get("classification-unsupported")
    if "image answers" in verdict.holds and verdict.tasks is not None and is_told:
        # Of a task of which it is said that an answer of its own has no place, not all answers need be there.
        objects = {(one.task.index, one.id) for one in source.objects(stops=True)}
        told = {task for (task, one), codes in report.of_object.items() if "classification-unsupported" in codes and (task, one) not in objects}
        wanted |= {(text, f"task {task.index}"): None for task in source.tasks if task.index in verdict.tasks - told for text in texts(task.answers)}
    if not wanted or source.name == "taco":
        return []
    data = "\n".join(path.read_bytes().decode(errors="ignore") for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix in TEXTUAL)
    missing = [(text, what) for text, what in wanted if not any(form in data for form in forms(text))]
    return [f"the answer {text[:60]!r} of {what} is nowhere in the output" for text, what in missing[:3]] + ([f"... and {len(missing) - 3} more answers"] if len(missing) > 3 else [])


TEXTUAL = {".json", ".jsonl", ".ndjson", ".xml", ".csv", ".tsv", ".txt", ".geojson", ".yaml"}


def texts(answers):
    for answer in flat(answers):
        value = answer.get("answer")
        for text in value if isinstance(value, list) else [value]:
            if isinstance(text, str) and text:
                yield text


def forms(text):
    """A text as it is, and as JSON (once, or as a text within JSON), XML and CSV write it."""
    quoted = json.dumps(text, ensure_ascii=False)[1:-1]
    marks = escape(text, {"\"": "&quot;"})
    found = {text, quoted, json.dumps(quoted, ensure_ascii=False)[1:-1], escape(text), marks, marks.replace("\n", "&#10;"), marks.replace("\n", "&#xA;"), text.replace("\"", "\"\"")}
    found.add(json.dumps(text)[1:-1])
    found.add(json.dumps(json.dumps(json.dumps(text, ensure_ascii=False)[1:-1], ensure_ascii=False)[1:-1], ensure_ascii=False)[1:-1].replace("\"", "\"\""))
    found.add(quoted.replace("\"", "\"\""))
    if " / " in text:
        # A place in a tree, as the list of its steps.
        found.add(json.dumps(text.split(" / "), ensure_ascii=False, separators=(",", ":")))
    return found
