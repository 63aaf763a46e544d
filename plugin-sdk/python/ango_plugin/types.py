"""The contract's types: what a task of an export holds.

The meaning of every field, its unit and its coordinate convention is the contract's (`wit/0.1/converter.wit`). Coordinates are pixels from the top-left corner of the
image; x grows to the right and y downwards. A path is flat: `[x0, y0, x1, y1, ...]`. Times are milliseconds since 1970-01-01T00:00:00Z.

What comes from the host is for reading: much of it is decoded when it is first asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import ClassVar, TypeAlias

Path: TypeAlias = list[float]
"""A chain of points as x0, y0, x1, y1, ..."""


class Record:
    """What the types of the contract have in common: two are equal when their fields are, whether they were decoded or made by hand."""

    __slots__ = ()
    __match_args__: tuple[str, ...] = ()

    def _fields(self) -> Iterator[object]:
        return (getattr(self, name) for name in self.__match_args__)

    def _type(self) -> type:
        """The public type: what is decoded late is of a class below it."""
        return next(kind for kind in type(self).__mro__ if not kind.__name__.startswith("_"))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Record) or self._type() is not other._type():
            return NotImplemented
        return all(mine == theirs for mine, theirs in zip(self._fields(), other._fields()))

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        fields = (f"{name}={value!r}" for name, value in zip(self.__match_args__, self._fields()))
        return f"{self._type().__name__}({', '.join(fields)})"


@dataclass(slots=True, eq=False, repr=False)
class BoundingBox(Record):
    """An axis-aligned box by its top-left corner. `width` and `height` are never negative."""

    kind: ClassVar[str] = "bounding-box"
    x: float
    y: float
    width: float
    height: float


@dataclass(slots=True, eq=False, repr=False)
class RotatedBox(Record):
    """A rotated box. `corners` (eight numbers) run top-left, bottom-left, bottom-right, top-right of the unrotated box and are authoritative; `rotation` is in degrees, positive
    clockwise on screen."""

    kind: ClassVar[str] = "rotated-bounding-box"
    corners: Path
    width: float
    height: float
    rotation: float


@dataclass(slots=True, eq=False, repr=False)
class Polygon(Record):
    """An open ring, in click order."""

    kind: ClassVar[str] = "polygon"
    path: Path


@dataclass(slots=True, eq=False, repr=False)
class Polyline(Record):
    """A line."""

    kind: ClassVar[str] = "polyline"
    path: Path


@dataclass(slots=True, eq=False, repr=False)
class Zone(Record):
    """One region of a segmentation and the rings cut out of it. Rings are open: the first point is not repeated at the end."""

    region: Path
    holes: list[Path]


@dataclass(slots=True, eq=False, repr=False)
class Segmentation(Record):
    """The union of its zones."""

    kind: ClassVar[str] = "segmentation"
    zones: list[Zone]


@dataclass(slots=True, eq=False, repr=False)
class Point(Record):
    """A position in pixels."""

    kind: ClassVar[str] = "point"
    x: float
    y: float


@dataclass(slots=True, eq=False, repr=False)
class Spline(Record):
    """A curve by its control points."""

    kind: ClassVar[str] = "spline"
    path: Path


@dataclass(slots=True, eq=False, repr=False)
class Entity(Record):
    """A span of text (character offsets into the asset's text, `end` exclusive) or of audio (seconds)."""

    kind: ClassVar[str] = "ner"
    start: float
    end: float
    selection: str | None = None


@dataclass(slots=True, eq=False, repr=False)
class PdfRectangle(Record):
    """A rectangle on a PDF page, in the units of the rendered page whose size is given."""

    x1: float
    y1: float
    x2: float
    y2: float
    page_width: float
    page_height: float


@dataclass(slots=True, eq=False, repr=False)
class PdfArea(Record):
    """An area of a PDF page; `page_number` counts from 1 (unlike `page` elsewhere). `parts` holds one rectangle per token of highlighted text and is empty for a drawn area."""

    kind: ClassVar[str] = "pdf"
    page_number: int
    bounds: PdfRectangle
    parts: list[PdfRectangle] = field(default_factory=list)
    text: str | None = None


@dataclass(slots=True, eq=False, repr=False)
class VoxelBrush(Record):
    """The object's shape is in the task's voxel brush volume, under the label value equal to its `schema_id`."""

    kind: ClassVar[str] = "medical-brush"


@dataclass(slots=True, eq=False, repr=False)
class OtherGeometry(Record):
    """A geometry that this version does not type: `{"key": value}` as JSON."""

    kind: ClassVar[str] = "other"
    json: str


Geometry: TypeAlias = BoundingBox | RotatedBox | Polygon | Polyline | Segmentation | Point | Spline | Entity | PdfArea | VoxelBrush | OtherGeometry
"""Where an annotated object is. `kind` is its key in a V3 export."""


@dataclass(slots=True, eq=False, repr=False)
class OtherAnswer(Record):
    """An answer that this version does not type, as JSON."""

    json: str


Answer: TypeAlias = None | str | list[str] | bool | float | OtherAnswer
"""What was answered to a classification: nothing; a text, or the one option that was chosen; the options that were chosen (for a tree, whole paths joined with " / "); a flag; a number."""


@dataclass(slots=True, eq=False, repr=False)
class Provenance(Record):
    """Who made or changed something, when, and in which stage (id). Present when the export carries annotation metadata; a segmentation never has it."""

    created_at: int | None = None
    created_by: str | None = None
    created_in: str | None = None
    updated_at: int | None = None
    updated_by: str | None = None
    updated_in: str | None = None


@dataclass(slots=True, eq=False, repr=False)
class Classification(Record):
    """An answered question. Nested questions follow their parent in the same list (pre-order), and `parent` is the parent's position in that list."""

    object_id: str
    schema_id: str
    title: str
    kind: str
    """`radio`, `checkbox`, `text`, `single-dropdown`, `multi-dropdown`, `tree-dropdown`, ..."""
    answer: Answer = None
    parent: int | None = None
    page: int | None = None
    """Page or frame, from 0."""
    interpolation_stopped: bool = False
    """Video: from this frame on the answer no longer holds."""
    provenance: Provenance | None = None


@dataclass(slots=True, eq=False, repr=False)
class Object(Record):
    """One drawn object. In video the same `object_id` recurs over frames: it is the track."""

    object_id: str
    schema_id: str
    title: str
    geometry: Geometry
    page: int | None = None
    """Page or frame, from 0. Of a video, an object is there once for each frame, frames between key frames included, unless the export is of key frames only."""
    interpolation_stopped: bool = False
    """Video: from this frame on the object is gone; the geometry is a repeat."""
    ocr: str | None = None
    """Text read inside the box by Hub's OCR."""
    provenance: Provenance | None = None
    classifications: list[Classification] = field(default_factory=list)
    extra: str | None = None
    """Keys that this version does not type, as a JSON object."""


class Direction(Enum):
    """How a relation between two objects is drawn: from the first to the second, from the second to the first, or both ways."""

    STRAIGHT = "straight"
    REVERSE = "reverse"
    BIDIRECTIONAL = "bidirectional"


@dataclass(slots=True, eq=False, repr=False)
class Pair(Record):
    """A relation between two objects, by object id: `source` was clicked first."""

    source: str
    target: str
    direction: Direction = Direction.STRAIGHT


@dataclass(slots=True, eq=False, repr=False)
class Relation(Record):
    """A relation between objects. A member may no longer exist. A relation from one object to many is a list that begins with the one."""

    object_id: str
    schema_id: str
    title: str
    members: Pair | list[str]
    page: int | None = None


@dataclass(slots=True, eq=False, repr=False)
class Annotations(Record):
    """Everything annotated on a task in one stage. `brush` and `voxel_brush` are links to a mask image and a label volume."""

    objects: list[Object] = field(default_factory=list)
    classifications: list[Classification] = field(default_factory=list)
    relations: list[Relation] = field(default_factory=list)
    brush: str | None = None
    voxel_brush: str | None = None


@dataclass(slots=True, eq=False, repr=False)
class StageVisit(Record):
    """One pass of the task through a stage. A stage can occur several times, after a requeue."""

    stage: str
    stage_id: str | None = None
    duration_ms: int = 0
    completed_at: int | None = None
    completed_by: str | None = None
    review_status: str | None = None
    annotations: Annotations = field(default_factory=Annotations)


@dataclass(slots=True, eq=False, repr=False)
class Asset(Record):
    """What was annotated."""

    url: str
    """Where the asset is; of a multi-page asset, its first page. Often a signed link that expires."""
    asset_id: str | None = None
    external_id: str = ""
    """The name given at import. Free text: not unique, and not safe as a file name."""
    file_name: str = ""
    """A relative path for files made from this asset, with `/` between folders: derived from `external_id`, safe on every system, and unique in the export, also when case is
    ignored or the extension is cut off. The same whichever shard holds the task."""
    pages: list[str] = field(default_factory=list)
    """Page URLs of a multi-page asset, else empty."""
    batches: list[str] = field(default_factory=list)
    """Batch names."""
    width: int | None = None
    """Size in pixels; `None` when Hub never measured the file (see `Export.asset_size`)."""
    height: int | None = None
    frame_count: int | None = None
    """Video: how many frames, and `frame_rate` how many a second."""
    frame_rate: float | None = None
    context_data: str | None = None
    """Free key/value data given at import, as a JSON object."""
    extra: str | None = None
    """Keys that this version does not type, as a JSON object."""


@dataclass(slots=True, eq=False, repr=False)
class Task(Record):
    """One task of the export."""

    index: int
    """Position in the export, from 0; the same whichever shard holds the task."""
    object_offset: int
    """How many objects all earlier tasks of the export hold. With it, ids can be unique over the whole export in every shard."""
    task_id: str
    stage: str
    stage_id: str | None
    updated_at: int | None
    updated_by: str | None
    total_duration_ms: int
    """Active time over all stages."""
    asset: Asset
    annotations: Annotations
    history: list[StageVisit] = field(default_factory=list)
    """Oldest first. Empty unless the plugin asked for it (`Info.history`) and the export carries it."""
    extra: str | None = None
    """Keys that this version does not type, as a JSON object."""


@dataclass(slots=True, eq=False, repr=False)
class Class(Record):
    """A class of the ontology."""

    index: int
    """Position in its list (tools, classifications or relations), from 0: the stable class id. Lists are in project order; nested questions follow the outer ones."""
    schema_id: str
    title: str
    kind: str
    """The tool or the kind of classification, as in the export (`bounding-box`, `radio`, ...)."""
    color: str | None = None
    """`#rrggbb`."""
    options: list[str] = field(default_factory=list)
    """What can be chosen, of a classification."""
    parent: str | None = None
    """`schema_id` of the class that this one is nested in."""


@dataclass(slots=True, eq=False, repr=False)
class Project(Record):
    """What is known of the project before the first task."""

    name: str = ""
    exported_at: int | None = None
    """When the export was taken: the only clock a plugin should write down. `None` when nobody knows."""
    tools: list[Class] = field(default_factory=list)
    classifications: list[Class] = field(default_factory=list)
    relations: list[Class] = field(default_factory=list)
    stages: list[str] = field(default_factory=list)
    batches: list[str] = field(default_factory=list)
    task_count: int | None = None
    """How many tasks the whole export holds, where known."""
