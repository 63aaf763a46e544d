"""The records of images: shapes, bounds, names, classes, answers."""

from .build import Task, answered, rectangle
from .ontology import ABOUT_CARS, CLASSES, IMAGE_QUESTIONS, RELATIONS, SEEN

COLOUR, OCCLUDED, PLATE, MAKE, EXTRAS, PLACE, ORDER, PARKED = ABOUT_CARS
COATING = COLOUR["classifications"][0]
FINISH, NOTE = COATING["classifications"]
WEATHER, TAGS, CAPTION, WHERE, NIGHT = IMAGE_QUESTIONS
STRENGTH = WEATHER["classifications"][0]


def empty():
    yield Task("empty", "empty.jpg")
    lists = Task("empty lists", "null.png")
    yield lists.set(tools=None, classifications=None, relations=None)
    bare = Task("bare", "bare.png", batches=[])
    for key in ("tools", "classifications", "relations", "brushDataUrl"):
        del bare.task[key]
    yield bare


def boxes():
    task = Task("boxes", "boxes.jpg")
    task.box("car", 10, 20, 30, 40)
    task.box("car", 60.25, 20.125, 33.333333333333336, 0.7071067811865476)
    task.box("yes", 0, 0, 160, 120)
    task.box("no", 159, 119, 1, 1)
    yield task
    # The first clicked corner is the origin.
    task = Task("negative", "negative.jpg")
    task.box("car", 50, 60, -40, -30)
    task.box("car", 60, 60, -10, 30)
    task.box("car", 100, 90, 20.5, -30.25)
    yield task
    task = Task("ocr", "ocr.jpg")
    task.box("car", 5, 5, 50, 20, ocr={"text": "M-AB 1234 \"x\", é"})
    task.box("car", 5, 45, 50, 20, lock=True, futureKey={"deep": [1, "two"]})
    yield task


def zones():
    task = Task("zones", "zones.png")
    task.zones("building", (rectangle(5, 5, 45, 45),))
    task.zones("building", (rectangle(50, 5, 90, 45), rectangle(60, 15, 70, 25)))
    task.zones("building", (rectangle(95, 5, 155, 45), rectangle(100, 10, 110, 20), rectangle(120, 10, 130, 40)))
    task.zones("building", (rectangle(5, 50, 25, 70),), (rectangle(30, 55, 45, 75),))
    task.zones("building", (rectangle(50, 50, 90, 80), rectangle(55, 55, 85, 75)), (rectangle(60, 60, 80, 70),))
    # A hole that touches the edge, one that is all of its region, one that is a line, and a part of two points.
    task.zones("building", (rectangle(95, 50, 125, 80), rectangle(95, 60, 105, 70)))
    task.zones("building", (rectangle(130, 50, 155, 80), rectangle(130, 50, 155, 80)))
    task.zones("building", (rectangle(5, 85, 35, 115), [(10, 90), (30, 110)]))
    task.zones("building", (rectangle(40, 85, 70, 115),), ([(80, 85), (90, 95)],))
    # Parts that touch, and a hole that runs the same way round as its region.
    task.zones("building", (rectangle(75, 100, 85, 115),), (rectangle(85, 100, 95, 115),))
    task.zones("building", (rectangle(100, 85, 150, 115)[::-1], rectangle(110, 90, 140, 110)[::-1]))
    yield task
    # Regions that are nothing.
    task = Task("no zones", "no-zones.png")
    task.zones("building")
    task.zones("building", ([],))
    task.draw("building", "segmentation", {"zones": None})
    task.zones("building", ([], rectangle(1, 1, 5, 5)))
    yield task


