"""YouTube-VIS: one annotation for each track, with a list of masks as long as the video; pycocotools reads the masks, TrackEval evaluates them against themselves."""

import json
import tempfile
from pathlib import Path

import numpy
from pycocotools import mask as codec

from harness.reader import Reader
from harness.tools import ToolFault, silence
from . import Run

RUNS = [Run("tracks", {}, ("edge", "demo")), Run("tracks, lists of run lengths", {"rle": "uncompressed"}, ("edge",))]


def judge(run, folder, source, report):
    reader = Reader(run, folder, source, report, holds={"outline", "holes", "parts", "rotation", "answers", "image answers"})
    verdict = reader.verdict
    verdict.wants = lambda one: not one.task.is_image
    files = reader.files("*.json")
    for path in files:
        data = json.loads(path.read_text(encoding="utf-8"))
        where = reader.relative(path)
        verdict.check(set(data) >= {"videos", "annotations", "categories"}, f"{where}: has keys {sorted(data)}")
        names = {category["id"]: category["name"] for category in data["categories"]}
        videos = {video["id"]: video for video in data["videos"]}
        for kind in ("videos", "annotations", "categories"):
            ids = [row["id"] for row in data[kind]]
            verdict.check(len(set(ids)) == len(ids) and all(isinstance(number, int) and number > 0 for number in ids), f"{where}: ids of {kind} are not whole numbers from 1, each once")
        tasks = {}
        for video in data["videos"]:
            verdict.check(len(video["file_names"]) == video["length"], f"{where}: video {video['id']} of {video['length']} frames names {len(video['file_names'])}")
            found = source.find(video["file_names"][0])
            if verdict.check(found is not None, f"{where}: video {video['id']} ({video['file_names'][0][:60]!r}) is of no task"):
                tasks[video["id"]] = found[0]
                verdict.tasks.add(found[0].index)
                verdict.check((video["width"], video["height"]) == found[0].size, f"{where}: video {video['id']} has another size than its source")
        for row in data["annotations"]:
            place, video = f"{where}: annotation {row['id']}", videos[row["video_id"]]
            lengths = {key: len(row[key]) for key in ("segmentations", "bboxes", "areas")}
            verdict.check(set(lengths.values()) == {video["length"]}, f"{place}: lists of {lengths} for {video['length']} frames")
            verdict.check(row.get("iscrowd") == 0 and row["category_id"] in names, f"{place}: iscrowd {row.get('iscrowd')}, category {row['category_id']}")
            if row["video_id"] in tasks:
                frames(reader, tasks[row["video_id"]], names[row["category_id"]], row, video, place)
    reader.finish(2e-3, images=False, slack=2)
    if reader.rows:
        verdict.judged("TrackEval", track_eval, files[0], report)
    return verdict


def frames(reader, task, name, row, video, place):
    for frame, (shape, box, area) in enumerate(zip(row["segmentations"], row["bboxes"], row["areas"])):
        reader.verdict.check((shape is None) == (box is None) == (area is None), f"{place}: frame {frame} is there in one list and not in another")
        if shape is None:
            continue
        if isinstance(shape, dict):
            counts = shape["counts"]
            rle = codec.frPyObjects(shape, *shape["size"]) if isinstance(counts, list) else {"size": shape["size"], "counts": counts.encode()}
        else:
            rle = codec.merge(codec.frPyObjects(shape, video["height"], video["width"]))
        mask = codec.decode(rle).astype(bool)
        reader.verdict.check(mask.shape == (video["height"], video["width"]), f"{place}: frame {frame}: a mask of {mask.shape}")
        x, y, width, height = box
        page = frame if task.is_video or task.pages > 1 else None
        reader.add((task, page), name, f"{place}: frame {frame}", box=(x, y, x + width, y + height), mask=mask, rounded=1.01)


def listed(shape):
    """Run lengths as a list."""
    pixels = codec.decode({"size": shape["size"], "counts": shape["counts"].encode()}).flatten(order="F")
    ends = numpy.flatnonzero(numpy.diff(numpy.concatenate(([0], pixels, [2])).astype(int)))
    return {"size": shape["size"], "counts": numpy.diff(numpy.concatenate(([0], ends))).tolist()}


def track_eval(path, report):
    """The truth as its own result, all classes."""
    import trackeval

    data = json.loads(path.read_text(encoding="utf-8"))
    for row in data["annotations"]:
        row["segmentations"] = [None if shape is None else compressed(shape, row, data) for shape in row["segmentations"]]
    # It wants an area for each track, and names of sequences from the first file's folder.
    with tempfile.TemporaryDirectory() as made:
        made, videos = Path(made), {video["id"]: video for video in data["videos"]}
        for number, video in enumerate(data["videos"]):
            video["file_names"] = [f"v{number}/{frame:05}.jpg" for frame in range(video["length"])]
        (made / "gt" / "youtube_vis_train").mkdir(parents=True)
        # Of the truth it takes lists of run lengths, of results compressed ones.
        truth = {**data, "annotations": [{**row, "height": videos[row["video_id"]]["height"], "width": videos[row["video_id"]]["width"], "segmentations": [shape and listed(shape) for shape in row["segmentations"]]} for row in data["annotations"]]}
        (made / "gt" / "youtube_vis_train" / "gt.json").write_text(json.dumps(truth))
        results = [{"video_id": row["video_id"], "category_id": row["category_id"], "segmentations": row["segmentations"], "score": 1.0} for row in data["annotations"]]
        (made / "tr" / "youtube_vis_train" / "self" / "data").mkdir(parents=True)
        (made / "tr" / "youtube_vis_train" / "self" / "data" / "results.json").write_text(json.dumps(results))
        settings = {"GT_FOLDER": f"{made / 'gt'}/", "TRACKERS_FOLDER": f"{made / 'tr'}/", "SPLIT_TO_EVAL": "train", "PRINT_CONFIG": False}
        with silence():
            evaluator = trackeval.Evaluator({"USE_PARALLEL": False, "PRINT_RESULTS": False, "PRINT_CONFIG": False, "OUTPUT_SUMMARY": False, "OUTPUT_DETAILED": False, "PLOT_CURVES": False, "TIME_PROGRESS": False, "BREAK_ON_ERROR": True, "LOG_ON_ERROR": None, "OUTPUT_EMPTY_CLASSES": False})
            found, _ = evaluator.evaluate([trackeval.datasets.YouTubeVIS(settings)], [trackeval.metrics.TrackMAP({"PRINT_CONFIG": False, "USE_AREA_RANGES": False, "USE_TIME_RANGES": False})])
    scores = [float(numpy.mean(values["TrackMAP"]["AP_all"])) for values in next(iter(found.values()))["self"]["COMBINED_SEQ"].values() if numpy.mean(values["TrackMAP"]["AP_all"]) > -1]
    if not scores or min(scores) < 1 - 1e-6:
        raise ToolFault(f"AP of the tracks against themselves: {scores}")


def compressed(shape, row, data):
    video = next(video for video in data["videos"] if video["id"] == row["video_id"])
    if isinstance(shape, dict) and isinstance(shape["counts"], str):
        return shape
    rle = codec.frPyObjects(shape, video["height"], video["width"])
    rle = codec.merge(rle) if isinstance(rle, list) else rle
    return {"size": rle["size"], "counts": rle["counts"].decode()}
