"""Each folder beside this file is a test: `input.ndjson` is converted with `options.json`, and the files in `expected` must come out, whether the tasks come in one shard or one by
one. `python3 -m ango_plugin test --bless` writes what comes out into `expected`."""

import unittest
from pathlib import Path

import plugin  # noqa: F401  # registers the converter
from ango_plugin.testkit import golden


class Golden(unittest.TestCase):
    def test_folders(self) -> None:
        folders = golden.folders(Path(__file__).parent)
        self.assertTrue(folders)
        for folder in folders:
            with self.subTest(folder.name):
                self.assertIsNone(golden.problem(folder))
