"""Runs in memory: what converters see, what becomes of their files, losses and exceptions."""

import csv
import unittest
from typing import Any

from ango_plugin import AssetError, Converter, Export, Info, InputError, OptionError
from ango_plugin.conversion import Convert, _registered, converter, registered
from ango_plugin.testkit import Assets, Lost, TestKit

EXPORT = "\n".join(
    f'{{"asset":"https://x.test/{name}.jpg","externalId":"{name}.jpg","metadata":{{"width":10}},"batches":["north"],'
    f'"task":{{"taskId":"{name}","stage":"Complete","tools":[{{"point":[1,2],"objectId":"o","schemaId":"s","title":"T"}}],'
    f'"stageHistory":[{{"stage":"Label","tools":[]}}]}}}}'
    for name in "abc"
)


def made(convert: Convert, **info: Any) -> Converter:
    return Converter(Info(**({"name": "x", "version": "1.0.0", "title": "X", "format": "X"} | info)), convert)


class Runs(unittest.TestCase):
    def run_converter(self, convert: Convert, options: Any = "{}", kit: dict[str, Any] | None = None, **info: Any) -> Any:
        return TestKit.from_json(EXPORT, **(kit or {})).run(made(convert, **info), options)

    def test_files_are_written_by_all_shards(self) -> None:
        def convert(options: dict[str, Any], export: Export) -> None:
            if export.is_first_shard:
                export.archive.add("name.txt", export.project.tools[0].title)
                export.archive.section("all.txt", 0).close()
            with export.archive.section("all.txt", 1, separator=";") as out, export.archive.open(f"shard-{export.shard}.csv") as rows:
                for task in export:
                    out.write(task.task_id)
                    csv.writer(rows).writerow([task.index, "é"])
            with export.archive.section("all.txt", 2, mode="wb") as data:
                data.write(b"\xff")

        outcome = self.run_converter(convert, kit={"shard_size": 2})
        self.assertIsNone(outcome.failed)
        self.assertEqual(outcome.files["all.txt"], b"ab;c\xff\xff")
        self.assertEqual(outcome.files["shard-0.csv"], "0,é\r\n1,é\r\n".encode())
        self.assertEqual(outcome.text("name.txt"), "T")

    def test_a_sequential_converter_sees_one_shard(self) -> None:
        def convert(options: dict[str, Any], export: Export) -> None:
            export.archive.add(f"{export.shard}.txt", "".join(task.task_id for task in export))

        self.assertEqual(self.run_converter(convert, kit={"shard_size": 1}, sequential=True).files, {"0.txt": b"abc"})

    def test_large_files_go_out_in_pieces_and_whole(self) -> None:
        def convert(options: dict[str, Any], export: Export) -> None:
            list(export)
            with export.archive.open("a.txt") as out:
                for number in range(200_000):
                    out.write(f"{number}\n")

        data = self.run_converter(convert).files["a.txt"]
        self.assertEqual(data, "".join(f"{number}\n" for number in range(200_000)).encode())

    def test_history_is_there_when_asked_for(self) -> None:
        def convert(options: dict[str, Any], export: Export) -> None:
            export.archive.add("n.txt", str(sum(len(task.history) for task in export)))

        self.assertEqual(self.run_converter(convert).text("n.txt"), "0")
        self.assertEqual(self.run_converter(convert, history=True).text("n.txt"), "3")

    def test_losses_and_logs_are_kept(self) -> None:
        def convert(options: dict[str, Any], export: Export) -> None:
            for task in export:
                export.lost(task, task.annotations.objects[0], "no-points", "has no area")
                export.lost(task.index, None, "size-missing")
                export.log("warning", task.task_id)

        outcome = self.run_converter(convert)
        self.assertEqual(outcome.lost[:2], [Lost(0, "o", "no-points", "has no area"), Lost(0, None, "size-missing", "")])
        self.assertEqual((outcome.codes(), [log.message for log in outcome.logs]), ({"no-points": 3, "size-missing": 3}, ["a", "b", "c"]))

    def test_assets_answer_when_they_are_granted(self) -> None:
        def convert(options: dict[str, Any], export: Export) -> None:
            for task in export:
                try:
                    export.log("info", str(export.asset_size(task.asset.url)))
                    export.log("info", str(export.asset_bytes(task.asset.url)))
                except AssetError as error:
                    export.log("error", str(error))

        messages = [log.message for log in self.run_converter(convert).logs]
        self.assertEqual(messages, ["denied"] * 3)
        assets = Assets({"https://x.test/a.jpg": (3, 4), "https://x.test/b.jpg": AssetError("failed", "no route")}, {"https://x.test/a.jpg": b"x"})
        messages = [log.message for log in self.run_converter(convert, kit={"assets": assets}).logs]
        self.assertEqual(messages, ["(3, 4)", "b'x'", "failed: no route", "not-found"])


