"""The records of everything that is not one image with shapes: pages, videos, texts, documents, brushes, volumes, and the ways of a project."""

from .assets import PLAIN, TEXT
from .build import Task, answered, rectangle
from .ontology import CLASSES, IMAGE_QUESTIONS, RELATIONS, STAGES, make_id

WEATHER = IMAGE_QUESTIONS[0]
LESION = next(nested[0] for key, _, _, _, nested in CLASSES if key == "liver")


def pages(base):
    """A scan of three pages, the middle one empty."""
    links = [f"https://assets.example.com/scan/page-{page}.png?sig=x" for page in range(3)]
    task = Task("pages", "scans/three pages.tif", (300, 400), asset=links[0], dataset=links)
    task.box("car", 10, 10, 50, 50, page=0)
    task.box("car", 20, 20, 50, 50, page=2)
    task.zones("building", (rectangle(100, 100, 200, 200), rectangle(120, 120, 150, 150)), page=2)
    # A page that is not there.
    task.box("car", 5, 5, 6, 7, page=7)
    task.answers(answered(WEATHER, "rain", page=2))
    yield task
    # One page of many, where all boxes are on the first.
    links = [f"https://assets.example.com/book/{page}.jpg" for page in range(2)]
    task = Task("book", "scans/book.pdf", (100, 100), asset=links[0], dataset=links)
    task.box("car", 10, 10, 30, 30)
    yield task


def videos(base):
    """Tracks by key frames; the exported frames are computed by the host."""
    task = Task("video", "videos/street.mp4", (320, 240), metadata={"frameTotal": 10, "frameRate": 5})
    first, second, third, fourth = (task.id() for _ in range(4))
    at = lambda page, x: {"x": x, "y": 50, "width": 40, "height": 30}
    task.box("car", *at(0, 10).values(), id=first, page=0)
    task.box("car", *at(9, 190).values(), id=first, page=9)
    # Gone from frame 5 on.
    task.box("yes", 100, 100, 20, 20, id=second, page=2)
    task.box("yes", 130, 100, 20, 20, id=second, page=4)
    task.box("yes", 130, 100, 20, 20, id=second, page=5, interpolationStopped=True)
    # A polygon that leaves the image, and a point.
    task.polygon("light", (250, 10), (300, 10), (300, 60), id=third, page=0)
    task.polygon("light", (350, 10), (400, 10), (400, 60), id=third, page=9)
    task.draw("nose", "point", [50, 200], id=fourth, page=3)
    task.draw("nose", "point", [50, 200], id=fourth, page=6, interpolationStopped=True)
    task.answers(answered(WEATHER, "sunny", page=0), answered(WEATHER, "rain", page=5))
    yield task
    yield Task("silent video", "videos/empty.mp4", (320, 240), metadata={"frameTotal": 4, "frameRate": 29.97})
    # Nobody measured it.
    task = Task("unmeasured video", "videos/unmeasured.mp4", None, metadata={"frameRate": 25, "frameTotal": 3})
    task.box("car", 10, 10, 20, 20, page=0)
    task.box("car", 10, 10, 20, 20, page=1, interpolationStopped=True)
    yield task


def utf16(text):
    return len(text.encode("utf-16-le")) // 2


def span(text, selection, count=utf16, after=0):
    at = text.index(selection, after)
    return {"start": count(text[:at]), "end": count(text[: at + len(selection)]), "selection": selection}


