"""CVAT for images 1.1 and for video 1.1: XML by lxml; labelformat, hotcoco and panlabel read what they know of it, with --all datumaro."""

import functools
import os
import tempfile
from pathlib import Path

import numpy
from lxml import etree

from harness.geometry import shoelace
from harness.paint import brush_of
from harness.reader import AREAS, Reader, box_of
from harness.tools import ToolFault, datumaro_agrees, hotcoco_back, place_image, silence
from . import Run

RUNS = [Run("images"), Run("images, kept outside", {"outside": "keep"}, ("edge", "demo")), Run("video", {"format": "video"}, ("edge",)), Run("video, every frame", {"format": "video", "keyframes": "all"}, ("edge",))]


def judge(run, folder, source, report):
    reader = Reader(run, folder, source, report, AREAS | {"point", "polyline"}, {"outline", "holes", "parts", "rotation", "answers", "image answers"})
    verdict = reader.verdict
    reader.strokes = {(task.index, schema): mask for task in source.tasks if task.size for schema, mask in brush_of(task).items()}
    if run.options.get("format") == "video":
        reader.strokes = {}
        verdict.wants = lambda one: not one.task.is_image and one.page_index < max(one.task.pages, one.task.frames)
        verdict.holds -= {"holes", "parts", "image answers"}
    for path in reader.files("*.xml"):
        where = reader.relative(path)
        root = etree.parse(str(path), etree.XMLParser(resolve_entities=False, huge_tree=True)).getroot()
        verdict.check(root.tag == "annotations" and root.findtext("version") == "1.1", f"{where}: no annotations of version 1.1")
        declared = {label.findtext("name"): {one.findtext("name") for one in label.iterfind("attributes/attribute")} for label in root.iterfind("meta//label")}
        verdict.check(declared, f"{where}: no labels are declared")
        titles = [label.findtext("name") for label in root.iterfind("meta//label")]
        verdict.check(len(set(titles)) == len(titles), f"{where}: labels are declared twice, which CVAT refuses: {sorted({title for title in titles if titles.count(title) > 1})}")
        ids = [image.get("id") for image in root.iterfind("image")]
        verdict.check(len(set(ids)) == len(ids), f"{where}: an image's id occurs twice")
        for node in root.iterfind("image"):
            image = reader.image(node.get("name"), f"{where}: image {node.get('id')}", tuple(int(node.get(side)) for side in ("width", "height")) if node.get("width") else None)
            groups = {}
            for at, shape in enumerate(node if image else []):
                add(reader, image, shape, declared, groups, f"{where}: image {node.get('id')}: {shape.tag} {at}")
            finish_groups(reader, image, groups)
        tracks(reader, root, declared, path, where)
    if run.options.get("format") != "video":
        verdict.holds.add("brush")
        verdict.check(not reader.strokes, f"brushes of {len(reader.strokes)} classes are not there")
    reader.finish(0.0101, images=run.options.get("format") != "video", area_tolerance=lambda outline: 0.01 + 0.02 * outline.perimeter / max(1.0, outline.area), slack=2)
    if source.name != "taco" and run.options.get("format") != "video" and reader.rows:
        verdict.judged("hotcoco", by_hotcoco, reader)
        verdict.judged("labelformat", by_labelformat, reader)
        if os.environ.get("ANGO_JUDGES_ALL") and source.name == "demo":
            shapes = sum(1 for path in reader.files("*.xml") for shape in etree.parse(str(path)).getroot().iterfind("image/*") if shape.tag != "tag")
            verdict.judged("datumaro", datumaro_agrees, "cvat", folder, len(reader.images), shapes, functools.partial(pictures, reader))
    return verdict


def points_of(shape):
    return [tuple(map(float, point.split(","))) for point in shape.get("points").split(";")]


def unpack(shape, size):
    """A mask of CVAT: run lengths by rows within its own box."""
    left, top, width, height = (int(shape.get(key)) for key in ("left", "top", "width", "height"))
    counts = [int(count) for count in shape.get("rle").split(",")]
    if sum(counts) != width * height:
        raise ToolFault(f"run lengths of {sum(counts)} pixels for {width} x {height}")
    values = numpy.repeat(numpy.arange(len(counts)) % 2 == 1, counts).reshape(height, width)
    whole = numpy.zeros((size[1], size[0]), bool)
    whole[top : top + height, left : left + width] = values
    return whole


