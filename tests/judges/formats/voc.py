"""Pascal VOC: XML by lxml as torchvision's VOCDetection reads it, ImageSets, palette masks by PIL; panlabel, labelformat, hotcoco and supervision read it too."""

import math
import shutil
import os
import tempfile
from pathlib import Path

import numpy
from lxml import etree
from PIL import Image

from harness.geometry import fill
from harness.match import plain
from harness.reader import Reader
from harness.tools import ToolFault, datumaro_agrees, hotcoco_back, panlabel_agrees, place_image, same_boxes, silence
from . import Run

RUNS = [
    Run("boxes"),
    Run("boxes, dropped outside", {"outside": "drop"}, ("edge",)),
    Run("boxes from 0, flat names", {"origin": 0, "names": "flat"}, ("edge",)),
    Run("boxes and masks", {"masks": "both"}, ("edge", "demo")),
]


def text(node, path):
    found = node.findtext(path)
    return "" if found is None else found


def judge(run, folder, source, report):
    reader = Reader(run, folder, source, report)
    verdict = reader.verdict
    origin = run.options.get("origin", 1)
    if run.options.get("masks", "none") != "none":
        verdict.holds |= {"outline", "holes", "parts", "rotation"}
    base = next(iter(folder.rglob("Annotations")), folder / "Annotations").parent
    objects = {}
    for path in sorted((base / "Annotations").rglob("*.xml")):
        where = reader.relative(path)
        root = etree.parse(str(path), etree.XMLParser(resolve_entities=False)).getroot()
        verdict.check(root.tag == "annotation" and root.nsmap == {}, f"{where}: the root is {root.tag}")
        size = tuple(int(text(root, f"size/{side}")) for side in ("width", "height"))
        stem = path.relative_to(base / "Annotations").with_suffix("").as_posix()
        image = reader.image(stem, where, size)
        if image is None:
            continue
        name = text(root, "filename")
        verdict.check(Path(name).name.rpartition(".")[0] == Path(stem).name or Path(name).name == Path(stem).name, f"{where}: is of {name!r}")
        objects[stem] = []
        for at, drawn in enumerate(root.iterfind("object")):
            place = f"{where}: object {at}"
            # As every reader does: whole numbers.
            edges = [int(text(drawn, f"bndbox/{edge}")) for edge in ("xmin", "ymin", "xmax", "ymax")]
            verdict.check(edges[0] <= edges[2] and edges[1] <= edges[3], f"{place}: box {edges} has no area")
            if verdict.clips:
                verdict.check(origin <= edges[0] and edges[2] <= size[0] and origin <= edges[1] and edges[3] <= size[1], f"{place}: box {edges} leaves the image of {size}")
            verdict.check(text(drawn, "difficult") in ("0", "1") and text(drawn, "truncated") in ("0", "1") and drawn.find("pose") is not None, f"{place}: difficult, truncated or pose is missing")
            # From 1 both edges are pixels of the object; from 0, as other tools write it, the right and the lower edge are where it ends.
            reader.add(image, text(drawn, "name"), place, box=(edges[0] - origin, edges[1] - origin, edges[2], edges[3]))
            objects[stem].append(reader.rows[-1])
            if drawn.find("attributes") is not None:
                verdict.holds.add("answers")
    sets(verdict, base, set(objects))
    # Outwards; what the arithmetic of clipping adds is no pixel, but may be one.
    outward = lambda box: [(math.floor(box[0] + hair), math.floor(box[1] + hair), math.ceil(box[2] - hair), math.ceil(box[3] - hair)) for hair in (0, 2e-9)]
    reader.finish(1e-6, widen=outward)
    if run.options.get("masks", "none") != "none":
        masks(verdict, base, source, report, reader)
    others(verdict, base, source, reader, run, objects)
    return verdict


def sets(verdict, base, stems):
    """`ImageSets/Main` lists every image, and nothing else."""
    listed = set()
    for path in sorted((base / "ImageSets" / "Main").glob("*.txt")):
        lines = path.read_text(encoding="utf-8").split("\n")[:-1]
        if path.stem in ("train", "val", "trainval", "test"):
            verdict.check(len(set(lines)) == len(lines), f"{path.name}: an image is listed twice")
            listed |= set(lines)
    verdict.check(listed == stems, f"ImageSets/Main and Annotations are not of the same images: {sorted(listed ^ stems)[:3]}")


