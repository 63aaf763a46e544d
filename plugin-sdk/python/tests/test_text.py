"""JSON by hand and instants, compared with what the Rust SDK writes."""

import json
import unittest

from ango_plugin import OtherAnswer, jsontext, timestamp

from . import vectors


class Texts(unittest.TestCase):
    cases = vectors.load("text.json")

    def test_strings_are_escaped_as_the_rust_sdk_does(self) -> None:
        for text, written in self.cases["string"]:
            self.assertEqual(jsontext.format_string(text), written)
            self.assertEqual(json.loads(written), text)

    def test_answers_are_written_as_the_rust_sdk_does(self) -> None:
        for kind, given, written in self.cases["answer"]:
            answer = {"number": lambda: vectors.number(given), "other": lambda: OtherAnswer(given)}.get(kind, lambda: given)()
            self.assertEqual(jsontext.format_answer(answer), written, kind)

    def test_instants_are_written_and_read_as_the_rust_sdk_does(self) -> None:
        for instant, text, year in self.cases["format-iso"]:
            self.assertEqual((timestamp.format_iso(instant), timestamp.year(instant)), (text, year))
        for text, instant in self.cases["parse-iso"]:
            self.assertEqual(timestamp.parse_iso(text), instant, text)
