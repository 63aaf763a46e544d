"""Numbers as text, compared with what the Rust SDK writes."""

import math
import unittest
import zlib
from collections.abc import Callable

from ango_plugin import number

from . import vectors
from .vectors import Random, bits


class Numbers(unittest.TestCase):
    cases = vectors.load("number.json")

    def test_the_shortest_text_is_that_of_the_rust_sdk(self) -> None:
        for given, text in self.cases["f64"]:
            self.assertEqual(number.format_f64(vectors.number(given)), text, given)

    def test_rounded_text_is_that_of_the_rust_sdk(self) -> None:
        for given, decimals, text in self.cases["rounded"]:
            value = vectors.number(given)
            self.assertEqual(number.format_rounded(value, decimals), text, (value, decimals))
            self.assertEqual(number.join_rounded(" ", [value, value], decimals), f"{text} {text}", (value, decimals))

    def test_rounded_values_and_units_are_those_of_the_rust_sdk(self) -> None:
        for given, decimals, value in self.cases["value"]:
            self.assertEqual(bits(number.rounded(vectors.number(given), decimals)), value, (given, decimals))
        for given, text, millionths in self.cases["unit"]:
            self.assertEqual((number.format_unit(vectors.number(given)), number.millionths(vectors.number(given))), (text, millionths), given)

    def test_hundreds_of_thousands_of_random_numbers_are_written_the_same(self) -> None:
        write: dict[str, Callable[[float, int], str]] = {
            "f64": lambda value, _: number.format_f64(value),
            "rounded": number.format_rounded,
            "six-decimals": lambda value, at: number.join_rounded(",", (value, value, value, value), 6).split(",")[at % 4],
            "unit": lambda value, _: number.format_unit(value),
            "shortest-of-rounded": lambda value, decimals: number.format_f64(number.rounded(value, decimals)),
        }
        for name, seed, count, expected in self.cases["digest"]:
            random = Random(seed)
            one = write[name]
            # The values are drawn before the decimals, as in Rust.
            lines = [f"{one(random.number(), random.below(17))}\n" for _ in range(count)]
            self.assertEqual(zlib.crc32("".join(lines).encode()), expected, name)

    def test_boxes_are_joined_as_their_numbers_are_written(self) -> None:
        random = Random(7)
        for _ in range(20_000):
            box = [random.unit() * 4200.0 if random.below(9) else random.number() for _ in range(4)]
            for decimals in (6, 2):
                expected = ";".join(number.format_rounded(value, decimals) for value in box)
                self.assertEqual(number.join_rounded(";", box, decimals), expected, box)

    def test_short_numbers_are_joined_as_rounded_ones_are(self) -> None:
        random = Random(8)
        for _ in range(20_000):
            numbers = [(random.unit() * 12_000.0 - 100.0 if random.below(9) else random.number()) for _ in range(4 if random.below(5) else random.below(9))]
            decimals = random.below(7)
            short = [number.rounded(value, decimals) + 0.0 for value in numbers]
            expected = "%".join(number.format_rounded(value, decimals) for value in numbers if abs(value) < 1e9)
            self.assertEqual(number.join_short("%", [value for value in short if abs(value) < 1e9]), expected, numbers)

    def test_whole_numbers_and_what_is_no_number(self) -> None:
        self.assertEqual(number.format_rounded(3, 2), "3")
        self.assertEqual(number.format_f64(10**20), "1e+20")
        self.assertEqual(number.format_rounded(math.nan, 6), "null")
        self.assertEqual(number.join_rounded(",", [], 6), "")
