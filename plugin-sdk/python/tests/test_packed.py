"""Packed tasks: what goes in comes out, whichever way it is read."""

import unittest

from ango_plugin import Annotations, Asset, BoundingBox, Object, Provenance, Task
from ango_plugin.packed import Malformed, tasks
from ango_plugin.packed.late import _Object, _Task
from ango_plugin.testkit.pack import pack_task

from .drawn import Drawn


def task(objects: list[Object], index: int = 0) -> Task:
    asset = Asset("https://x.test/a.jpg", "65b7da3c2656cfc3fcc00e69", "a.jpg", "a.jpg", [], ["north"], 1920, 1080)
    return Task(index, 0, "65b7da3c2656cfc3fcc00e60", "Complete", "Complete", 1_714_521_420_060, "r@example.com", 12, asset, Annotations(objects))


def box(object_id: str = "46977649fb0d3fe07aaf604", **fields: object) -> Object:
    return Object(object_id, "f85d16526793ef2df7da359", "Car", BoundingBox(1.5, 2.0, 3.0, 4.0), **fields)  # type: ignore[arg-type]


class RoundTrips(unittest.TestCase):
    def test_tasks_come_back_as_they_went_in(self) -> None:
        kinds: set[type] = set()
        for plain in (True, False):
            drawn = Drawn(1, plain)
            given = [drawn.task(index) for index in range(150)]
            found = list(tasks(b"".join(map(pack_task, given))))
            self.assertEqual(len(found), len(given))
            for one, other in zip(found, given):
                self.assertEqual(one, other)
                self.assertEqual(repr(one), repr(other))
            kinds |= {type(one) for one in found} | {type(one) for other in found for one in other.annotations.objects}
        # Both ways of reading were taken.
        self.assertEqual(kinds, {Task, _Task, Object, _Object})

    def test_usual_objects_take_the_quick_way_and_unusual_ones_do_not_change_the_others(self) -> None:
        provenance = Provenance(1_686_656_626_604, "labeler@example.com", "9c9b1d95-e366-4b43-b2e9-ec8a23b65792")
        usual = [box(provenance=provenance), box("1"), box(page=3, interpolation_stopped=True, ocr="text")]
        for odd in ([], [box("x" * 64)], [box(extra="{}")], [box(object_id="")]):
            for place in range(4):
                objects = usual[:place] + odd + usual[place:]
                (found,) = tasks(pack_task(task(objects)))
                self.assertEqual(found.annotations.objects, objects)
                self.assertIsInstance(found, _Task)
                quick = sum(isinstance(one, _Object) for one in found.annotations.objects)
                self.assertEqual(quick, 3 + (odd == [box(object_id="")]))

    def test_what_follows_the_objects_is_never_taken_for_one(self) -> None:
        # A relation or a question may begin with bytes that an object could begin with.
        nothing = Object("", "", "", BoundingBox(0.0, 0.0, 0.0, 0.0))
        data = b"".join(pack_task(task([nothing] * count, count)) for count in (0, 1, 2, 0, 40, 0))
        self.assertEqual([len(one.annotations.objects) for one in tasks(data)], [0, 1, 2, 0, 40, 0])

    def test_many_objects_are_read_in_pieces(self) -> None:
        objects = [box(f"{number:023x}") if number % 7 else box(str(number), extra="{}") for number in range(2000)]
        (found,) = tasks(pack_task(task(objects)))
        self.assertEqual(found.annotations.objects, objects)

    def test_fields_can_be_asked_for_in_any_order_and_again(self) -> None:
        provenance = Provenance(created_by="a@b.c")
        (found,) = tasks(pack_task(task([box(provenance=provenance, page=2)])))
        (one,) = found.annotations.objects
        for _ in range(2):
            self.assertEqual((one.provenance, one.page, one.ocr, one.schema_id), (provenance, 2, None, "f85d16526793ef2df7da359"))
            self.assertEqual((found.updated_by, found.asset.width, found.asset.file_name), ("r@example.com", 1920, "a.jpg"))
        self.assertIs(one.geometry, one.geometry)


class Faults(unittest.TestCase):
    def test_bytes_that_are_cut_off_are_malformed(self) -> None:
        data = pack_task(task([box(), box(extra="{}")]))
        for end in range(1, len(data)):
            with self.assertRaises(Malformed, msg=str(end)):
                list(tasks(data[:end]))

    def test_unknown_cases_are_malformed(self) -> None:
        data = pack_task(task([box(extra="{}")]))
        at = data.index(b"\x03\0\0\0Car") + 7
        with self.assertRaises(Malformed):
            list(tasks(data[:at] + b"\x0b" + data[at + 1 :]))
