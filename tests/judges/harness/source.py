"""The canonical export that the converters got, as a judge sees it."""

import gzip
import json
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

from .geometry import FAR, Outline, crosses_itself, open_ring
from .names import Names, flat, split_suffix

SHAPES = ("bounding-box", "rotated-bounding-box", "polygon", "polyline", "segmentation", "point", "spline", "ner", "pdf")
AREAS = {"bounding-box", "rotated-bounding-box", "polygon", "segmentation"}


def points_of(value):
    return [(float(point[0]), float(point[1])) for point in value or []]


@dataclass
class Object:
    """A drawn object; of a video, on one frame."""

    task: "Task"
    id: str
    raw: dict
    page: int | None
    position: int

    @property
    def key(self):
        return (self.task.index, self.id, self.page)

    @property
    def schema_id(self):
        return str(self.raw["schemaId"])

    @property
    def title(self):
        return self.raw.get("title") or ""

    @property
    def kind(self):
        """The tool it was drawn with."""
        known = next((shape for shape in SHAPES if self.raw.get(shape) is not None), None)
        return known or ("voxel-brush" if self.raw.get("medical-brush") else "other")

    @property
    def is_stop(self):
        """Whether this says only that a track has ended."""
        return bool(self.raw.get("interpolationStopped"))

    @property
    def answers(self):
        return [answer for answer in self.raw.get("classifications") or [] if answer]

    @property
    def page_index(self):
        """The page or frame it is on, from 0; areas of documents count theirs from 1."""
        if self.page is None and self.kind == "pdf":
            return max(0, (self.pdf.get("pageNumber") or 1) - 1)
        return self.page or 0

    @property
    def pdf(self):
        """Page number, area and its page's size, in the export's form or in the flat one."""
        value = self.raw["pdf"]
        position = value.get("position")
        return {"pageNumber": position.get("pageNumber"), **position["boundingRect"]} if position else value

    @property
    def zones(self):
        """Regions with holes; `None` of what has no area by its kind."""
        value = self.raw.get(self.kind)
        if self.kind == "bounding-box":
            (x0, x1), (y0, y1) = sorted((value["x"], value["x"] + value["width"])), sorted((value["y"], value["y"] + value["height"]))
            return [([(x0, y0), (x1, y0), (x1, y1), (x0, y1)], [])]
        if self.kind == "pdf":
            (x0, x1), (y0, y1) = sorted((self.pdf["x1"], self.pdf["x2"])), sorted((self.pdf["y1"], self.pdf["y2"]))
            return [([(x0, y0), (x1, y0), (x1, y1), (x0, y1)], [])]
        if self.kind == "rotated-bounding-box":
            return [(self.corners, [])]
        if self.kind == "polygon":
            return [(points_of(value), [])]
        if self.kind == "segmentation":
            zones = [zone for zone in value.get("zones") or [] if zone]
            return [(points_of(zone.get("region")), [points_of(hole) for hole in zone.get("holes") or [] if hole]) for zone in zones]
        return None

    @property
    def corners(self):
        """Of a rotated box: top-left, bottom-left, bottom-right, top-right before it was turned."""
        from math import cos, radians, sin

        value = self.raw["rotated-bounding-box"]
        if value.get("corners"):
            return points_of(value["corners"])
        turn, x, y, width, height = radians(value["rotation"]), value["x"], value["y"], value["width"], value["height"]
        across, down = (width * cos(turn), width * sin(turn)), (-height * sin(turn), height * cos(turn))
        return [(x, y), (x + down[0], y + down[1]), (x + down[0] + across[0], y + down[1] + across[1]), (x + across[0], y + across[1])]

    @property
    def line(self):
        """The points of a point, a polyline or a spline; `None` of anything else."""
        value = self.raw.get(self.kind)
        if self.kind == "point":
            return points_of([value])
        if self.kind == "polyline":
            return points_of(value)
        if self.kind == "spline":
            return points_of(value.get("points") if isinstance(value, dict) else value)
        return None

    def outline(self, clip=True, filled=False):
        """What it covers, cut at the image's edges unless told otherwise, with its holes or with them `filled`; `None` when it has no area by its kind, or a coordinate is none."""
        zones = self.zones
        if zones is None or any(abs(number) > FAR for region, holes in zones for ring in (region, *holes) for point in ring for number in point):
            return None
        size = self.task.size
        outline = Outline(zones, size if clip and size else None)
        # What is nothing without its holes is no longer there.
        return Outline([(region, []) for region, _ in outline.zones]) if filled else outline

    @property
    def crosses_itself(self):
        return any(crosses_itself(open_ring(ring)) for region, holes in self.zones or [] for ring in (region, *holes))

    def is_healthy(self, clip=True):
        """Whether a converter of areas has no reason to leave it out."""
        if self.kind not in AREAS or self.schema_id not in self.task.source.classes or self.crosses_itself:
            return False
        outline = self.outline(clip)
        return outline is not None and outline.area >= 1


