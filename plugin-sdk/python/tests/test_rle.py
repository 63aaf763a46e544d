"""Masks, compared with those of the Rust SDK, which are those of the COCO tools."""

import unittest

from ango_plugin.rle import Rle, RleError

from . import vectors
from .vectors import numbers


class Masks(unittest.TestCase):
    cases = vectors.load("rle.json")

    def test_masks_are_those_of_the_rust_sdk(self) -> None:
        for zones, width, height, expected in self.cases["zones"] + self.cases["hostile"]:
            drawn = [(numbers(region), [numbers(hole) for hole in holes]) for region, holes in zones]
            try:
                mask = Rle.from_zones(drawn, width, height)
            except RleError as error:
                self.assertEqual(error.kind, expected)
                continue
            self.assertEqual([mask.to_compressed(), mask.area], expected)
            self.assertEqual(Rle.from_compressed(expected[0], width, height), mask)
            if len(drawn) == 1 and not drawn[0][1]:
                self.assertEqual(Rle.from_ring(drawn[0][0], width, height), mask)

    def test_masks_are_united_and_subtracted(self) -> None:
        for one, other, width, height, union, rest in self.cases["pair"]:
            a, b = Rle.from_compressed(one, width, height), Rle.from_compressed(other, width, height)
            self.assertEqual((a.union(b).to_compressed(), a.subtract(b).to_compressed()), (union, rest))
            pixels = [x or y for x, y in zip(a.pixels(), b.pixels(), strict=True)]
            self.assertEqual(a.union(b).pixels(), pixels)

    def test_malformed_texts_are_refused(self) -> None:
        for text, width, height, expected in self.cases["read"]:
            try:
                self.assertEqual(Rle.from_compressed(text, width, height).counts, expected, text)
            except RleError as error:
                self.assertEqual(error.kind, expected, text)

    def test_not_a_number_is_an_error(self) -> None:
        with self.assertRaisesRegex(RleError, "not finite"):
            Rle.from_ring([float("nan"), 1.0, 5.0, 1.0, 5.0, 5.0], 10, 10)