def bounds():
    task = Task("bounds", "bounds.jpg")
    task.box("car", -10, 50, 20, 20)
    task.box("car", 150, 50, 20, 21)
    task.box("car", 70, -10, 20, 22)
    task.box("car", 70, 110, 20, 23)
    task.box("car", -5, -6, 170, 132)
    task.box("car", 170, 10, 20, 20)
    task.box("car", 160, 10, 20, 20)
    task.box("car", -30, -30, 10, 10)
    task.box("car", 159.9999999999, 20, 0.0000000001, 20)
    task.box("car", 20, 20, 140.000000001, 20)
    task.polygon("light", (-20, 30), (40, 30), (40, 60))
    # What is inside falls into two pieces.
    task.polygon("light", (150, 70), (170, 70), (170, 100), (150, 100), (150, 95), (165, 95), (165, 75), (150, 75))
    task.polygon("light", (200, 200), (210, 200), (210, 210))
    task.zones("building", (rectangle(100, 20, 120, 40),), (rectangle(170, 20, 190, 40),))
    task.zones("building", (rectangle(100, 90, 130, 140), rectangle(110, 100, 120, 130)))
    task.draw("ship", "rotated-bounding-box", {"x": 5, "y": 0, "width": 30, "height": 10, "rotation": 45, "corners": [[5, -5], [-2, 2], [19, 23], [26, 16]]})
    task.draw("nose", "point", [161, 50])
    task.draw("lane", "polyline", [[-10, 10], [170, 10]])
    yield task


def degenerate():
    task = Task("degenerate", "degenerate.jpg")
    task.box("car", 10, 10, 0, 0)
    task.box("car", 10, 20, 0, 15)
    task.box("car", 10, 40, 15, 0)
    task.box("car", 30, 10, 0.001, 0.001)
    task.box("car", 1e12, 10, 20, 20)
    task.box("car", 10, 10, 1e308, 1e308)
    task.polygon("light")
    task.polygon("light", (40, 40))
    task.polygon("light", (40, 40), (60, 60))
    task.polygon("light", (40, 40), (60, 60), (80, 80))
    task.polygon("light", (50, 50), (50, 50), (50, 50), (50, 50))
    task.polygon("light", (1e300, 40), (60, -1e300), (80, 80))
    # Repeated points and closing points are none of the shape's business.
    task.polygon("light", (10, 80), (30, 80), (30, 100), (10, 80))
    task.polygon("light", (40, 80), (40, 80), (60, 80), (60, 100), (60, 100), (40, 80), (40, 80))
    # Rings that cross themselves, one with as much area to the left as to the right.
    task.polygon("light", (70, 80), (100, 110), (100, 80), (80, 110))
    task.polygon("light", (110, 80), (130, 100), (130, 80), (110, 100))
    yield task
    # Two of the same, and what is nearly the same.
    task = Task("duplicates", "duplicates.jpg")
    task.box("car", 10, 10, 20, 20)
    task.box("car", 10, 10, 20, 20)
    task.box("yes", 10, 10, 20, 20)
    task.box("car", 10, 10, 20, 20.000000001)
    task.polygon("light", *rectangle(50, 50, 90, 90))
    task.polygon("light", *rectangle(50, 50, 90, 90))
    yield task
    # A ring of very many points.
    task = Task("many points", "many-points.jpg", (640, 480))
    from math import cos, pi, sin

    ring = [(320 + (150 + 20 * (at % 2)) * cos(at * pi / 1000), 240 + (150 + 20 * (at % 2)) * sin(at * pi / 1000)) for at in range(2000)]
    task.polygon("light", *ring)
    task.zones("building", (ring, rectangle(300, 200, 340, 280)))
    task.zones("building", *[(rectangle(10 * column, 4 * row, 10 * column + 6, 4 * row + 2),) for row in range(5) for column in range(60)])
    yield task