@dataclass
class Task:
    """An asset with its one task."""

    source: "Source"
    index: int
    raw: dict
    file_name: str
    objects: list = field(default_factory=list)
    # The size of the image, which may be known from elsewhere than the export.
    size: tuple | None = None

    @property
    def id(self):
        return self.raw["task"]["taskId"]

    @property
    def url(self):
        return self.raw["asset"]

    @property
    def relations(self):
        return [relation for relation in self.raw["task"].get("relations") or [] if relation]

    @property
    def answers(self):
        return [answer for answer in self.raw["task"].get("classifications") or [] if answer]

    @property
    def brush(self):
        return self.raw["task"].get("brushDataUrl") or None

    @property
    def voxel_brush(self):
        return self.raw["task"].get("medicalBrushDataUrl") or None

    @property
    def is_video(self):
        metadata = self.raw.get("metadata") or {}
        return bool(metadata.get("frameRate")) or (metadata.get("frameTotal") or 0) > 1

    @property
    def frames(self):
        return (self.raw.get("metadata") or {}).get("frameTotal") or 0

    @property
    def pages(self):
        return len(self.raw.get("dataset") or [])

    @property
    def is_image(self):
        """Whether it is one image and nothing else."""
        return not self.is_video and self.pages < 2 and not any(drawn.page_index for drawn in self.objects)

    @property
    def image_count(self):
        """How many images it is: its pages, or the frames with something on them."""
        if self.is_image:
            return 1
        found = {drawn.page_index for drawn in self.objects if not drawn.is_stop} | {answer["page"] for answer in self.answers if answer.get("page") is not None and not answer.get("interpolationStopped")}
        return max(1, len(found | (set() if self.is_video else set(range(self.pages)))))

    @property
    def stem(self):
        return split_suffix(self.file_name)[0]


class Source:
    """An export, and the project that it is of. `sizes` gives sizes that only the host can measure, by link."""

    def __init__(self, name, export, project=None, sizes=None):
        self.name, self.export, self.project_folder = name, Path(export), project
        self.project = json.loads((Path(project) / "project.json").read_text(encoding="utf-8")) if project else {}
        names, self.tasks = Names(), []
        self.classes = {}
        for record in read(self.export):
            task = Task(self, len(self.tasks), record, names.name(record.get("externalId") or "", record["asset"], record["task"]["taskId"]))
            metadata = record.get("metadata") or {}
            if metadata.get("width") and metadata.get("height"):
                task.size = (metadata["width"], metadata["height"])
            elif sizes and sizes(task.url):
                task.size = sizes(task.url)
            tools = [tool for tool in record["task"].get("tools") or [] if tool]
            task.objects = [Object(task, tool["objectId"], tool, tool.get("page"), at) for at, tool in enumerate(tools)]
            # Areas of documents are drawn on pages of a size of their own.
            printed = next((drawn.pdf for drawn in task.objects if drawn.kind == "pdf"), None)
            if printed and not task.size:
                task.size = (round(printed["width"]), round(printed["height"]))
            self.tasks.append(task)
        self.set_classes()
        self.by_name = {task.file_name: task for task in self.tasks}
        self.by_stem = {task.stem: task for task in self.tasks}
        self.by_flat_name = {flat(task.file_name): task for task in self.tasks}
        self.by_flat = {**self.by_flat_name, **{flat(task.stem): task for task in self.tasks}}
        self.by_id = {task.id: task for task in self.tasks}

    def set_classes(self):
        """Titles of classes by schema id, in the order of the ontology; without a project, in that of the ids."""
        if self.project:
            tools = self.project["ontology"]["tools"]
        else:
            found = {drawn.schema_id: drawn.title for drawn in self.objects(stops=True)}
            tools = [{"schemaId": schema_id, "title": title} for schema_id, title in sorted(found.items(), key=lambda item: (len(item[0]), item[0]))]
        self.tools = tools
        self.classes = {str(tool["schemaId"]): tool["title"] for tool in tools}
        self.colours = {str(tool["schemaId"]): tool.get("color") for tool in tools}

    def find(self, path):
        """The task of an image by the path of its file or of its labels, and its page or frame from 0 (`None` of a single image); `None` if there is none. Folders may be joined to the name by `__`."""
        for name in (path, split_suffix(path)[0]):
            for known, key in ((self.by_name, name), (self.by_stem, name), (self.by_flat, name)):
                if key in known:
                    return known[key], None
            folder, mark, number = name.rpartition("/") if "/" in name else name.rpartition("__")
            if number.isdigit() and len(number) >= 6:
                task = self.by_name.get(folder) or self.by_flat_name.get(folder)
                if task:
                    return task, int(number) - 1
            # A name that was too long ends with a mark of sixteen digits.
            cut, _, mark = name.rpartition("-")
            if len(mark) == 16 and len(cut.encode()) > 200:
                task = next((task for known, task in self.by_flat.items() if known.startswith(cut)), None)
                if task:
                    return task, None
        return None

    @property
    def titles(self):
        """What the classes of the ontology are called, in its order; classes of one title are one."""
        return list(dict.fromkeys(self.classes.values()))

    @property
    def numbers(self):
        """The place of each class in `titles`, by schema id."""
        titles = self.titles
        return {schema: titles.index(title) for schema, title in self.classes.items()}

    def objects(self, stops=False):
        return [drawn for task in self.tasks for drawn in task.objects if stops or not drawn.is_stop]


def read(path):
    """The records of an export: a zip, JSON or NDJSON, compressed or not."""
    data = path.read_bytes()
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as opened:
            data = opened.read(opened.namelist()[0])
    if path.suffix == ".gz":
        data = gzip.decompress(data)
    if data.lstrip()[:1] == b"[":
        return json.loads(data)
    # Not `splitlines`: a text may hold other line ends.
    return [json.loads(line) for line in data.split(b"\n") if line.strip()]
