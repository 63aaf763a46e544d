"""The classes of the edge-case project, in project order. The names are what breaks YAML, XML, CSV, paths and columns."""

import hashlib


def make_id(name, length=23):
    """An id as Hub makes them, always the same for a name."""
    return hashlib.sha256(name.encode()).hexdigest()[:length]


def question(title, kind, options=(), nested=()):
    entry = {"schemaId": make_id(f"question {title}"), "title": title, "tool": kind, "classifications": list(nested)}
    if options:
        entry["options"] = list(options)
    return entry


# Every kind of question, and questions three deep.
ABOUT_CARS = [
    question("Colour", "radio", ["red", "blue", "no"], [
        question("Coating", "radio", ["matt", "metallic"], [
            question("Finish", "checkbox", ["new", "scratched", "dirty, or worse"]),
            question("Note", "text"),
        ]),
    ]),
    question("Occluded", "checkbox", ["by a tree", "by a car"]),
    question("Plate", "text"),
    question("Make", "single-dropdown", ["Ango", "Other \"make\""]),
    question("Extras", "multi-dropdown", ["roof", "hook", "flag 🏁"]),
    question("Place", "tree-dropdown", ["Trunk", "Trunk / Branch 1", "Trunk / Branch 1 / Leaf"]),
    question("Order", "rank", ["first", "second", "third"]),
    question("Parked", "boolean"),
]

SEEN = [question("Visible", "radio", ["yes", "no"])]

# Key, title, tool, colour, nested questions. Nothing is drawn with `unused`, and `colourless` has no colour.
CLASSES = [
    ("car", "Car", "bounding-box", "#e64c3c", ABOUT_CARS),
    ("light", "traffic light", "polygon", "#00ff00", []),
    ("yes", "yes", "bounding-box", "#101010", []),
    ("no", "no", "bounding-box", "#202020", []),
    ("1e5", "1e5", "bounding-box", "#303030", []),
    ("null", "null", "bounding-box", "#404040", []),
    ("dots", "a.b.c", "bounding-box", "#505050", []),
    ("slash", "car/truck\\van", "bounding-box", "#606060", []),
    ("colon", "key: value #c", "bounding-box", "#707070", []),
    ("quotes", "say \"hi\" it's", "bounding-box", "#808080", []),
    ("commas", "a, b; c|d", "bounding-box", "#909090", []),
    ("emoji", "🚗 автомобиль 車", "bounding-box", "#a0a0a0", []),
    ("formula", "=SUM(A1)", "bounding-box", "#b0b0b0", []),
    ("xml", "<b>&amp;</b>]]>", "bounding-box", "#c0c0c0", []),
    ("control", "bell\u0007\ttab", "bounding-box", "#d0d0d0", []),
    ("spaces", "  around  ", "bounding-box", "#e0e0e0", []),
    ("long", "long " + "name " * 60 + "end", "bounding-box", "#f0f0f0", []),
    ("reserved", "CON", "bounding-box", "#0f0f0f", []),
    ("up", "../..", "bounding-box", "#1f1f1f", []),
    ("car-outline", "Car", "polygon", "#e64c3d", []),
    ("underscore", "traffic_light", "bounding-box", "#00ff01", []),
    ("case", "CAR", "bounding-box", "#e64c3e", []),
    ("building", "Building", "segmentation", "#3366cc", [question("Floors", "text")]),
    ("ship", "Ship", "rotated-bounding-box", "#cc6633", []),
    ("body", "body", "bounding-box", "#ff00fd", []),
    ("nose", "nose", "point", "#ff00ff", SEEN),
    ("left-eye", "left eye", "point", "#ff00fe", SEEN),
    ("lane", "Lane", "polyline", "#ffff00", []),
    ("wire", "Wire", "spline", "#ffff01", []),
    ("circle", "Ring", "circle", "#ffff02", []),
    ("person", "Person", "ner", "#00ffff", []),
    ("location", "Location", "ner", "#00fffe", []),
    ("header", "Header", "pdf", "#123456", []),
    ("answer", "Answer", "pdf", "#123457", []),
    ("grass", "Grass", "brush", "#2ecc71", []),
    ("road", "Road", "brush", "#34495e", []),
    ("liver", "Liver", "voxel-brush", "#8b0000", [question("Lesion", "radio", ["yes", "no"])]),
    ("tumour", "Tumour", "voxel-brush", "#8b0001", []),
    ("colourless", "colourless", "bounding-box", None, []),
    ("unused", "unused", "bounding-box", "#abcdef", []),
]

# Labels of voxel brushes are whole numbers.
NUMBERED = {"liver": "1", "tumour": "2"}

IMAGE_QUESTIONS = [
    question("Weather", "radio", ["sunny", "rain", "off"], [question("Strength", "single-dropdown", ["weak", "strong"])]),
    question("Tags", "checkbox", ["busy", "blurred"]),
    question("Caption", "text"),
    question("Where", "tree-dropdown", ["Europe", "Europe / Bavaria", "Europe / Bavaria / Munich"]),
    question("Night", "boolean"),
]

RELATIONS = [
    {"schemaId": make_id("relation drives"), "title": "drives", "tool": "one-to-one"},
    {"schemaId": make_id("relation belong"), "title": "belong together", "tool": "group"},
    {"schemaId": make_id("relation pulls"), "title": "pulls", "tool": "one-to-many"},
]

BATCHES = [{"id": make_id("batch north", 24), "name": "north"}, {"id": make_id("batch south", 24), "name": "south / west"}]

STAGES = [
    {"id": "Start", "name": "Start", "type": "Start"},
    {"id": "Label", "name": "Label", "type": "Label"},
    {"id": "11111111-aaaa-4aaa-8aaa-000000000001", "name": "Consensus_1", "type": "Label"},
    {"id": "11111111-aaaa-4aaa-8aaa-000000000002", "name": "Consensus_2", "type": "Label"},
    {"id": "22222222-bbbb-4bbb-8bbb-000000000001", "name": "Review", "type": "Review"},
    {"id": "Complete", "name": "Complete", "type": "Complete"},
]


def schema_id(key):
    """The id of a class by its key."""
    return NUMBERED.get(key) or make_id(f"class {key}")


def titles():
    return {key: title for key, title, *_ in CLASSES}


def project():
    """`project.json`."""
    tools = []
    for key, title, tool, colour, nested in CLASSES:
        entry = {"schemaId": schema_id(key), "title": title, "tool": tool, "classifications": nested}
        if colour:
            entry["color"] = colour
        tools.append(entry)
    ontology = {"tools": tools, "classifications": IMAGE_QUESTIONS, "relations": RELATIONS}
    return {"name": "Edge: cases / \"all\" of them", "ontology": ontology, "stages": STAGES, "batches": BATCHES}
