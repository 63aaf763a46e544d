"""Documents: FUNSD forms by their published reader's rules, layout as COCO by pycocotools; links are the relations."""

import json

from harness.coco import check_ids, check_rows, check_self, load
from harness.account import flat
from harness.reader import AREAS, Reader
from . import Run

RUNS = [
    Run("forms (FUNSD)", {}, ("edge", "demo")),
    Run("forms, pages of 1000 pixels", {"page_size": [1000, 1000]}, ("edge",)),
    Run("layout (COCO)", {"format": "coco"}, ("edge", "demo")),
    Run("layout, pages of 1025 pixels", {"format": "coco", "page_size": [1025, 1025]}, ("edge",)),
]


def judge(run, folder, source, report):
    reader = Reader(run, folder, source, report, AREAS | {"pdf"}, {"relations"})
    return layout(reader) if run.options.get("format") == "coco" else forms(reader)


def scale(reader, task, box):
    """A box of a page as it was drawn: pages may have been given another size."""
    size = reader.run.options.get("page_size")
    if not size or not task.size:
        return box
    return tuple(edge * side / new for edge, side, new in zip(box, task.size * 2, size * 2))


def pixel(reader, task):
    """How large a pixel of the output is in the image."""
    size = reader.run.options.get("page_size")
    return max((side / new for side, new in zip(task.size, size)), default=1.0) if size and task.size else 1.0


def forms(reader):
    source, verdict = reader.source, reader.verdict
    by_id, written, texts = {}, set(), []
    for path in reader.files("*.json"):
        where, data = reader.relative(path), json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(data, dict) or "form" not in data:
            continue
        parts = where.rpartition(".")[0].split("/")
        name = next(("/".join(parts[at:]) for at in range(len(parts)) if source.find("/".join(parts[at:]))), where)
        image = reader.image(name, where)
        ids = [entry["id"] for entry in data["form"]]
        verdict.check(len(set(ids)) == len(ids), f"{where}: an id occurs twice")
        for entry in data["form"] if image else []:
            place = f"{where}: entry {entry['id']}"
            verdict.check(set(entry) >= {"id", "text", "box", "label", "linking", "words"} and isinstance(entry["text"], str), f"{place}: has keys {sorted(entry)}")
            edges = entry["box"]
            verdict.check(all(isinstance(edge, int) for edge in edges) and edges[0] <= edges[2] and edges[1] <= edges[3], f"{place}: box {edges}")
            verdict.check(all(set(word) >= {"text", "box"} and len(word["box"]) == 4 for word in entry["words"]), f"{place}: words {str(entry['words'])[:80]}")
            reader.add(image, entry["label"], place, box=scale(reader, image[0], edges), rounded=1.01 * pixel(reader, image[0]))
            by_id[image[0].index, image[1], entry["id"]] = reader.rows[-1]
            texts.append((place, reader.rows[-1], entry))
            for pair in entry["linking"]:
                verdict.check(len(pair) == 2 and set(pair) <= set(ids) and entry["id"] in pair, f"{place}: links {pair}")
                written.add((image[0].index, image[1], *pair))
    reader.finish(1.01, images=False)
    for place, row, entry in texts:
        if row.drawn:
            was = texts_of(row.drawn)
            verdict.check(entry["text"] in was, f"{place}: the text {entry['text'][:40]!r} is none of {was}")
            verdict.check(" ".join(word["text"] for word in entry["words"]).split() == entry["text"].split(), f"{place}: its words are not its text")
    # Page sizes of documents are no whole numbers, and pages are.
    links(reader, by_id, written)
    return verdict


def texts_of(drawn):
    """What the text of an area can be: that of the PDF, what was read in it, or the first answer that is a text; or none."""
    raw = drawn.raw
    pdf = raw.get("pdf") or {}
    read = [text for text in (pdf.get("text"), (pdf.get("content") or {}).get("text"), (raw.get("ocr") or {}).get("text")) if text]
    return read[:1] or [answer["answer"] for answer in flat(drawn.answers) if answer.get("tool") == "text" and answer.get("answer")][:1] or [""]


def links(reader, by_id, written):
    """Each relation of two objects of a page that are there is a link, and each link is a relation."""
    source, verdict, report = reader.source, reader.verdict, reader.report
    drawn = {key: row.drawn.id for key, row in by_id.items() if row.drawn}
    found = {(task, frozenset((drawn.get((task, page, a)), drawn.get((task, page, b))))) for task, page, a, b in written}
    for task in source.tasks:
        for relation in task.relations:
            ends = [relation.get("from"), *(relation["to"] if isinstance(relation.get("to"), list) else [relation.get("to")])] if "from" in relation else relation["group"]
            pairs = {(task.index, frozenset((ends[0], end))) for end in ends[1:]} if "from" in relation else set()
            if pairs and pairs <= found or report.says(task.index, relation.get("objectId"), {"link-unsupported", "relation-unsupported"}) or report.absent_task(task.index):
                continue
            members = set(ends)
            if "group" in relation and (len(members) < 2 or any(members >= set(pair) for index, pair in found if index == task.index)):
                continue
            verdict.faults.append(f"relation {relation.get('objectId')} of task {task.index} is no link, and nothing is said of it")


def layout(reader):
    source, verdict = reader.source, reader.verdict
    verdict.holds |= {"outline", "holes", "parts", "rotation", "answers", "image answers"}
    verdict.holds -= {"relations"}
    for path in reader.files("*.json"):
        coco = verdict.judged("pycocotools", load, path)
        check_ids(verdict, coco)
        check_rows(verdict, coco)
        names = {category["id"]: category["name"] for category in coco.dataset["categories"]}
        places = {}
        for image in coco.dataset["images"]:
            verdict.check(set(image) >= {"doc_category", "collection", "doc_name", "page_no"}, f"image {image['id']}: has keys {sorted(image)}")
            places[image["id"]] = reader.image(image["file_name"], f"image {image['id']}")
        for row in coco.dataset["annotations"]:
            place = places[row["image_id"]]
            if place:
                x, y, width, height = row["bbox"]
                reader.add(place, names[row["category_id"]], f"annotation {row['id']}", box=scale(reader, place[0], (x, y, x + width, y + height)), id=row.get("attributes", {}).get("objectId"))
        check_self(verdict, coco, ("bbox",))
    return reader.finish(0.5)
