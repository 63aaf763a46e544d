"""The kit's reader of V3 JSON, file names and derived projects: as in the Rust SDK."""

import json
import unittest
from pathlib import Path

from ango_plugin import BoundingBox, Geometry, OtherAnswer, OtherGeometry, Polyline, RotatedBox, Spline, Task, VoxelBrush
from ango_plugin.testkit import ReadError, derive_project, read_tasks
from ango_plugin.testkit.portable import fault, sanitise, split_extension

from . import vectors

DATA = Path(__file__).resolve().parents[3] / "tests" / "data"


def task(tools: str, classifications: str = "") -> Task:
    text = f"""{{"asset":"https://x.test/a.jpg","externalId":"a.jpg","metadata":{{"width":10,"height":20.0,"dpi":300}},"batches":["b",null],"newKey":1,
        "task":{{"taskId":"t","stage":"Complete","updatedAt":"2023-09-01T13:02:49.271Z","tools":[{tools}],"classifications":[{classifications}],
        "brushDataUrl":"","consensusAverage":50}}}}"""
    (one,) = read_tasks(text)
    return one


def geometry(tool: str) -> Geometry:
    return task(f'{{{tool},"objectId":"o","schemaId":7,"title":"x"}}').annotations.objects[0].geometry


class Reading(unittest.TestCase):
    def test_what_the_types_do_not_know_travels_in_extra(self) -> None:
        one = task('{"point":[1,2],"objectId":"o","schemaId":7,"title":"x","lock":true}')
        self.assertEqual(json.loads(one.asset.extra or ""), {"metadata": {"dpi": 300}, "newKey": 1})
        self.assertEqual((one.extra, one.annotations.objects[0].extra), ('{"consensusAverage":50}', '{"lock":true}'))
        self.assertEqual(one.annotations.objects[0].schema_id, "7")
        self.assertEqual((one.asset.width, one.asset.height, one.asset.batches, one.annotations.brush), (10, 20, ["b"], None))

    def test_boxes_are_normalised_and_corners_computed(self) -> None:
        self.assertEqual(geometry('"bounding-box":{"x":5,"y":5,"width":-4,"height":-3}'), BoundingBox(1.0, 2.0, 4.0, 3.0))
        turned = geometry('"rotated-bounding-box":{"x":10,"y":0,"width":4,"height":2,"rotation":90}')
        assert isinstance(turned, RotatedBox)
        for found, expected in zip(turned.corners, [10.0, 0.0, 8.0, 0.0, 8.0, 4.0, 10.0, 4.0], strict=True):
            self.assertAlmostEqual(found, expected, 12)

    def test_every_documented_geometry_has_its_type(self) -> None:
        self.assertEqual(geometry('"polyline":[[1,2],[3.5,4]]'), Polyline([1.0, 2.0, 3.5, 4.0]))
        self.assertEqual(geometry('"segmentation":{"zones":[{"region":[]}]}').kind, "segmentation")
        self.assertEqual(geometry('"ner":{"start":3,"end":7,"selection":"abcd"}').kind, "ner")
        self.assertEqual(geometry('"spline":[[0,0],[1,1]]'), Spline([0.0, 0.0, 1.0, 1.0]))
        self.assertEqual(geometry('"spline":{"points":[[0,0],[1,1]],"closed":true}'), Spline([0.0, 0.0, 1.0, 1.0]))
        self.assertEqual(geometry('"spline":{"k":1}'), Spline([]))
        self.assertEqual(geometry('"medical-brush":true'), VoxelBrush())
        self.assertEqual(geometry('"circle":{"r":1}'), OtherGeometry('{"circle":{"r":1}}'))
        nested = (
            '"pdf":{"position":{"boundingRect":{"x1":1,"y1":2,"x2":3,"y2":4,"width":5,"height":6},"rects":[],"pageNumber":2},"content":{"text":"t"}}'
        )
        self.assertEqual(geometry(nested), geometry('"pdf":{"x1":1,"y1":2,"x2":3,"y2":4,"width":5,"height":6,"pageNumber":2,"text":"t"}'))

    def test_nested_classifications_are_flat_in_pre_order(self) -> None:
        def question(title: str, answer: str, nested: str = "") -> str:
            return f'{{"objectId":"c","schemaId":"s","tool":"radio","title":"{title}","answer":{answer},"classifications":[{nested}]}}'

        inner = question("b", '["x",null,"y"]', question("c", "null"))
        last = question("d", '{"k":1}')
        found = task("", f"{question('a', 'true', inner)},{last}").annotations.classifications
        self.assertEqual(
            [(one.title, one.parent, one.answer) for one in found],
            [("a", None, True), ("b", 0, ["x", "y"]), ("c", 1, None), ("d", None, OtherAnswer('{"k":1}'))],
        )

    def test_times_come_as_numbers_and_as_texts(self) -> None:
        for at in ("1686656626604", '"2023-06-13T11:43:46.604Z"'):
            one = task(f'{{"point":[1,2],"objectId":"o","schemaId":"s","title":"x","metadata":{{"createdAt":{at}}}}}')
            provenance = one.annotations.objects[0].provenance
            self.assertEqual(provenance and provenance.created_at, 1_686_656_626_604)

    def test_malformed_tasks_are_errors_that_name_the_key(self) -> None:
        for text, fragment in [
            ("{}", "`task` is missing"),
            ("[1]", "not an object"),
            ('{"task":{"tools":[{"polygon":[[1]]}]}}', "polygon"),
            ('{"task":{"tools":[{"bounding-box":{"x":1}}]}}', "is missing"),
            ('{"task":{"tools":{}}}', "tools"),
            ('{"task":{"totalDuration":-1}}', "not a whole number"),
            ('{"task":{"updatedAt":"yesterday"}}', "`updatedAt` of task is not an instant but `yesterday`"),
            ("{", "task 0: "),
        ]:
            with self.assertRaisesRegex(ReadError, fragment):
                read_tasks(text)

    def test_indexes_and_offsets_count_tasks_and_objects(self) -> None:
        one = '{"asset":"u","externalId":"a.jpg","task":{"taskId":"t","tools":[{"point":[1,2]},{"point":[1,2]}]}}'
        first, second = read_tasks(f"{one}\n{one}\n")
        self.assertEqual((second.index, second.object_offset), (1, 2))
        self.assertEqual((first.asset.file_name, second.asset.file_name), ("a.jpg", "a-t.jpg"))

    def test_published_samples_are_read(self) -> None:
        samples = read_tasks((DATA / "v3-samples.json").read_text(encoding="utf-8"))
        project = derive_project(samples)
        self.assertEqual(len(samples), 3)
        self.assertEqual(project.task_count, len(samples))
        self.assertEqual([one.index for one in project.tools], list(range(len(project.tools))))


