"""Hugging Face imagefolder: `datasets` loads it with every column in every row; panlabel reads the same boxes."""

import json
import os
import tempfile
from pathlib import Path

from harness.reader import Reader
from harness.tools import ToolFault, panlabel_rows, silence
from . import Run

RUNS = [Run("objects"), Run("objects, split by ratio", {"split": {"by": "ratio", "val_ratio": 0.3}}, ("edge", "demo")), Run("objects, flat names", {"names": "flat"}, ("edge",))]


def judge(run, folder, source, report):
    reader = Reader(run, folder, source, report, holds={"answers", "image answers"})
    verdict = reader.verdict
    names = class_names(folder, source)
    keys = None
    for path in reader.files("metadata.jsonl"):
        for at, line in enumerate(path.read_text(encoding="utf-8").split("\n")[:-1], 1):
            at_line, row = f"{reader.relative(path)}: line {at}", json.loads(line)
            keys = keys or set(row)
            verdict.check(set(row) == keys, f"{at_line}: other columns than the first row: {sorted(set(row) ^ keys)}")
            image = reader.image(row["file_name"], at_line, (row["width"], row["height"]) if row.get("width") else None)
            reader.pictures[path.parent / row["file_name"]] = image[0].size if image else None
            objects = row["objects"]
            lengths = {key: len(value) for key, value in objects.items() if isinstance(value, list)}
            verdict.check(len(set(lengths.values())) <= 1, f"{at_line}: columns of different lengths: {lengths}")
            for number in range(len(objects["bbox"]) if image else 0):
                x, y, width, height = objects["bbox"][number]
                label = objects.get("categories", objects.get("category"))[number]
                area = objects["area"][number] if "area" in objects else None
                reader.add(image, names[label] if isinstance(label, int) else label, f"{at_line}: object {number}", box=(x, y, x + width, y + height), area=area)
    reader.finish(1e-4, area_tolerance=None)
    if source.name != "taco":
        reader.place()
        verdict.judged("datasets", by_datasets, folder, reader)
        verdict.judged("panlabel", by_panlabel, folder, reader, names)
    return verdict


def class_names(folder, source):
    """Names by index: a list in a JSON file, or one in each line of a text."""
    for path in sorted(folder.rglob("*.json")) + sorted(folder.rglob("*.txt")):
        if path.name in ("classes.json", "labels.json", "categories.json"):
            found = json.loads(path.read_text(encoding="utf-8"))
            if isinstance(found, dict):
                found = found.get("names", found.get("classes", found))
            if isinstance(found, dict):
                return {int(key): value for key, value in found.items()}
            return {at: one["name"] if isinstance(one, dict) else one for at, one in enumerate(found)}
        if path.name == "classes.txt":
            return dict(enumerate(path.read_text(encoding="utf-8").split("\n")[:-1]))
    return dict(enumerate(source.titles))


def by_datasets(folder, reader):
    os.environ["HF_HUB_OFFLINE"] = os.environ["HF_DATASETS_OFFLINE"] = "1"
    with tempfile.TemporaryDirectory() as cache, silence():
        from datasets import disable_progress_bars, load_dataset

        disable_progress_bars()
        loaded = load_dataset("imagefolder", data_dir=str(folder), cache_dir=cache)
        rows = sum(part.num_rows for part in loaded.values())
        objects = sum(len(row["bbox"]) for part in loaded.values() for row in part.select_columns(["objects"])["objects"])
    if rows != len(reader.images) or objects != len(reader.rows):
        raise ToolFault(f"datasets loads {rows} of {len(reader.images)} images and {objects} of {len(reader.rows)} objects")


def by_panlabel(folder, reader, names):
    with tempfile.TemporaryDirectory() as made:
        table = Path(made) / "names.json"
        table.write_text(json.dumps({str(key): value for key, value in names.items()}), encoding="utf-8")
        found, _ = panlabel_rows("hf", folder, lambda name: reader.source.find(name) or reader.source.find(name.partition("/")[2]), "HF", "--hf-category-map", table)
    if len(found) != len(reader.rows):
        raise ToolFault(f"panlabel reads {len(found)} of {len(reader.rows)} objects")
