"""What an image looks like when its objects are drawn one over the other: which is on top at each pixel."""

import math

import numpy

from edge.assets import COLOURS, grass_and_road, unknown_colour
from edge.ontology import schema_id

from .geometry import fill


def stroke(points, width, size):
    """Pixels whose centre is not farther from a line (or a point) than half its width."""
    columns, rows = numpy.arange(size[0]) + 0.5, numpy.arange(size[1])[:, None] + 0.5
    mask = numpy.zeros((size[1], size[0]), bool)
    pairs = list(zip(points, points[1:])) or [(points[0], points[0])]
    for (x0, y0), (x1, y1) in pairs:
        along, length = (x1 - x0, y1 - y0), (x1 - x0) ** 2 + (y1 - y0) ** 2
        share = numpy.clip(((columns - x0) * along[0] + (rows - y0) * along[1]) / length, 0, 1) if length else 0.0
        mask |= (columns - x0 - share * along[0]) ** 2 + (rows - y0 - share * along[1]) ** 2 <= (width / 2) ** 2
    return mask


def covered(drawn, size, line_width=None, point_size=None):
    """The pixels of one object; `None` of what cannot be drawn."""
    outline = drawn.outline(True) if drawn.kind != "pdf" else None
    if outline:
        return fill(outline.zones, *size)
    if drawn.line and drawn.kind == "point" and point_size:
        return stroke(drawn.line, point_size, size)
    if drawn.line and drawn.kind != "point" and line_width:
        return stroke(drawn.line, line_width, size)
    return None


def paint(objects, size, line_width=None, point_size=None):
    """The number of the topmost object at each pixel, counted from 1, in drawing order; and each object's pixels."""
    top, masks = numpy.zeros((size[1], size[0]), int), []
    for number, drawn in enumerate(objects, 1):
        mask = covered(drawn, size, line_width, point_size)
        masks.append(mask)
        if mask is not None:
            top[mask] = number
    return top, masks


def slack(drawn):
    """How many pixels along the edge of an object may be decided otherwise."""
    outline = drawn.outline(True)
    if outline:
        return outline.perimeter + 4
    line = drawn.line or []
    return 2 * math.fsum(math.dist(a, b) for a, b in zip(line, line[1:])) + 20


def brush_of(task):
    """What the brush painted on a task of the edge-case project, by the schema id of the class."""
    made = {"grass.jpg": grass_and_road, "brush-unknown-colour.jpg": unknown_colour}.get(task.file_name)
    if not made or task.source.name not in ("edge", "few"):
        return {}
    pixels = made()
    painted = {schema_id(key): (pixels == [*bytes.fromhex(COLOURS[key][1:]), 255]).all(axis=2) for key in ("grass", "road")}
    return {schema: mask for schema, mask in painted.items() if mask.any()}