def add(reader, image, shape, declared, groups, place):
    verdict, kind, label = reader.verdict, shape.tag, shape.get("label")
    if verdict.check(label in declared, f"{place}: label {label!r} is not declared"):
        for attribute in shape.iterfind("attribute"):
            verdict.check(attribute.get("name") in declared[label], f"{place}: attribute {attribute.get('name')!r} is not declared")
    if kind == "tag":
        return
    verdict.check(shape.get("occluded") in ("0", "1"), f"{place}: occluded is {shape.get('occluded')}")
    if kind == "box":
        edges = tuple(float(shape.get(edge)) for edge in ("xtl", "ytl", "xbr", "ybr"))
        if float(shape.get("rotation") or 0):
            # Turned about its middle.
            from math import cos, radians, sin

            turn, (x, y) = radians(float(shape.get("rotation"))), ((edges[0] + edges[2]) / 2, (edges[1] + edges[3]) / 2)
            half = ((edges[2] - edges[0]) / 2, (edges[3] - edges[1]) / 2)
            ring = [(x + a * half[0] * cos(turn) - b * half[1] * sin(turn), y + a * half[0] * sin(turn) + b * half[1] * cos(turn)) for a, b in ((-1, -1), (1, -1), (1, 1), (-1, 1))]
            reader.add(image, label, place, box=box_of(ring))
            return
        reader.add(image, label, place, box=edges)
    elif kind == "polygon":
        group = shape.get("group_id")
        if group and group != "0":
            groups.setdefault(group, []).append((place, label, points_of(shape)))
        else:
            reader.add(image, label, place, box=box_of(points_of(shape)), area=shoelace(points_of(shape)))
    elif kind in ("polyline", "points"):
        reader.add(image, label, place, line=points_of(shape))
    elif kind == "mask":
        pixels = unpack(shape, image[0].size)
        stroke = next((key for key in reader.strokes if key[0] == image[0].index and reader.source.classes[key[1]] == label), None)
        if stroke and (pixels == reader.strokes[stroke]).all():
            # What a brush painted of a class, which is no object of the export.
            del reader.strokes[stroke]
        else:
            reader.add_mask(image, label, place, pixels)
    else:
        verdict.faults.append(f"{place}: is a {kind}")


def finish_groups(reader, image, groups):
    for parts in groups.values():
        place, label, _ = parts[0]
        reader.add(image, label, place, box=box_of([point for _, _, points in parts for point in points]), area=sum(shoelace(points) for _, _, points in parts))


def tracks(reader, root, declared, path, where):
    """Tracks of a video: a shape for each frame, of which the key frames must give the others; one that ends before the video has a last shape outside."""
    if root.find("track") is None and root.find("image") is not None:
        return
    name = path.relative_to(reader.folder).with_suffix("").as_posix()
    found = reader.source.find(name)
    if not reader.verdict.check(found is not None, f"{where}: is of no task"):
        return
    task = found[0]
    reader.verdict.tasks.add(task.index)
    # Where nobody knows how long the video is, nothing says so, and every track has an end.
    stop = int(root.findtext("meta/task/stop_frame") or 1 << 40)
    for track in root.iterfind("track"):
        place, shapes = f"{where}: track {track.get('id')}", list(track)
        frames = [int(shape.get("frame")) for shape in shapes]
        reader.verdict.check(frames == sorted(set(frames)) and track.get("label") in declared, f"{place}: frames {frames}, label {track.get('label')!r}")
        reader.verdict.check(shapes[-1].get("outside") == "1" or frames[-1] >= stop, f"{place}: goes on after its last shape")
        for shape in shapes:
            shape.set("label", track.get("label"))
            if shape.get("outside") == "0":
                add(reader, (task, int(shape.get("frame"))), shape, declared, {}, f"{place}: frame {shape.get('frame')}")
        between(reader, shapes, place)


def between(reader, shapes, place):
    """Boxes between key frames, as CVAT computes them."""
    edges = lambda shape: [float(shape.get(edge)) for edge in ("xtl", "ytl", "xbr", "ybr")]
    keys = [shape for shape in shapes if shape.get("keyframe") == "1"]
    reader.verdict.check(shapes[0].get("keyframe") == "1", f"{place}: does not begin with a key frame")
    if any(shape.tag != "box" or shape.get("rotation") for shape in shapes):
        return
    for shape in shapes:
        frame = int(shape.get("frame"))
        before = max((key for key in keys if int(key.get("frame")) <= frame), key=lambda key: int(key.get("frame")))
        after = min((key for key in keys if int(key.get("frame")) >= frame), key=lambda key: int(key.get("frame")), default=before)
        length = int(after.get("frame")) - int(before.get("frame"))
        share = (frame - int(before.get("frame"))) / length if length else 0
        computed = [a + share * (b - a) for a, b in zip(edges(before), edges(after))]
        reader.verdict.check(max(abs(a - b) for a, b in zip(computed, edges(shape))) < 0.0201, f"{place}: frame {frame} is {edges(shape)}, between the key frames it is {computed}")


def pictures(reader, copy):
    for (index, _), name in reader.images.items():
        place_image(copy / name, reader.source.tasks[index].size)
        place_image(copy / "images" / name, reader.source.tasks[index].size)


def by_hotcoco(reader):
    for path in reader.files("*.xml"):
        back = hotcoco_back("cvat", path)
        boxes = [row for row in reader.rows if row.mask is None and row.box]
        if len(back["annotations"]) < len([row for row in boxes if row.area is None]):
            raise ToolFault(f"hotcoco reads {len(back['annotations'])} boxes and polygons, there are {len(boxes)}")


def by_labelformat(reader):
    from labelformat.formats.cvat import CVATObjectDetectionInput

    for path in reader.files("*.xml"):
        # It cannot read a file that says its encoding, as CVAT's own do.
        with silence(), tempfile.TemporaryDirectory() as made:
            plain = Path(made) / "annotations.xml"
            plain.write_text(path.read_text(encoding="utf-8").partition("?>")[2].lstrip(), encoding="utf-8")
            found = sum(len(image.objects) for image in CVATObjectDetectionInput(plain).get_labels())
        boxes = [shape for shape in etree.parse(str(path)).getroot().iterfind("image/box")]
        if found < len(boxes):
            raise ToolFault(f"labelformat reads {found} of {len(boxes)} boxes")