def other_shapes():
    task = Task("rotated", "rotated.jpg", (400, 200))
    task.draw("ship", "rotated-bounding-box", {"x": 50, "y": 50, "width": 60, "height": 20, "rotation": 0, "corners": [[50, 50], [50, 70], [110, 70], [110, 50]]})
    task.draw("ship", "rotated-bounding-box", {"x": 172.9809523809524, "y": 101.7904761904762, "width": 6.095238095238096, "height": 92.03002172095357, "rotation": -40.97173633351486,
        "corners": [[172.9809523809524, 101.7904761904762], [233.32306157, 171.27820563], [237.92518997, 167.28180494], [177.5830808, 97.79407551]]})
    task.draw("ship", "rotated-bounding-box", {"x": 300, "y": 20, "width": 60, "height": 20, "rotation": 30})
    task.draw("ship", "rotated-bounding-box", {"x": 200, "y": 20, "width": 60, "height": 20, "rotation": 90, "corners": [[200, 20], [180, 20], [180, 80], [200, 80]]})
    task.draw("ship", "rotated-bounding-box", {"x": 20, "y": 120, "width": 0, "height": 30, "rotation": 10})
    yield task
    task = Task("points", "points.jpg")
    task.draw("nose", "point", [80.5, 60.25])
    task.draw("left-eye", "point", [70, 50])
    task.draw("lane", "polyline", [[0, 100], [80, 90], [160, 110]])
    task.draw("lane", "polyline", [[10, 10]])
    task.draw("lane", "polyline", [[20, 20], [20, 20]])
    task.draw("wire", "spline", {"points": [[10, 30], [50, 10], [90, 30], [130, 10]], "closed": False})
    task.draw("wire", "spline", [[10, 60], [50, 40], [90, 60]])
    task.draw("circle", "circle", {"x": 120, "y": 80, "radius": 12.5})
    task.draw("circle", "angle", {"vertex": [1, 2, 3], "p1": [4, 5, 6], "p2": [7, 8, 9], "angle": 33.5})
    task.draw("nose", None, None)
    yield task


def names():
    """Every name with a box of its own, so that no two label files are alike."""
    called = [
        "a/001.jpg", "b/001.jpg", "B/001.JPG", "same.jpg", "same.png", "same.jpg", "SAME.JPG", "same", "img.v2.png", "img.v2.final.png",
        "with space.jpg", "night 21:40.jpg", "../../up/above.jpg", "/abs/path.jpg", "C:\\win\\back.jpg", "emoji 🚗 é.jpg", "emoji 🚗 e\u0301.jpg", "new\nline.jpg", "nul\u0000byte.jpg",
        "con.jpg", "trailing. ", "comma, \"quoted\".jpg", "=cmd|' /C calc'!A0.jpg", "&<xml>'.jpg", "no-suffix", ".hidden", "", "images/labels/images/trap.jpg", "labels/images.jpg",
        "percent%41.jpg", "hash#query?x=1.jpg", "drawing.svg", "a//b/./dots.jpg", "-dash.jpg", "long/" + "n" * 4096 + ".jpg", "/".join(["deep"] * 300) + "/bottom.jpg", "data.yaml", "é" * 140 + ".png",
        "annotations/instances_default.json", "001", "1.0", "tab\there.jpg", "semi;colon.jpg", "right‮to left.jpg", "twice.jpg.txt",
    ]
    for at, name in enumerate(called):
        task = Task(f"name {at}", name)
        task.box("car", at + 1, 2 * at + 1, at + 3, 20.5)
        yield task


