#!/usr/bin/env python3
"""The edge-case project through other converters and through this one, judged by the same code: what each kept, changed or dropped without a word, and broke.

    python tests/judges/peers.py --binary target/release/ango-export [--plugins FOLDER_OF_WASM] [--write docs/peers.md]

The others read COCO, so they get what the coco plugin makes of the project, one file for each group of cases, so that a crash over one group hides nothing of the others. Needs
requirements.txt, and datumaro of requirements-all.txt (left out when it is not there). Prints Markdown; --write puts it between the marks of a page.
"""

import argparse
import contextlib
import io
import json
import os
import sys
import tempfile
from collections import Counter
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from edge import media, tasks  # noqa: E402
from edge.write import write as write_edge  # noqa: E402
from harness.peers import Outcome, TARGETS, converters, read_target  # noqa: E402
from harness.program import Program  # noqa: E402
from harness.report import Report  # noqa: E402
from harness.server import Server  # noqa: E402
from harness.source import Source  # noqa: E402
from harness.tools import place_image  # noqa: E402

BEGIN, END = "<!-- made by tests/judges/peers.py -->", "<!-- end -->"


def groups(base):
    """Names of groups of cases, and which tasks are in each."""
    found, at = {}, 0
    titles = {"empty": "images without objects", "boxes": "boxes", "zones": "holes and parts", "bounds": "outside the image", "degenerate": "degenerate, repeated and very long shapes", "other_shapes": "rotated boxes",
        "answers": "answers", "relations": "relations", "keypoints": "keypoints"}
    for make in (tasks.empty, tasks.boxes, tasks.zones, tasks.bounds, tasks.degenerate, tasks.other_shapes, tasks.names, tasks.classes, tasks.answers, tasks.relations, tasks.keypoints):
        count = sum(1 for _ in make())
        if make is tasks.names:
            found["same names"], found["odd names"] = range(at, at + 9), range(at + 9, at + count)
        elif make is tasks.classes:
            found["class names"], found["a control character in a class name"], found["same and similar class names"], found["unmapped classes"] = ([at + nth] for nth in range(4))
        else:
            found[titles[make.__name__]] = range(at, at + count)
        at += count
    for make in (media.pages, media.videos, media.texts, media.documents, media.brushes, media.volumes, media.sizes, media.stages):
        count = sum(1 for _ in make(base))
        if make in (media.brushes, media.sizes, media.stages):
            found.setdefault("brushes, sizes, stages", []).extend(range(at, at + count))
        at += count
    return found


def subset(coco, wanted, source):
    """The part of a COCO file that is of some tasks, with the categories that occur in it."""
    images = [image for image in coco["images"] if source.by_id[image["attributes"]["taskId"]].index in wanted]
    ids = {image["id"] for image in images}
    annotations = [row for row in coco["annotations"] if row["image_id"] in ids]
    used = {row["category_id"] for row in annotations}
    categories = [category for category in coco["categories"] if category["id"] in used] or coco["categories"][:1]
    return {**coco, "images": images, "annotations": annotations, "categories": categories}


def expected(part, source):
    """The objects of a part, by task and id."""
    by_image = {image["id"]: source.by_id[image["attributes"]["taskId"]] for image in part["images"]}
    found = {}
    for row in part["annotations"]:
        task = by_image[row["image_id"]]
        found[task.index, row["attributes"]["objectId"]] = next(one for one in task.objects if one.id == row["attributes"]["objectId"])
    return found


def plain(coco):
    """Without our own keys, as others would write it."""
    strip = lambda row: {key: value for key, value in row.items() if key not in ("attributes", "coco_url")}
    return {**coco, "images": [strip(row) for row in coco["images"]], "annotations": [strip(row) for row in coco["annotations"]]}


