"""Tasks drawn by chance, of every kind that the contract has."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import TypeVar

from ango_plugin import (
    Annotations,
    Answer,
    Asset,
    BoundingBox,
    Classification,
    Direction,
    Entity,
    Geometry,
    Object,
    OtherAnswer,
    OtherGeometry,
    Pair,
    Path,
    PdfArea,
    PdfRectangle,
    Point,
    Polygon,
    Polyline,
    Provenance,
    Relation,
    RotatedBox,
    Segmentation,
    Spline,
    StageVisit,
    Task,
    VoxelBrush,
    Zone,
)

T = TypeVar("T")


class Drawn:
    """A source of tasks; `plain` ones are mostly of the kinds that exports mostly hold."""

    def __init__(self, seed: int, plain: bool) -> None:
        self._random = random.Random(seed)
        self._plain = plain

    def _chance(self, usual: float, wild: float) -> bool:
        return self._random.random() < (usual if self._plain else wild)

    def _maybe(self, draw: Callable[[], T], usual: float = 0.3) -> T | None:
        return draw() if self._chance(usual, 0.5) else None

    def _id(self) -> str:
        length = 23 if self._chance(0.9, 0.3) else self._random.choice([0, 1, 22, 24, 36, 63, 64, 100, 255, 256, 300])
        return "".join(self._random.choices("0123456789abcdef", k=length))

    def _text(self) -> str:
        length = self._random.choice([3, 7, 12, 20]) if self._plain else self._random.choice([0, 1, 5, 40, 63, 64, 126, 127, 128, 200, 256, 1000])
        letters = "abc XYZ09-_@." if self._plain else 'a\0\x01"\n é漢😀\x17'
        return "".join(self._random.choices(letters, k=length))

    def _number(self) -> float:
        return self._random.choice([0.0, -0.0, 1e9, self._random.uniform(-10, 4000), float(self._random.randrange(2000))])

    def _path(self) -> Path:
        return [self._number() for _ in range(2 * self._random.randrange(6))]

    def _time(self) -> int:
        return self._random.randrange(-(2**40), 2**41)

    def _list(self, draw: Callable[[], T], usual: float = 0.1) -> list[T]:
        return [draw() for _ in range(self._random.randrange(1, 5))] if self._chance(usual, 0.6) else []

    def _rectangle(self) -> PdfRectangle:
        return PdfRectangle(*(self._number() for _ in range(6)))

    def geometry(self) -> Geometry:
        if self._chance(0.8, 0.2):
            return BoundingBox(self._number(), self._number(), 3.5, 4.0)
        return self._random.choice(
            [
                lambda: BoundingBox(1.0, 2.0, 0.0, 4.0),
                lambda: RotatedBox([self._number() for _ in range(8)], 3.0, 4.0, -12.5),
                # No rotated box of Hub, and no reason to misread it.
                lambda: RotatedBox(self._path(), 3.0, 4.0, 0.0),
                lambda: Polygon(self._path()),
                lambda: Polyline(self._path()),
                lambda: Segmentation([Zone(self._path(), [self._path() for _ in range(self._random.randrange(3))]) for _ in range(2)]),
                lambda: Point(self._number(), self._number()),
                lambda: Spline(self._path()),
                lambda: Entity(0.5, 7.0, self._maybe(self._text)),
                lambda: PdfArea(3, self._rectangle(), self._list(self._rectangle), self._maybe(self._text)),
                lambda: VoxelBrush(),
                lambda: OtherGeometry('{"circle":{"r":1}}'),
            ]
        )()

    def provenance(self) -> Provenance:
        draw = self._maybe
        return Provenance(draw(self._time, 1), draw(self._text, 1), draw(self._id, 1), draw(self._time), draw(self._text), draw(self._id))

    def _answer(self) -> Answer:
        return self._random.choice([None, self._text(), [], [self._text(), self._text()], True, False, 2.5, 0.0, OtherAnswer('{"a":1}')])

    def classification(self) -> Classification:
        return Classification(
            self._id(),
            self._id(),
            self._text(),
            "radio",
            self._answer(),
            self._maybe(lambda: 7),
            self._maybe(lambda: 2**32 - 1),
            self._chance(0.1, 0.5),
            self._maybe(self.provenance),
        )

    def object(self) -> Object:
        return Object(
            self._id(),
            self._id(),
            self._text(),
            self.geometry(),
            self._maybe(lambda: self._random.randrange(2**32)),
            self._chance(0.1, 0.5),
            self._maybe(self._text, 0.1),
            self._maybe(self.provenance, 0.5),
            self._list(self.classification),
            self._maybe(lambda: '{"lock":true}', 0.1),
        )

    def relation(self) -> Relation:
        members = Pair(self._id(), self._id(), self._random.choice(list(Direction))) if self._chance(0.5, 0.5) else [self._id(), self._id()]
        return Relation(self._id(), self._id(), self._text(), members, self._maybe(lambda: 3))

    def annotations(self) -> Annotations:
        count = self._random.choice([0, 1, 2, 7, 60]) if self._plain else self._random.randrange(6)
        return Annotations(
            [self.object() for _ in range(count)],
            self._list(self.classification),
            self._list(self.relation),
            self._maybe(self._text, 0.1),
            self._maybe(self._text, 0.1),
        )

    def asset(self) -> Asset:
        draw = self._maybe
        return Asset(
            self._text(),
            draw(self._id, 0.9),
            self._text(),
            self._text(),
            self._list(self._text),
            self._list(self._text),
            draw(lambda: 1920, 0.9),
            draw(lambda: 1080, 0.9),
            draw(lambda: 12),
            draw(lambda: 29.97),
            draw(lambda: '{"k":"v"}', 0.1),
            draw(lambda: '{"new":1}', 0.1),
        )

    def visit(self) -> StageVisit:
        draw = self._maybe
        return StageVisit(self._text(), draw(self._id), 5000, draw(self._time), draw(self._text), draw(self._text), self.annotations())

    def task(self, index: int) -> Task:
        draw = self._maybe
        return Task(
            index,
            2**40 + index,
            self._id(),
            self._text(),
            draw(self._id, 0.9),
            draw(self._time, 0.9),
            draw(self._text, 0.9),
            self._random.randrange(2**50),
            self.asset(),
            self.annotations(),
            self._list(self.visit),
            draw(lambda: '{"consensusAverage":50}', 0.1),
        )
