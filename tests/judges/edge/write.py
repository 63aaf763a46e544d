"""Writes the edge-case project into a folder."""

import json

from .assets import files
from .build import Task
from .media import all_media, issues
from .ontology import project
from .tasks import all_images

# Numbers that are none, in the places of a coordinate and of a size.
REFUSED = {
    "nan": "NaN",
    "infinity": "Infinity",
    "too-large": "1e999",
    "text": "\"12\"",
    "null": "null",
}


def records(base):
    return [task.record for task in [*all_images(), *all_media(base)]]


def lines(rows):
    return "".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n" for row in rows)


def write(folder, base):
    """Makes `project`, `assets` and `refused` in the folder."""
    made = records(base)
    (folder / "project").mkdir(parents=True)
    (folder / "project" / "project.json").write_text(json.dumps(project(), ensure_ascii=False, indent=1), encoding="utf-8")
    (folder / "project" / "records.ndjson").write_text(lines(made), encoding="utf-8", newline="\n")
    (folder / "project" / "issues.ndjson").write_text(lines(issues(made)), encoding="utf-8", newline="\n")
    for name, data in files().items():
        path = folder / "assets" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    (folder / "refused").mkdir()
    for name, number in REFUSED.items():
        task = Task("refused", "refused.jpg")
        task.box("car", "NUMBER", 10, 20, 20)
        text = lines([task.record]).replace("\"NUMBER\"", number)
        (folder / "refused" / f"{name}.ndjson").write_text(text, encoding="utf-8")