def texts(base):
    task = Task("text", "texts/emoji.txt", None, asset=f"{base}/texts/emoji.txt")
    for key, selection in [("person", "Dr. Ana 👩‍⚕️ Núñez"), ("person", "Li"), ("location", "New York City 🗽"), ("location", "Łódź"), ("location", "東京")]:
        task.draw(key, "ner", span(TEXT, selection))
    # Nested, overlapping, with spaces around, within a word, and the last character.
    task.draw("location", "ner", span(TEXT, "York"))
    task.draw("person", "ner", span(TEXT, "Li in New"))
    task.draw("location", "ner", span(TEXT, " far; "))
    task.draw("person", "ner", span(TEXT, "ef"))
    task.draw("person", "ner", span(TEXT, "too."))
    task.draw("person", "ner", {"start": 5, "end": 5, "selection": ""})
    task.draw("person", "ner", {"start": 9000, "end": 9010, "selection": "beyond"})
    task.draw("person", "ner", {"start": 0, "end": 3, "selection": "not what is there"})
    task.draw("person", "ner", {"start": 7, "end": 4, "selection": "backwards"})
    yield task
    # The same by code points, which only the selections tell.
    task = Task("text by code points", "texts/points.txt", None, asset=f"{base}/texts/emoji.txt")
    for key, selection in [("person", "Núñez"), ("location", "Łódź"), ("location", "東京")]:
        task.draw(key, "ner", span(TEXT, selection, len))
    yield task
    task = Task("plain text", "texts/plain.txt", None, asset=f"{base}/texts/plain.txt")
    task.draw("person", "ner", span(PLAIN, "Anna"))
    location = task.draw("location", "ner", span(PLAIN, "Berlin"))
    task.draw("person", "ner", {"start": 22, "end": 25})
    task.task["relations"] = [{"objectId": task.id(), "schemaId": RELATIONS[0]["schemaId"], "title": "drives", "from": task.task["tools"][0]["objectId"], "to": location, "direction": "straight"}]
    yield task
    task = Task("lost text", "texts/gone.txt", None, asset=f"{base}/texts/gone.txt")
    task.draw("person", "ner", {"start": 0, "end": 4, "selection": "Anna"})
    yield task
    # Seconds of a recording.
    task = Task("audio", "calls/call.mp3", None)
    task.draw("person", "ner", {"start": 1.25, "end": 3.5})
    yield task


def documents(base):
    page = {"width": 371.67, "height": 771.67}
    area = lambda x1, y1, x2, y2: {"x1": x1, "y1": y1, "x2": x2, "y2": y2, **page}
    task = Task("document", "documents/form.pdf", None)
    words = [area(26.48, 89.81, 90.28, 109.81), area(95, 89.81, 146.27, 109.81)]
    ids = [
        task.draw("header", "pdf", {"position": {"boundingRect": area(26.48, 89.81, 146.27, 109.81), "rects": words, "pageNumber": 1}, "content": {"text": "Deutsche Post"}}),
        task.draw("answer", "pdf", {"position": {"boundingRect": area(200, 89.81, 300, 109.81), "rects": [], "pageNumber": 1}, "content": {"text": "Grüße 📮"}}),
        task.draw("answer", "pdf", {"position": {"boundingRect": area(20, 20, 120, 40), "rects": [], "pageNumber": 3}, "content": {"image": "data:image/png;base64,iVBORw0KGgo="}}),
        task.draw("answer", "pdf", {"x1": 10, "y1": 700, "x2": 60, "y2": 720, "pageNumber": 2, "text": "flat", **page}),
    ]
    task.draw("answer", "pdf", {"position": {"boundingRect": area(350, 750, 400, 800), "rects": [], "pageNumber": 1}, "content": {"text": "outside"}})
    link = lambda a, b: {"objectId": task.id(), "schemaId": RELATIONS[0]["schemaId"], "title": "drives", "from": a, "to": b, "direction": "straight"}
    task.task["relations"] = [link(ids[0], ids[1]), link(ids[0], ids[3])]
    yield task


def brushes(base):
    task = Task("brush", "grass.jpg").set(brushDataUrl=f"{base}/brush/grass.png?X-Amz-Signature=abc")
    task.box("car", 20, 10, 30, 30)
    task.zones("building", (rectangle(100, 5, 150, 55), rectangle(110, 15, 140, 45)))
    yield task
    for key in ("unknown-colour", "other-size", "empty", "not-an-image", "gone"):
        yield Task(f"brush {key}", f"brush-{key}.jpg").set(brushDataUrl=f"{base}/brush/{key}.png")