def classes():
    """A box, a polygon or a segmentation of each class, at a place of its own. Names that no text file bears, and names that are nearly the same, are on images of their own."""
    tasks = {"": Task("classes", "classes.jpg", (1000, 500)), "control": Task("control", "control.jpg", (1000, 500)), "same": Task("same titles", "same-titles.jpg", (1000, 500))}
    apart = {"control": "control", "car": "same", "car-outline": "same", "case": "same", "light": "same", "underscore": "same"}
    drawn = {"bounding-box", "polygon", "segmentation"}
    for at, (key, _, tool, _, _) in enumerate(CLASSES):
        task = tasks[apart.get(key, "")]
        x, y = 20 + 90 * (at % 10), 20 + 60 * (at // 10)
        if tool == "bounding-box" and key not in ("unused", "body"):
            task.box(key, x, y, 40 + at, 30)
        elif tool in drawn:
            shape = [(x, y), (x + 40 + at, y), (x + 30, y + 30)]
            task.polygon(key, *shape) if tool == "polygon" else task.zones(key, (shape,))
    yield from tasks.values()
    # Classes that the ontology does not know, one with an old numeric id; and a tool that is not its class's.
    task = Task("unmapped", "unmapped.jpg")
    task.box("deleted class", 10, 10, 20, 20)
    task.box("old", 40, 10, 20, 20, schemaId=1234567)
    task.polygon("car", (70, 10), (90, 10), (90, 30))
    yield task


def answers():
    deep = answered(COLOUR, "red", answered(COATING, "metallic", answered(FINISH, ["new", "dirty, or worse"]), answered(NOTE, "line one\nline \"two\", é 🚗")))
    task = Task("answers", "answers.jpg")
    every = [deep, answered(OCCLUDED, ["by a tree", "by a car"]), answered(PLATE, "=1+1"), answered(MAKE, "Other \"make\""), answered(EXTRAS, ["roof", "flag 🏁"]),
        answered(PLACE, ["Trunk", "Trunk / Branch 1 / Leaf"]), answered(ORDER, ["second", "first"]), answered(PARKED, True)]
    task.box("car", 10, 10, 30, 30, answers=every)
    # Null, missing and empty answers, a null in a list, an answer of another kind, one question answered twice.
    nothing = answered(PLATE, None)
    missing = {key: value for key, value in answered(MAKE, "x").items() if key != "answer"}
    task.box("car", 50, 10, 30, 30, answers=[nothing, missing, answered(OCCLUDED, []), answered(EXTRAS, ["roof", None]), None])
    task.box("car", 90, 10, 30, 30, answers=[answered(PLATE, "A"), answered(PLATE, "B"), answered(PARKED, False), answered(ORDER, {"first": 1}), answered(PLACE, "Trunk")])
    task.answers(answered(WEATHER, "rain", answered(STRENGTH, "weak")), answered(TAGS, ["busy", "blurred"]), answered(CAPTION, "A wet street, \"as ever\"\nwith 🚗"),
        answered(WHERE, ["Europe / Bavaria / Munich"]), answered(NIGHT, False))
    yield task
    task = Task("no answer", "no-answer.jpg")
    task.answers(answered(WEATHER, None), answered(TAGS, []), answered(CAPTION, ""))
    yield task
    yield Task("only answer", "only-answer.jpg").answers(answered(WEATHER, "off"), answered(CAPTION, "Nothing but a caption"))


def relations():
    task = Task("relations", "relations.jpg")
    ids = [task.box("car", 10 + 30 * at, 10, 20, 20) for at in range(5)]
    pair, group, many = (relation["schemaId"] for relation in RELATIONS)
    join = lambda schema, title, **members: {"objectId": task.id(), "schemaId": schema, "title": title, **members}
    task.task["relations"] = [
        join(pair, "drives", **{"from": ids[0], "to": ids[1], "direction": "straight"}),
        join(pair, "drives", **{"from": ids[1], "to": ids[2], "direction": "reverse"}),
        join(pair, "drives", **{"from": ids[2], "to": ids[3], "direction": "bidirectional"}),
        join(pair, "drives", **{"from": ids[3], "to": "gone", "direction": "straight"}),
        join(group, "belong together", group=ids[:3]),
        join(group, "belong together", group=[ids[4]]),
        join(many, "pulls", **{"from": ids[0], "to": ids[2:5]}),
    ]
    yield task


def keypoints():
    task = Task("keypoints", "keypoints.jpg", (400, 300))
    place = lambda key, x, y, **more: task.draw(key, "point", [x, y], **more)
    # By place alone; one of the points cannot be seen.
    task.box("body", 10, 10, 100, 200)
    place("nose", 60, 40)
    place("left-eye", 50, 30.5, answers=[answered(SEEN[0], "no")])
    # Two that overlap, told apart by relations.
    first, second = task.box("body", 150, 10, 100, 200), task.box("body", 200, 20, 100, 200)
    noses = [place("nose", 220, 60), place("nose", 230, 70)]
    group, pair = RELATIONS[1], RELATIONS[0]
    task.task["relations"] = [
        {"objectId": task.id(), "schemaId": group["schemaId"], "title": group["title"], "group": [second, noses[0]]},
        {"objectId": task.id(), "schemaId": pair["schemaId"], "title": pair["title"], "from": first, "to": noses[1], "direction": "straight"},
    ]
    # A body without points, a point of nobody, and a second nose in the first body.
    task.box("body", 320, 10, 50, 50)
    place("left-eye", 5, 295)
    place("nose", 70, 50)
    yield task


def all_images():
    for make in (empty, boxes, zones, bounds, degenerate, other_shapes, names, classes, answers, relations, keypoints):
        yield from make()
