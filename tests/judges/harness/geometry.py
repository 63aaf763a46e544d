"""Areas, clipping and masks, written without a look at the converters' own. Points are pairs in pixels; a zone is a region and its holes."""

import math

import numpy

# A coordinate beyond this is none.
FAR = 1e9


def open_ring(ring):
    ring = list(map(tuple, ring))
    while len(ring) > 1 and ring[0] == ring[-1]:
        ring.pop()
    return ring


def shoelace(ring):
    if len(ring) < 3:
        return 0.0
    x0, y0 = ring[0]
    moved = [(x - x0, y - y0) for x, y in ring]
    return abs(math.fsum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in zip(moved, moved[1:] + moved[:1]))) / 2


def clip_ring(ring, width, height):
    """The part of a ring inside the image, by Sutherland and Hodgman."""
    for axis, limit, sign in ((0, 0.0, 1), (0, float(width), -1), (1, 0.0, 1), (1, float(height), -1)):
        result = []
        for a, b in zip(ring[-1:] + ring[:-1], ring):
            inside_a, inside_b = sign * (a[axis] - limit) >= 0, sign * (b[axis] - limit) >= 0
            if inside_a != inside_b:
                share = (limit - a[axis]) / (b[axis] - a[axis])
                cut = [a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])]
                cut[axis] = limit
                result.append(tuple(cut))
            if inside_b:
                result.append(tuple(b))
        ring = result
    return ring


def clip_line(points, width, height):
    """The pieces of a line (or of a point) that are in the image, by Liang and Barsky."""
    if len(points) == 1:
        (x, y), = points
        return [points] if 0 <= x <= width and 0 <= y <= height else []
    pieces = []
    for (x0, y0), (x1, y1) in zip(points, points[1:]):
        low, high = 0.0, 1.0
        for start, delta, limit in ((x0, x1 - x0, width), (y0, y1 - y0, height)):
            if delta == 0:
                if not 0 <= start <= limit:
                    low, high = 1.0, 0.0
                continue
            a, b = sorted(((0 - start) / delta, (limit - start) / delta))
            low, high = max(low, a), min(high, b)
        if low > high or (low == high and (x0, y0) != (x1, y1)):
            continue
        start, end = (x0 + low * (x1 - x0), y0 + low * (y1 - y0)), (x0 + high * (x1 - x0), y0 + high * (y1 - y0))
        if pieces and low == 0:
            pieces[-1].append(end)
        else:
            pieces.append([start, end])
    return pieces


def crosses_itself(ring):
    """Whether two edges of a ring that are not neighbours cross. Rings of many points are not looked at."""
    if len(ring) > 60:
        return False
    edges = list(zip(ring, ring[1:] + ring[:1]))
    side = lambda a, b, c: (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
    for at, (a, b) in enumerate(edges):
        for c, d in edges[at + 2 :]:
            if side(a, b, c) * side(a, b, d) < 0 and side(c, d, a) * side(c, d, b) < 0:
                return True
    return False


class Outline:
    """Area and box of zones, of the whole or of what lies inside an image of a size."""

    def __init__(self, zones, size=None):
        cut = (lambda ring: clip_ring(open_ring(ring), *size)) if size else open_ring
        parts = [(cut(region), [cut(hole) for hole in holes if len(open_ring(hole)) > 2]) for region, holes in zones]
        area = lambda region, holes: shoelace(region) - math.fsum(shoelace(hole) for hole in holes)
        self.zones = [(region, [hole for hole in holes if shoelace(hole) > 0]) for region, holes in parts if len(region) > 2 and area(region, holes) > 1e-9]
        self.area = math.fsum(area(region, holes) for region, holes in self.zones)
        points = [point for region, _ in self.zones for point in region]
        xs, ys = [x for x, _ in points], [y for _, y in points]
        self.box = (min(xs), min(ys), max(xs), max(ys)) if points else None

    @property
    def perimeter(self):
        return math.fsum(math.dist(a, b) for region, holes in self.zones for ring in (region, *holes) for a, b in zip(ring, ring[1:] + ring[:1]))

    @property
    def has_holes(self):
        return any(holes for _, holes in self.zones)


def fill_ring(ring, width, height):
    """Pixels whose centre is in a ring, by the even-odd rule."""
    mask = numpy.zeros((height, width), bool)
    points = numpy.asarray(ring, float)
    if len(points) < 3:
        return mask
    x0, y0 = points.T
    x1, y1 = numpy.roll(points, -1, axis=0).T
    low, high = max(0, int(math.floor(y0.min()))), min(height, int(math.ceil(y0.max())) + 1)
    for row in range(low, high):
        y = row + 0.5
        crossing = (y0 <= y) != (y1 <= y)
        if not crossing.any():
            continue
        xs = numpy.sort(x0[crossing] + (y - y0[crossing]) * (x1[crossing] - x0[crossing]) / (y1[crossing] - y0[crossing]))
        for start, end in zip(xs[::2], xs[1::2]):
            mask[row, max(0, math.ceil(start - 0.5)) : max(0, math.ceil(end - 0.5))] = True
    return mask


def fill(zones, width, height):
    """The pixels of zones: of each region without its holes."""
    mask = numpy.zeros((height, width), bool)
    for region, holes in zones:
        part = fill_ring(region, width, height)
        for hole in holes:
            part &= ~fill_ring(hole, width, height)
        mask |= part
    return mask


def overlap(a, b):
    """Intersection over union of two masks; 1 of two empty ones."""
    union = numpy.count_nonzero(a | b)
    return numpy.count_nonzero(a & b) / union if union else 1.0


def mask_is_of(found, outline, width, height, slack=1.0):
    """Whether a mask is that of an outline, but for `slack` pixels along its edge."""
    expected = fill(outline.zones, width, height)
    return numpy.count_nonzero(found ^ expected) <= slack * outline.perimeter + 4


def repaired_tolerance(outline):
    """An outline that crosses itself, or whose parts overlap, is repaired, and has another area than the formula of areas gives."""
    from shapely import MultiPolygon

    return 1e-4 if MultiPolygon(outline.zones).is_valid else math.inf