def masks(verdict, base, source, report, reader):
    """Palette images; of one object that nothing covers, the pixels are those of its outline."""
    found = sorted((base / "SegmentationClass").rglob("*.png"))
    verdict.check(found, "there are no masks")
    verdict.judges.append("PIL")
    for path in found:
        stem = path.relative_to(base / "SegmentationClass").with_suffix("").as_posix()
        place = source.find(stem)
        if not verdict.check(place is not None, f"mask {stem[:60]!r} is of no task"):
            continue
        by_class, by_object = Image.open(path), Image.open(base / "SegmentationObject" / f"{stem}.png")
        verdict.check(by_class.mode == by_object.mode == "P", f"{stem[:60]!r}: masks of mode {by_class.mode} and {by_object.mode}, not of a palette")
        verdict.check(by_class.size == by_object.size == place[0].size, f"{stem[:60]!r}: a mask of {by_class.size}")
        classes, instances = numpy.asarray(by_class), numpy.asarray(by_object)
        verdict.check((((classes > 0) & (classes < 255)) == ((instances > 0) & (instances < 255))).all(), f"{stem[:60]!r}: the two masks do not cover the same pixels")
        drawn = [one for one in place[0].objects if one.is_healthy() and one.page_index == (place[1] or 0)]
        if len(drawn) == 1 and len(place[0].objects) == 1 and not place[0].brush:
            expected, got = fill(drawn[0].outline().zones, *place[0].size), (classes > 0) & (classes < 255)
            border = classes == 255
            verdict.check(numpy.count_nonzero((expected ^ got) & ~border) <= drawn[0].outline().perimeter + 4, f"{stem[:60]!r}: the mask is not that of its only object")


def others(verdict, base, source, reader, run, objects):
    if source.name == "taco":
        return
    with tempfile.TemporaryDirectory() as made:
        copy = Path(made) / "voc"
        shutil.copytree(base, copy)
        for (index, page), stem in reader.images.items():
            task = source.tasks[index]
            name = text(etree.parse(str(base / "Annotations" / f"{stem}.xml")).getroot(), "filename")
            if task.size:
                place_image(copy / "JPEGImages" / Path(stem).parent / Path(name).name, task.size)
        if run.options.get("origin", 1) == 1:
            verdict.judged("panlabel", by_panlabel, copy, source, reader)
        verdict.judged("hotcoco", by_hotcoco, copy, source, reader)
        if os.environ.get("ANGO_JUDGES_ALL") and source.name == "demo" and run.options.get("masks", "none") == "none":
            verdict.judged("datumaro", datumaro_agrees, "voc", copy, len(reader.images), len(reader.rows))
            verdict.judged("torchvision", by_torchvision, copy, reader)
        verdict.judged("labelformat", by_labelformat, copy, reader)


def by_panlabel(copy, source, reader):
    panlabel_agrees("voc", copy, source.find, reader.rows, 1.01)


def by_hotcoco(copy, source, reader):
    back = hotcoco_back("voc", copy)
    if len(back["annotations"]) != len(reader.rows):
        raise ToolFault(f"hotcoco reads {len(back['annotations'])} of {len(reader.rows)} objects")


def by_torchvision(copy, reader):
    """It wants its own folders, and every image as .jpg."""
    from torchvision.datasets import VOCDetection

    root = copy.parent / "VOCdevkit" / "VOC2012"
    root.parent.mkdir()
    shutil.copytree(copy, root)
    objects = images = 0
    for part in ("train", "val", "test"):
        if (root / "ImageSets" / "Main" / f"{part}.txt").exists():
            data = VOCDetection(str(copy.parent), year="2012", image_set=part) if part != "test" else []
            for _, target in data:
                images += 1
                found = target["annotation"].get("object", [])
                objects += len(found)
                for one in found:
                    for edge in one["bndbox"].values():
                        int(edge)
    if images != len(reader.images) or objects != len(reader.rows):
        raise ToolFault(f"torchvision reads {images} of {len(reader.images)} images and {objects} of {len(reader.rows)} objects")


def by_labelformat(copy, reader):
    from labelformat.formats.pascalvoc import PascalVOCObjectDetectionInput

    names = sorted({row.name for row in reader.rows})
    with silence():
        found = sum(len(image.objects) for image in PascalVOCObjectDetectionInput(copy / "Annotations", category_names=",".join(names)).get_labels()) if not any("," in name for name in names) else None
    if found is not None and found != len(reader.rows):
        raise ToolFault(f"labelformat reads {found} of {len(reader.rows)} objects")
