"""Boxes of an annotation project as one CSV file."""

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from ango_plugin import BoundingBox, Export, Info, converter, number

COLUMNS = ["task_id", "file_name", "object_id", "class", "x", "y", "width", "height", "stage"]

# The file. All shards write into it.
FILE = "boxes.csv"

INFO = Info(
    name="{{name}}",
    version="0.1.0",
    title="Boxes as CSV",
    format="CSV",
    # Read when the component is built: a run has no files.
    options_schema=Path(__file__).with_name("options.schema.json").read_text(),
)


@converter(INFO)
def convert(options: dict[str, Any], export: Export) -> None:
    delimiter = options["delimiter"]
    # Section 0 comes before section 1, whichever shard writes it.
    if options["header"] and export.is_first_shard:
        with export.archive.section(FILE, 0) as header:
            header.write(delimiter.join(COLUMNS) + "\n")
    needs_quotes = re.compile(f'[{delimiter}"\r\n]').search

    def text(value: str) -> str:
        """A text, in quotes where CSV needs them (RFC 4180)."""
        if value.isalnum() or not needs_quotes(value):
            return value
        return '"' + value.replace('"', '""') + '"'

    # There are few titles and many objects.
    title = lru_cache(1024)(text)

    with export.archive.section(FILE, 1) as rows:
        # Rounded by the host, which does it many times faster than the interpreter of the sandbox.
        for task in export.tasks(decimals=6):
            start = f"{text(task.task_id)}{delimiter}{text(task.asset.file_name)}{delimiter}"
            end = f"{delimiter}{text(task.stage)}\n"
            lines = []
            for object in task.annotations.objects:
                box = object.geometry
                if not isinstance(box, BoundingBox):
                    export.lost(task, object, "geometry-unsupported", box.kind)
                    continue
                numbers = number.join_short(delimiter, (box.x, box.y, box.width, box.height))
                lines.append(f"{start}{text(object.object_id)}{delimiter}{title(object.title)}{delimiter}{numbers}{end}")
            rows.write("".join(lines))
