"""Write a converter for Ango exports in Python.

A converter gets the tasks of an annotation project, typed, and writes the files of another format. It runs inside a WebAssembly sandbox as a component of the world
`ango:converter/converter`; this package is that contract made pleasant.

    from ango_plugin import BoundingBox, Export, Info, converter, jsontext, number

    @converter(Info(name="boxes", version="0.1.0", title="One JSON line per box", format="NDJSON"))
    def convert(options: dict, export: Export) -> None:
        # One file that all shards write into: section 0 of it, nothing between the shards' parts.
        with export.archive.section("boxes.ndjson", 0) as out:
            for task in export:
                for object in task.annotations.objects:
                    box = object.geometry
                    if not isinstance(box, BoundingBox):
                        export.lost(task, object, "geometry-unsupported", box.kind)
                        continue
                    out.write(f'{{"file":{jsontext.format_string(task.asset.file_name)},"x":{number.format_rounded(box.x, 2)}}}\\n')

What to know:

* Shards. Unless `Info.sequential` is asked for, several instances run at once, each on a stretch of the export, and know nothing of each other. Files of one's own are made with
  `archive.open` and `archive.add`, a file that all write into with `archive.section`. Numbers that must be unique over the export come from `Task.index` and
  `Task.object_offset`. The tests of a project show whether the cutting changes the output.
* Losses. What the target format cannot hold, or only roughly, is reported with `Export.lost`. Dropping something silently is a fault.
* Hostile input. Texts hold anything, coordinates are finite and nothing else: `geometry.usable`.
* Modules are imported when the component is built, and files read then (a schema, a table) have to be read at the top level of a module: a run has no files.
* Speed. Fields are decoded when they are asked for: ask once, and keep what a loop needs. One `write` for a row is quicker than one for each column.
"""

from . import geometry, jsontext, number, rle, timestamp
from .archive import Archive
from .classes import ClassIndex
from .conversion import Converter, Info, converter
from .export import Export
from .failures import AssetError, InputError, OptionError
from .host import Level
from .types import (
    Annotations,
    Answer,
    Asset,
    BoundingBox,
    Class,
    Classification,
    Direction,
    Entity,
    Geometry,
    Object,
    OtherAnswer,
    OtherGeometry,
    Pair,
    Path,
    PdfArea,
    PdfRectangle,
    Point,
    Polygon,
    Polyline,
    Project,
    Provenance,
    Relation,
    RotatedBox,
    Segmentation,
    Spline,
    StageVisit,
    Task,
    VoxelBrush,
    Zone,
)

__all__ = [
    "Annotations",
    "Answer",
    "Archive",
    "Asset",
    "AssetError",
    "BoundingBox",
    "Class",
    "ClassIndex",
    "Classification",
    "Converter",
    "Direction",
    "Entity",
    "Export",
    "Geometry",
    "Info",
    "InputError",
    "Level",
    "Object",
    "OptionError",
    "OtherAnswer",
    "OtherGeometry",
    "Pair",
    "Path",
    "PdfArea",
    "PdfRectangle",
    "Point",
    "Polygon",
    "Polyline",
    "Project",
    "Provenance",
    "Relation",
    "RotatedBox",
    "Segmentation",
    "Spline",
    "StageVisit",
    "Task",
    "VoxelBrush",
    "Zone",
    "converter",
    "geometry",
    "jsontext",
    "number",
    "rle",
    "timestamp",
]