class Failures(unittest.TestCase):
    run_converter = Runs.run_converter

    def failure(self, convert: Convert, options: Any = "{}", **info: Any) -> Any:
        return self.run_converter(convert, options, **info).failed

    def test_an_exception_names_the_line_of_the_author(self) -> None:
        def convert(options: dict[str, Any], export: Export) -> None:
            for task in export:
                helper(task.task_id)

        def helper(text: str) -> None:
            int(text)

        failed = self.failure(convert)
        line = helper.__code__.co_firstlineno + 1
        first, *traceback = failed.splitlines()
        self.assertEqual(first, f"ValueError: invalid literal for int() with base 10: 'a' (tests/test_run.py, line {line})")
        self.assertEqual(traceback[0], "Traceback (most recent call last):")
        self.assertIn(f'  File "tests/test_run.py", line {line - 3}, in convert', traceback)
        self.assertIn("    int(text)", traceback)
        self.assertNotIn("ango_plugin", failed)

    def test_a_fault_inside_the_sdk_is_told_at_the_line_that_called_it(self) -> None:
        def convert(options: dict[str, Any], export: Export) -> None:
            export.archive.open("a.txt", "r")  # type: ignore[call-overload]

        failed = self.failure(convert)
        self.assertIn(f"'wb' (tests/test_run.py, line {convert.__code__.co_firstlineno + 1})", failed)

    def test_causes_are_told_and_long_messages_cut(self) -> None:
        def convert(options: dict[str, Any], export: Export) -> None:
            try:
                raise KeyError("inner")
            except KeyError as error:
                raise ValueError("long" * 5000) from error

        failed = self.failure(convert)
        self.assertTrue(failed.startswith("ValueError: longlong"))
        self.assertLess(len(failed), 8000)

        def convert_more(options: dict[str, Any], export: Export) -> None:
            try:
                {}["inner"]
            except KeyError as error:
                raise ValueError("outer") from error

        self.assertRegex(self.failure(convert_more), r"(?s)^ValueError: outer \(.*KeyError: 'inner'.*direct cause.*ValueError: outer$")

    def test_leaving_and_recursion_are_failures(self) -> None:
        def convert(options: dict[str, Any], export: Export) -> None:
            raise SystemExit(3)

        self.assertIn("SystemExit: 3", self.failure(convert))

        def deep(options: dict[str, Any], export: Export) -> None:
            deep(options, export)

        self.assertIn("RecursionError", self.failure(deep))

    def test_failures_of_the_contract_stay_what_they_are(self) -> None:
        def option(options: dict[str, Any], export: Export) -> None:
            raise OptionError("/classes/0", "is none")

        def input(options: dict[str, Any], export: Export) -> None:
            raise InputError("no classes")

        failed = self.failure(option)
        self.assertEqual((type(failed), failed.pointer, failed.reason), (OptionError, "/classes/0", "is none"))
        failed = self.failure(input)
        self.assertEqual((type(failed), failed.reason), (InputError, "no classes"))

    def test_files_that_are_left_open_fail_the_run(self) -> None:
        kept = []

        def convert(options: dict[str, Any], export: Export) -> None:
            list(export)
            kept.append(export.archive.open("a.txt"))

        self.assertEqual(self.failure(convert), "file `a.txt` was not closed: open it with `with`, or call its `close`")

    def test_rules_of_the_contract_are_kept_to(self) -> None:
        def add(*paths: str) -> Convert:
            def convert(options: dict[str, Any], export: Export) -> None:
                list(export)
                for path in paths:
                    export.archive.add(path, b"")

            return convert

        for paths, reason in [
            (["../a"], "add: path `../a` has `..` in it"),
            (["a", "a"], "add: path `a` is already used"),
            (["a", "A"], "add: path `A` is the same file as `a` on some systems"),
            (["aux.txt"], "Windows reserves"),
            (["a\\b"], "has the character '\\\\' in it"),
            (["x" * 256], "has a name of 256 bytes in it, 255 are allowed"),
        ]:
            self.assertIn(reason, self.failure(add(*paths)))

        def section(options: dict[str, Any], export: Export) -> None:
            list(export)
            export.archive.section("a", 0, "x" * 17)

        self.assertIn("17 bytes long", self.failure(section))

        def code(options: dict[str, Any], export: Export) -> None:
            list(export)
            export.lost(0, None, "Not Kebab")

        self.assertIn("`Not Kebab` is not kebab-case", self.failure(code))
        self.assertIn("without reading to the end", self.failure(lambda options, export: None))