class Paths(unittest.TestCase):
    def test_file_names_are_those_of_the_host(self) -> None:
        for case in vectors.load("names.json")["name"]:
            lines = [
                json.dumps({"externalId": external_id, "asset": url, "task": {"taskId": task_id, "tools": []}})
                for external_id, url, task_id, _ in case["assets"]
            ]
            given = [one.asset.file_name for one in read_tasks("\n".join(lines))]
            self.assertEqual(given, [asset[3] for asset in case["assets"]], case["about"])

    def test_paths_that_some_system_refuses_have_a_fault(self) -> None:
        refused = [
            "",
            "/a",
            "a//b",
            "../a",
            "a/./b",
            "a\\b",
            "c:x",
            "a\0b",
            "aux.txt",
            "COM1",
            "lpt¹.x",
            "a. ",
            "a.",
            "x?.txt",
            "a\u202egpj.exe",
            "a\u2028b",
            "x" * 256,
            "xx/" * 400,
        ]
        for path in refused:
            self.assertIsNotNone(fault(path), path)
        for path in ["a", "a/b.txt", "ü/é.jpg", ".hidden", "auxiliary.txt", "com0", "com10"]:
            self.assertIsNone(fault(path), path)

    def test_sanitised_text_is_a_portable_path(self) -> None:
        long = "é" * 400 + ".jpg"
        for text in ["/a/../b.jpg", "C:\\x.jpg", "nul", "a. /b..", "x\n?.png", "a//b/./c.jpg", long, "long name/" * 200, "a\u202egpj.exe"]:
            self.assertIsNone(fault(sanitise(text)), text)
        self.assertEqual((sanitise("../a/b.v2.jpg"), sanitise("/./..")), ("a/b.v2.jpg", ""))
        self.assertTrue(sanitise(long).endswith(".jpg"))
        self.assertEqual((split_extension("a.b/img.v2.png"), split_extension("a.b/.hidden")), (("a.b/img.v2", ".png"), ("a.b/.hidden", "")))
        self.assertEqual((split_extension("a.b/c.Nii.GZ"), split_extension(".nii.gz")), (("a.b/c", ".Nii.GZ"), (".nii", ".gz")))
