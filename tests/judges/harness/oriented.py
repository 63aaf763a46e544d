"""Which object a turned rectangle is of: the one that it holds, with a point of it on each side."""

from math import dist, inf

from .match import is_class


def match_corners(source, verdict, report, rows, tolerance):
    """Finds the object of each row with `corners`, and counts it as kept. Of a box, turned or not, the rectangle is the box; of an outline any that holds it all and is not larger
    than it needs to be along its sides. Both may be of what lies in the image, or of the whole."""
    used = set()
    for row in rows:
        best, near = None, inf
        for one in row.task.objects:
            if one.is_stop or one.key in used or (row.page is not None and one.page_index != row.page) or not is_class(source, row.name, one, "name-changed" in report.codes):
                continue
            far = min((around(row.corners, points) for points in outlines(one)), default=inf)
            reported = bool(report.absent(row.task.index, one.id))
            if far <= tolerance and (best is None or (reported, far) < near):
                best, near = one, (reported, far)
        if verdict.check(best is not None, f"{row.where}: {row.name!r} with the corners {[tuple(round(edge, 3) for edge in corner) for corner in row.corners]} is of no object of task {row.task.index}"):
            used.add(best.key)
            row.drawn = best
            verdict.kept[best.key] += 1


def outlines(one):
    for clip in (True, False):
        outline = one.outline(clip)
        if outline and outline.zones:
            yield [point for region, _ in outline.zones for point in region]


def around(corners, points):
    """How far points are outside a rectangle, or its sides from the nearest of them."""
    worst = 0.0
    middle = (sum(x for x, _ in corners) / 4, sum(y for _, y in corners) / 4)
    for (x0, y0), (x1, y1) in zip(corners, [*corners[1:], corners[0]]):
        length = dist((x0, y0), (x1, y1))
        if length < 1e-9:
            return inf
        side = lambda x, y: ((x1 - x0) * (y - y0) - (y1 - y0) * (x - x0)) / length
        inwards = 1 if side(*middle) > 0 else -1
        inside = [inwards * side(x, y) for x, y in points]
        worst = max(worst, -min(inside), min(inside))
    return worst