def volumes(base):
    task = Task("volume", "volumes/ct.nrrd", None).set(medicalBrushDataUrl=f"{base}/volumes/liver.seg.nrrd?sig=1")
    task.draw("liver", None, None, **{"medical-brush": True}, answers=[answered(LESION, "yes")])
    yield task
    for key in ("bare", "cut", "gone"):
        task = Task(f"volume {key}", f"volumes/{key}.nrrd", None).set(medicalBrushDataUrl=f"{base}/volumes/{key}.seg.nrrd")
        task.draw("tumour", None, None, **{"medical-brush": True})
        yield task


def sizes(base):
    """Images that nobody measured: one that the host can, one that is gone, one whose size is said to be 0."""
    task = Task("size by the host", "size-by-host.png", None, asset=f"{base}/images/sized-by-the-host.png")
    task.box("car", 10, 10, 40, 40)
    yield task
    task = Task("no size", "size-gone.png", None, asset=f"{base}/images/gone.png")
    task.box("car", 10, 10, 40, 40)
    task.zones("building", (rectangle(10, 10, 50, 50), rectangle(20, 20, 30, 30)))
    yield task
    task = Task("size of 0", "size-zero.png", (0, 0), asset=f"{base}/images/gone.png")
    task.box("car", 10, 10, 40, 40)
    yield task


def stages(base):
    """Two judgements, a review that came back, and what became of it."""
    task = Task("consensus", "consensus.jpg", batches=["north", "south / west", None], contextData={"site": "A", "n": 1.5})
    judged, first, second, review = task.id(), STAGES[2], STAGES[3], STAGES[4]
    task.box("car", 20, 20, 40, 40, id=judged)
    drawn = lambda x, **more: Task("history", "").box("car", x, 20, 40, 40, id=judged, **more)

    def visit(stage, x, minute, **more):
        other = Task(f"consensus {stage['name']} {minute}", "")
        other.box("car", x, 20, 40, 40, id=judged)
        for tool in other.task["tools"]:
            del tool["metadata"]
        return {"stage": stage["name"], "stageId": stage["id"], "duration": 1000 * minute, "completedAt": f"2024-04-01T10:{minute:02}:00.000Z", "completedBy": "ana@example.com",
            "tools": other.task["tools"], "classifications": [], "relations": [], **more}

    start = {"stage": "Start", "stageId": "Start", "duration": 0, "completedAt": "2024-04-01T09:00:00.000Z", "tools": [], "classifications": [], "relations": []}
    task.set(consensusAverage=87, consensusDetailed=[{"title": "Car", "score": 87}], stageHistory=[start, visit(first, 10, 1), visit(second, 30, 2, brushDataUrl=f"{base}/brush/grass.png"),
        visit(review, 15, 3, reviewStatus="Rejected"), visit(first, 18, 4), visit(review, 19, 5, reviewStatus="Accepted")])
    yield task
    # The same asset a second time, elsewhere in the workflow.
    task = Task("judgement", "consensus.jpg", asset=task.record["asset"], batches=["south / west"], attachments=[{"type": "TEXT", "value": "look closely"}])
    task.set(stage="Consensus_1", stageId=first["id"], type="consensus", stageHistory=[start])
    task.box("car", 21, 21, 40, 40)
    yield task
    task = Task("label", "label.jpg", assetExtra=7)
    task.set(stage="Label", stageId="Label", totalIdleDuration=500, futureTaskKey={"a": [1]})
    task.box("car", 22, 22, 40, 40)
    yield task


def issues(tasks):
    """Issues about two of the tasks."""
    for at, (task, status) in enumerate([(tasks[3], "Open"), (tasks[3], "Resolved"), (tasks[5], "Closed")]):
        yield {"_id": make_id(f"issue {at}", 24), "labelTask": task["task"]["taskId"], "asset": {"externalId": task["externalId"], "batches": ["north"]}, "stageId": "Complete", "createdBy": "qa@example.com",
            "createdAt": f"2024-05-0{at + 1}T08:00:00.000Z", "status": status, "content": "Box is too large, \"see\" é", "comments": [{"createdBy": "ana@example.com", "content": "done"}], "position": "[12.5, 20]", "page": 0}


def all_media(base):
    for make in (pages, videos, texts, documents, brushes, volumes, sizes, stages):
        yield from make(base)