def theirs(parts, source, folder):
    """Outcomes of the other converters, by name and target."""
    found = {}
    for peer, targets in converters().items():
        for target, convert in targets.items():
            outcome = found[peer, target] = Outcome()
            for number, (group, (part, objects)) in enumerate(parts.items()):
                place = folder / "peers" / peer / target.replace(" ", "-") / str(number)
                place.mkdir(parents=True)
                file, images = folder / "parts" / f"{number}.json", folder / "parts" / f"{number}-images"
                try:
                    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
                        words = convert(file, images, place)
                except BaseException as error:  # noqa: BLE001
                    if isinstance(error, KeyboardInterrupt):
                        raise
                    while error.__cause__ or error.__context__:
                        error = error.__cause__ or error.__context__
                    outcome.crashed(group, objects, f"{type(error).__name__}: {error}")
                    continue
                read_target(outcome, group, target, place, part, objects, source, words or "")
    return found


def ours(program, source, parts, folder):
    found = {}
    objects = {key: one for _, (_, of_part) in parts.items() for key, one in of_part.items()}
    for target, (name, options) in TARGETS.items():
        if not program.component(name):
            continue
        outcome = found["ango-export", target] = Outcome()
        files, raw = program.convert(source.export, source.project_folder, name, options, folder / f"ours-{target.replace(' ', '-')}")
        read_target(outcome, "all groups", target, files, None, objects, source, "", Report(raw))
    return found


def table(found, total):
    lines = ["| converter | target | kept | changed silently | dropped silently | said to be dropped or changed | refused by readers | not converted (crash) |", "|---|---|---:|---:|---:|---:|---:|---:|"]
    order = list(TARGETS)
    peers = ["ango-export", *sorted({peer for peer, _ in found} - {"ango-export"})]
    for target in order:
        for peer in peers:
            outcome = found.get((peer, target))
            if outcome:
                count = outcome.counts
                name = f"**{peer}**" if peer == "ango-export" else peer
                lines.append(f"| {name} | {target} | {count['kept']} | {count['changed']} | {count['dropped']} | {count['said']} | {count['refused']} | {count['crashed']} |")
    lines += ["", f"{total} objects in each row.", "", "What went wrong:", ""]
    for target in order:
        for peer in peers:
            outcome = found.get((peer, target))
            for reason, groups_of in sorted(outcome.reasons.items()) if outcome else []:
                lines.append(f"- {peer}, {target}: {reason} ({', '.join(sorted(groups_of))})")
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", type=Path, default=HERE.parents[1] / "target" / "release" / "ango-export")
    parser.add_argument("--plugins", type=Path)
    parser.add_argument("--write", type=Path, help="page whose part between the marks is replaced")
    args = parser.parse_args()
    os.environ["YOLO_OFFLINE"] = "1"
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        server = Server(folder / "edge" / "assets")
        write_edge(folder / "edge", server.base)
        config = folder / "ango-export.toml"
        config.write_text(f"[assets]\nallow = [\"{server.base}/\"]\nallow-private = true\n", encoding="utf-8")
        program = Program(args.binary.resolve(), args.plugins, config)
        project = folder / "edge" / "project"
        source = Source("edge", program.export(project, folder / "export"), project, {f"{server.base}/images/sized-by-the-host.png": (130, 90)}.get)
        made_here = [program.convert(source.export, project, "coco", {"outside": "keep", "brush": "skip", "boxes_as_polygons": outlined}, folder / f"coco-{outlined}")[0] for outlined in (False, True)]
        coco, outlined = (json.loads(next(files.rglob("*.json")).read_text(encoding="utf-8")) for files in made_here)
        parts = {}
        for number, (group, wanted) in enumerate(groups(server.base).items()):
            part = subset(coco, set(wanted), source)
            parts[group] = (part, expected(part, source))
            file = folder / "parts" / f"{number}.json"
            file.parent.mkdir(exist_ok=True)
            file.write_text(json.dumps(plain(part), ensure_ascii=False), encoding="utf-8")
            file.with_suffix(".polygons.json").write_text(json.dumps(plain(subset(outlined, set(wanted), source)), ensure_ascii=False), encoding="utf-8")
            for image in part["images"]:
                place_image(folder / "parts" / f"{number}-images" / image["file_name"], (image["width"], image["height"]))
        found = theirs(parts, source, folder) | ours(program, source, parts, folder)
        text = table(found, sum(len(objects) for _, objects in parts.values()))
    if args.write:
        page = args.write.read_text(encoding="utf-8")
        before, _, rest = page.partition(BEGIN)
        _, _, after = rest.partition(END)
        args.write.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