class Options(unittest.TestCase):
    SCHEMA = {
        "type": "object",
        "properties": {
            "a": {"type": "integer", "default": 3},
            "b": {"type": "string"},
            "list": {"type": "array", "items": {"type": "object", "properties": {"x": {"default": 1}}}},
            "deep": {"type": "object", "default": {}, "properties": {"y": {"default": [1]}}},
        },
    }

    def options(self, text: Any) -> Any:
        seen: list[Any] = []

        def convert(options: dict[str, Any], export: Export) -> None:
            list(export)
            seen.append(options)

        failed = TestKit.from_json(EXPORT).run(made(convert, options_schema=self.SCHEMA), text).failed
        return failed or seen[0]

    def test_defaults_are_filled_in(self) -> None:
        self.assertEqual(self.options("{}"), {"a": 3, "deep": {"y": [1]}})
        self.assertEqual(self.options(""), {"a": 3, "deep": {"y": [1]}})
        self.assertEqual(
            self.options({"a": 4, "b": "x", "list": [{}, {"x": 2}, 5]}), {"a": 4, "b": "x", "list": [{"x": 1}, {"x": 2}, 5], "deep": {"y": [1]}}
        )
        self.assertEqual(self.options("{}")["deep"]["y"], [1])

    def test_what_is_no_object_is_refused(self) -> None:
        self.assertEqual((self.options("[1]").reason, self.options("{").pointer), ("is no object", ""))


class Registering(unittest.TestCase):
    def test_exactly_one_function_or_class_is_the_converter(self) -> None:
        before, _registered[:] = _registered[:], []
        self.addCleanup(lambda: _registered.__setitem__(slice(None), before))
        info = Info(name="x", version="1.0.0", title="X", format="X")
        with self.assertRaisesRegex(LookupError, "0 converters are there"):
            registered()

        @converter(info)
        class Counting:
            def __init__(self) -> None:
                self.seen = 0

            def convert(self, options: dict[str, Any], export: Export) -> None:
                self.seen += sum(1 for _ in export)
                export.archive.add(f"{export.shard}.txt", str(self.seen))

        # Made anew for every run, as a fresh instance would be.
        self.assertEqual(TestKit.from_json(EXPORT, shard_size=2).run().files, {"0.txt": b"2", "1.txt": b"1"})
        converter(info)(lambda options, export: None)
        with self.assertRaisesRegex(LookupError, "2 converters are there"):
            registered()


class Counted(unittest.TestCase):
    def test_losses_beyond_the_first_hundred_are_counted(self) -> None:
        from ango_plugin.losses import Losses

        losses = Losses()
        self.assertEqual(sum(losses.count("a") for _ in range(250)), 100)
        self.assertTrue(losses.count("b"))
        self.assertEqual(losses.take_untold(), [("a", 150)])
        self.assertTrue(all(losses.count(f"c{number}") and losses.count(f"c{number}") for number in range(1000)))
        self.assertEqual(losses.take_untold(), [])
