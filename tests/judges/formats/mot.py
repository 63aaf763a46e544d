"""MOT16 and MOTS: TrackEval with the ground truth as its own result must give HOTA = MOTA = 1; tracks are those of the source."""

import configparser
import tempfile
from pathlib import Path

import numpy
from PIL import Image
from pycocotools import mask as codec

from harness.reader import Reader
from harness.tools import ToolFault, silence
from . import Run

RUNS = [
    Run("boxes", {}, ("edge", "demo")),
    Run("boxes, kept outside, from 0", {"outside": "keep", "origin": 0}, ("edge",)),
    Run("masks", {"format": "mots", "png": True}, ("edge",)),
]


def judge(run, folder, source, report):
    masks = run.options.get("format") == "mots"
    reader = Reader(run, folder, source, report, holds={"outline", "holes", "parts", "rotation"} if masks else ())
    verdict = reader.verdict
    verdict.wants = lambda one: not one.task.is_image
    sequences = {}
    for path in reader.files("gt.txt"):
        base = path.parent.parent
        where = reader.relative(path)
        sequence = configparser.ConfigParser()
        sequence.read(base / "seqinfo.ini", encoding="utf-8")
        info = sequence["Sequence"]
        verdict.check(set(info) >= {"name", "imdir", "framerate", "seqlength", "imwidth", "imheight", "imext"}, f"{where}: seqinfo.ini has {sorted(info)}")
        verdict.check(info["name"] == base.name, f"{where}: the sequence calls itself {info['name']!r}")
        found = source.find(base.name)
        if not verdict.check(found is not None, f"{where}: is of no task"):
            continue
        task = found[0]
        sequences[base] = task
        verdict.tasks.add(task.index)
        verdict.check((int(info["imwidth"]), int(info["imheight"])) == task.size, f"{where}: size {info['imwidth']} x {info['imheight']}")
        labels = (path.parent / "labels.txt").read_text(encoding="utf-8").split("\n")
        lines = [line for line in path.read_text(encoding="utf-8").split("\n") if line]
        seen = set()
        for at, line in enumerate(lines, 1):
            place = f"{where}: line {at}"
            (mots if masks else boxes)(reader, task, int(info["seqlength"]), labels, line, place, seen)
    origin = reader.run.options.get("origin", 1)
    reader.finish(0.0011, images=False, slack=2)
    tracks(verdict, reader)
    if sequences:
        if masks:
            verdict.judged("TrackEval", track_eval, reader, sequences, True)
            pictures(verdict, reader, sequences)
        else:
            verdict.judged("TrackEval", track_eval, reader, sequences, False)
    return verdict


def boxes(reader, task, length, labels, line, place, seen):
    fields = line.split(",")
    if not reader.verdict.check(len(fields) == 9, f"{place}: {len(fields)} columns instead of 9"):
        return
    frame, track, kind = int(fields[0]), int(fields[1]), int(fields[7])
    left, top, width, height = map(float, fields[2:6])
    reader.verdict.check(1 <= frame <= length, f"{place}: frame {frame} of {length}")
    reader.verdict.check(track >= 1 and (frame, track) not in seen, f"{place}: track {track} is twice on frame {frame}")
    reader.verdict.check(fields[6] in ("0", "1") and 0 <= float(fields[8]) <= 1, f"{place}: flag {fields[6]}, visibility {fields[8]}")
    seen.add((frame, track))
    origin = reader.run.options.get("origin", 1)
    reader.add((task, frame - 1), labels[kind - 1] if 1 <= kind <= len(labels) else f"class {kind}", place, box=(left - origin, top - origin, left - origin + width, top - origin + height))
    reader.rows[-1].track = (task.index, track)


