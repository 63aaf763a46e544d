"""Geometry, compared bit for bit with what the Rust SDK computes."""

import unittest

from ango_plugin import BoundingBox, Geometry, Point, Polygon, RotatedBox, Segmentation, VoxelBrush, Zone
from ango_plugin.geometry import (
    Bounds,
    Extent,
    Shape,
    Unusable,
    area_with_holes,
    bridge,
    clip_ring,
    open_ring,
    rotated_corners,
    signed_area,
    simplify,
    usable,
)

from . import vectors
from .vectors import bits, numbers

SIZE = (200.0, 120.0)


class Rings(unittest.TestCase):
    cases = vectors.load("geometry.json") | vectors.load("rings.json")

    def test_rectangles_and_areas(self) -> None:
        for given, is_usable, opened, area, extent in self.cases["basics"]:
            path = numbers(given)
            self.assertEqual((usable(path), bits(open_ring(path)), bits(signed_area(path))), (is_usable, opened, area), path)
            found = Extent.of(path)
            if found is None:
                self.assertIsNone(extent)
                continue
            edges = bits((found.x0, found.y0, found.x1, found.y1, found.area))
            self.assertEqual([edges, found.is_inside(*SIZE), bits(found.clipped(*SIZE).ring())], extent)

    def test_holes_are_subtracted(self) -> None:
        for rings, area in self.cases["holes"]:
            region, *holes = map(numbers, rings)
            self.assertEqual(bits(area_with_holes(region, holes)), area)

    def test_rings_are_clipped(self) -> None:
        for given, what, left in self.cases["clip"]:
            clip = clip_ring(numbers(given), *SIZE)
            found = "outside" if clip.ring is None else "cut" if clip.cut else "inside"
            self.assertEqual((found, bits(clip.ring) if found == "cut" and clip.ring else None), (what, left))

    def test_corners_of_rotated_boxes(self) -> None:
        for given, corners in self.cases["rotated-corners"]:
            for found, expected in zip(rotated_corners(*numbers(given)), numbers(corners), strict=True):
                # Sines differ in the last bit from machine to machine.
                self.assertAlmostEqual(found, expected, 12)

    def test_rings_are_simplified(self) -> None:
        for given, most, left in self.cases["simplify"]:
            self.assertEqual(bits(simplify(numbers(given), most)), left)

    def test_rings_are_bridged(self) -> None:
        for rings, room, ring, dropped in self.cases["bridge"]:
            joined = bridge([(numbers(one), hole) for one, hole in rings], room)
            self.assertEqual((bits(joined.ring), joined.dropped), (ring, dropped))

    def test_what_is_no_number_changes_nothing_and_ends(self) -> None:
        nan = float("nan")
        self.assertFalse(usable([0.0, nan]))
        self.assertEqual(len(simplify([nan] * 100, 5)), 10)
        self.assertEqual(bridge([([nan] * 8, False), ([0.0] * 8, True)], 100).dropped, 0)


def geometry(kind: str, given: object) -> Geometry:
    if kind == "box":
        return BoundingBox(*numbers(given))
    if kind == "rotated":
        return RotatedBox(numbers(given), 28.5, 20.0, 0.0)
    if kind == "polygon":
        return Polygon(numbers(given))
    if kind == "segmentation":
        return Segmentation([Zone(numbers(region), [numbers(hole) for hole in holes]) for region, holes in given])
    return VoxelBrush()


class Shapes(unittest.TestCase):
    cases = vectors.load("shape.json")["shape"]

    def test_shapes_are_those_of_the_rust_sdk(self) -> None:
        for (kind, given), bounds, sized, expected in self.cases:
            with self.subTest(kind=kind, bounds=bounds, sized=sized):
                try:
                    shape = Shape(geometry(kind, given), SIZE if sized else None, Bounds(bounds))
                except Unusable as fault:
                    self.assertEqual(fault.code, expected)
                    continue
                found = {
                    "rings": [[bits(ring), hole] for ring, hole in shape.rings()],
                    "area": bits(shape.area),
                    "box": bits(shape.bounding_box()),
                    "clipped": shape.is_clipped,
                    "dropped": shape.dropped_parts,
                    "parts": shape.parts,
                    "holes": shape.has_holes,
                    "zones": [len(holes) for _, holes in shape.zones()],
                }
                self.assertEqual(found, expected)

    def test_every_outcome_occurs(self) -> None:
        outcomes = {expected for *_, expected in self.cases if isinstance(expected, str)}
        self.assertEqual(outcomes, {"geometry-unsupported", "coordinates-unusable", "too-few-points", "zero-area", "out-of-bounds"})
        with self.assertRaisesRegex(Unusable, "geometry-unsupported: the object has no area"):
            Shape(Point(1.0, 2.0))
