"""Which object of the source a row of the output is of, for formats that keep no ids: the one of the same image and class with the same box."""

import math
import re
import unicodedata
from dataclasses import dataclass

from .geometry import clip_line, mask_is_of


@dataclass
class Row:
    """One object as a judge read it. Coordinates are in pixels from the top-left corner of the image."""

    task: object
    # The class's name, its position in the ontology, or `None` when the format does not tell.
    name: str | int | None
    # Left, top, right, bottom.
    box: tuple | None = None
    area: float | None = None
    mask: object = None
    # The points of a point or a line.
    line: list | None = None
    page: int | None = None
    # The object's id, where the format keeps it.
    id: str | None = None
    where: str = ""
    # How much farther its edges may be off, because it is made of whole pixels.
    rounded: float = 0.0
    # The object that it was found to be of.
    drawn: object = None


def plain(name):
    """A name without what formats cannot hold."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", name)).lower()


def is_class(source, row_name, drawn, loose):
    if row_name is None:
        return True
    if isinstance(row_name, int):
        return source.numbers.get(drawn.schema_id) == row_name
    title = source.classes.get(drawn.schema_id, drawn.title)
    if row_name == title:
        return True
    # Of names that become the same, all but the first end with a number.
    return loose and (plain(row_name) == plain(title) or plain(re.sub(r"_\d+$", "", row_name)) == plain(title) or not plain(title))


def match(source, verdict, report, rows, tolerance, clip=True, area_tolerance=None, names=None, widen=None, slack=1.5, filled=False):
    """Finds the object of each row, and counts it as kept.

    `tolerance` is how far an edge may be off, in pixels (or a function of the task that says so). `names` says what a row's name is in the source. `widen` makes of the true box
    those that the format can hold; with `filled`, holes are covered. A row of no object is a fault.
    """
    loose = "name-changed" in report.codes
    by_task = {}
    for row in rows:
        by_task.setdefault(row.task.index, []).append(row)
    for index, of_task in by_task.items():
        task = source.tasks[index]
        free = [drawn for drawn in task.objects if not drawn.is_stop]
        allowed = tolerance(task) if callable(tolerance) else tolerance
        for row in of_task:
            best, how_far, nearest = None, math.inf, math.inf
            for drawn in free:
                if row.id is not None and row.id != drawn.id:
                    continue
                if row.page is not None and drawn.page_index != row.page:
                    continue
                if not is_class(source, row.name if names is None else names(row.name), drawn, loose):
                    continue
                # What is kept outside may be cut all the same, if that is said.
                far = distance(row, drawn, clip or "clipped" in report.of_object.get((index, drawn.id), ()), widen)
                nearest = min(nearest, far)
                # Of those that it can be, one that is not reported as absent, and the nearest of these.
                fits = far <= allowed + row.rounded + loosened(report, drawn)
                if fits and (best is None or (bool(report.absent(index, drawn.id)), far) < (bool(report.absent(index, best.id)), how_far)):
                    best, how_far = drawn, far
            if best is None:
                shown = tuple(round(edge, 3) for edge in row.box) if row.box else row.line
                near = f"; the nearest is {nearest:.4g} pixels off" if math.isfinite(nearest) else ""
                verdict.faults.append(f"{row.where}: a row of class {row.name!r} with the box {shown} is of no object of task {index}{near}")
                continue
            if not report.says(index, best.id, {"parts-split"}):
                free.remove(best)
            row.drawn = best
            verdict.kept[best.key] += 1
            if not report.says(index, best.id, {"part-dropped"}):
                check_inside(verdict, row, best, clip or "clipped" in report.of_object.get((index, best.id), ()), area_tolerance, slack, filled)


def loosened(report, drawn):
    """How much farther off the edges of an object may be, because something is said of it: bridged rings are thinned, and small parts may be left out."""
    codes = report.of_object.get((drawn.task.index, drawn.id), ())
    if "part-dropped" in codes:
        return 0.1 * max(drawn.task.size or (0, 0))
    return 0.05 if {"hole-bridged", "parts-bridged"} & set(codes) else 0.0


def distance(row, drawn, clip, widen):
    """The largest difference of two edges."""
    if row.line is not None:
        if drawn.line is None:
            return math.inf
        pieces = clip_line(drawn.line, *drawn.task.size) if clip and drawn.task.size else [drawn.line]
        # Of a line that leaves the image and comes back there may be a row for each piece, or one for all.
        return min((line_distance(row.line, piece) for piece in [*pieces, [point for piece in pieces for point in piece]]), default=math.inf)
    outline = drawn.outline(clip)
    box = outline.box if outline else None
    if drawn.line and not row.id:
        return math.inf
    if box is None or row.box is None:
        # Nothing to compare: an id alone tells.
        return 0.0 if row.id is not None and row.box is None else math.inf
    return min(max(abs(a - b) for a, b in zip(row.box, one)) for one in (widen(box) if widen else [box]))


def line_distance(a, b):
    if len(a) != len(b):
        return math.inf
    return max((abs(one - other) for found, point in zip(a, b) for one, other in zip(found, point)), default=0.0)


def check_inside(verdict, row, drawn, clip, area_tolerance, slack, filled):
    outline = drawn.outline(clip, filled)
    if outline is None or drawn.crosses_itself:
        return
    if row.area is not None and area_tolerance is not None:
        allowed = area_tolerance(outline) if callable(area_tolerance) else area_tolerance
        verdict.check(
            abs(row.area - outline.area) <= allowed * max(1.0, outline.area),
            f"{row.where}: area {row.area}, in the source {outline.area} ({drawn.kind} {drawn.id})",
        )
    if row.mask is not None:
        height, width = row.mask.shape
        verdict.check(mask_is_of(row.mask, outline, width, height, slack), f"{row.where}: the mask is not that of {drawn.kind} {drawn.id}")