def mots(reader, task, length, labels, line, place, seen):
    fields = line.split(" ")
    if not reader.verdict.check(len(fields) == 6, f"{place}: {len(fields)} columns instead of 6"):
        return
    frame, track, kind, height, width = map(int, fields[:5])
    reader.verdict.check(1 <= frame <= length and (frame, track) not in seen, f"{place}: frame {frame} of {length}, track {track}")
    reader.verdict.check(track // 1000 == kind, f"{place}: object {track} of class {kind}")
    reader.verdict.check((width, height) == task.size, f"{place}: a mask of {width} x {height}")
    seen.add((frame, track))
    mask = codec.decode({"size": [height, width], "counts": fields[5].encode()}).astype(bool)
    reader.add_mask((task, frame - 1), labels[kind - 1] if 1 <= kind <= len(labels) else f"class {kind}", place, mask)
    reader.rows[-1].track = (task.index, track)


def tracks(verdict, reader):
    """Each track is one object, and each object one track."""
    objects, ids = {}, {}
    for row in reader.rows:
        if row.drawn:
            objects.setdefault(row.track, set()).add(row.drawn.id)
            ids.setdefault((row.track[0], row.drawn.id), set()).add(row.track)
    verdict.check(all(len(found) == 1 for found in objects.values()), "a track is of several objects")
    verdict.check(all(len(found) == 1 for found in ids.values()), "an object is several tracks")


def pictures(verdict, reader, sequences):
    """The PNG of a frame holds the ids of its rows."""
    verdict.judges.append("PIL")
    for path in reader.files("instances/*.png"):
        values = set(numpy.unique(numpy.asarray(Image.open(path)))) - {0, 10000}
        task = next(task for base, task in sequences.items() if base in path.parents)
        ids = {row.track[1] for row in reader.rows if row.task is task and row.page == int(path.stem) - 1}
        verdict.check({int(value) for value in values} == ids, f"{reader.relative(path)}: ids {sorted(values)}, in gt.txt {sorted(ids)}")


def track_eval(reader, sequences, masks):
    """Ground truth against itself, all classes as one."""
    import trackeval

    with tempfile.TemporaryDirectory() as made:
        made = Path(made)
        split, kind = "train", "MOTS" if masks else "MOT17"
        names = []
        for base in sequences:
            lines = [line for line in (base / "gt" / "gt.txt").read_text(encoding="utf-8").split("\n") if line]
            if not lines:
                continue
            name = f"seq{len(names)}"
            names.append(name)
            to = made / "gt" / f"{kind}-{split}" / name
            (to / "gt").mkdir(parents=True)
            info = (base / "seqinfo.ini").read_text(encoding="utf-8")
            (to / "seqinfo.ini").write_text(info, encoding="utf-8")
            if masks:
                rows = [line.split(" ") for line in lines]
                truth = result = [" ".join([row[0], row[1], "2", *row[3:]]) for row in unique(rows)]
            else:
                rows = [line.split(",") for line in lines]
                truth = [",".join([*row[:6], "1", "1", "1"]) for row in rows]
                result = [",".join([*row[:6], "1", "-1", "-1", "-1"]) for row in rows]
            (to / "gt" / "gt.txt").write_text("\n".join(truth) + "\n")
            (made / "tr" / f"{kind}-{split}" / "self" / "data").mkdir(parents=True, exist_ok=True)
            (made / "tr" / f"{kind}-{split}" / "self" / "data" / f"{name}.txt").write_text("\n".join(result) + "\n")
        if not names:
            return
        (made / "gt" / "seqmaps").mkdir()
        (made / "gt" / "seqmaps" / f"{kind}-{split}.txt").write_text("name\n" + "\n".join(names) + "\n")
        settings = {"GT_FOLDER": str(made / "gt"), "TRACKERS_FOLDER": str(made / "tr"), **({} if masks else {"BENCHMARK": kind}), "SPLIT_TO_EVAL": split, "DO_PREPROC": False, "PRINT_CONFIG": False}
        data = trackeval.datasets.MOTSChallenge if masks else trackeval.datasets.MotChallenge2DBox
        with silence():
            evaluator = trackeval.Evaluator({"USE_PARALLEL": False, "PRINT_RESULTS": False, "PRINT_CONFIG": False, "OUTPUT_SUMMARY": False, "OUTPUT_DETAILED": False, "PLOT_CURVES": False, "TIME_PROGRESS": False, "BREAK_ON_ERROR": True, "LOG_ON_ERROR": None, "OUTPUT_EMPTY_CLASSES": False})
            found, _ = evaluator.evaluate([data(settings)], [trackeval.metrics.HOTA({"PRINT_CONFIG": False}), trackeval.metrics.CLEAR({"PRINT_CONFIG": False})])
    whole = next(iter(found.values()))["self"]["COMBINED_SEQ"]["pedestrian"]
    hota, mota = float(numpy.mean(whole["HOTA"]["HOTA"])), float(whole["CLEAR"]["MOTA"])
    if hota < 1 - 1e-9 or mota < 1 - 1e-9:
        raise ToolFault(f"against itself HOTA is {hota}, MOTA {mota}")


def unique(rows):
    """Ids of tracks as they are, when all classes become one: their number within it is what is left."""
    numbers = {}
    for row in rows:
        numbers.setdefault(row[1], len(numbers) + 1)
    return [[row[0], str(2000 + numbers[row[1]]), *row[2:]] for row in rows]
