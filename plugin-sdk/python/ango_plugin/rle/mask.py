"""A mask as run lengths, and what can be done with masks."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import chain, repeat

from ..types import Path
from .raster import Raster, RleError, pixels


class Rle:
    """A mask as run lengths: `counts` column by column, empty pixels first; `width` and `height` of the image in pixels."""

    __slots__ = ("width", "height", "counts")

    def __init__(self, width: int, height: int, counts: list[int]) -> None:
        self.width = width
        self.height = height
        self.counts = counts

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Rle):
            return NotImplemented
        return (self.width, self.height, self.counts) == (other.width, other.height, other.counts)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Rle({self.width}, {self.height}, {self.counts})"

    @classmethod
    def from_ring(cls, ring: Path, width: int, height: int) -> Rle:
        """The mask of one ring, by the rule of the COCO tools, bit for bit. Raises `RleError` when the image or the ring is beyond what a mask can hold."""
        return cls(width, height, Raster(width, height).counts(ring))

    @classmethod
    def from_zones(cls, zones: Iterable[tuple[Path, Iterable[Path]]], width: int, height: int) -> Rle:
        """The mask of a region without its holes, united over all zones; no zones give an empty mask. Raises `RleError` as `from_ring` does; the limit on crossings counts all
        rings together."""
        raster = Raster(width, height)
        masks = []
        for region, holes in zones:
            mask = cls(width, height, raster.counts(region))
            cut = [cls(width, height, raster.counts(hole)) for hole in holes]
            masks.append(mask.subtract(_union_all(cut, width, height)) if cut else mask)
        return _union_all(masks, width, height)

    @classmethod
    def from_compressed(cls, text: str, width: int, height: int) -> Rle:
        """Reads a compressed text. Raises `RleError` when it does not add up to an image of this size."""
        counts: list[int] = []
        value = shift = 0
        for byte in text.encode(errors="surrogatepass"):
            group = byte - 48
            if not 0 <= group < 64 or shift >= 40:
                raise RleError("malformed")
            value |= (group & 0x1F) << shift
            shift += 5
            if group & 0x20:
                continue
            if group & 0x10:
                value -= 1 << shift
            if len(counts) > 2:
                value += counts[-2]
            if not 0 <= value <= 0xFFFF_FFFF:
                raise RleError("malformed")
            counts.append(value)
            value = shift = 0
        if shift or sum(counts) != pixels(width, height):
            raise RleError("malformed")
        return cls(width, height, counts)

    def to_compressed(self) -> str:
        """The compressed text: five bits to a character, the difference to the run before the previous one from the fourth run on. Its characters are ASCII from `0` to `o`, among
        them the backslash, which JSON escapes."""
        out = bytearray()
        for at, count in enumerate(self.counts):
            rest = count - self.counts[at - 2] if at > 2 else count
            while True:
                bits = rest & 0x1F
                rest >>= 5
                # The top bit of the last group is the sign.
                if rest == (-1 if bits & 0x10 else 0):
                    out.append(48 + bits)
                    break
                out.append(48 + bits + 0x20)
        return out.decode()

    @property
    def area(self) -> int:
        """How many pixels are set."""
        return sum(self.counts[1::2])

    def union(self, other: Rle) -> Rle:
        """What is set in one of the two masks, which must be of the same image."""
        return self._combine(other, lambda a, b: a or b)

    def subtract(self, other: Rle) -> Rle:
        """What is set in this mask and not in the other, which must be of the same image."""
        return self._combine(other, lambda a, b: a and not b)

    def _combine(self, other: Rle, op: Callable[[bool, bool], bool]) -> Rle:
        counts: list[int] = []
        value, run = False, 0
        mine, theirs = _Runs(self.counts), _Runs(other.counts)
        while mine.fill() and theirs.fill():
            step = min(mine.left, theirs.left)
            both = op(mine.value, theirs.value)
            if both != value:
                counts.append(run)
                value, run = both, 0
            run += step
            mine.left -= step
            theirs.left -= step
        counts.append(run)
        return Rle(self.width, self.height, counts)

    def pixels(self) -> list[bool]:
        """Every pixel, column by column: whether it is set. For tests and small masks."""
        return list(chain.from_iterable(repeat(at % 2 == 1, run) for at, run in enumerate(self.counts)))


class _Runs:
    """Runs being walked through."""

    __slots__ = ("_counts", "value", "left")

    def __init__(self, counts: list[int]) -> None:
        self._counts = iter(counts)
        self.value = True
        self.left = 0

    def fill(self) -> bool:
        """Goes on to the next run that is not empty, if the current one is used up."""
        while self.left == 0:
            following = next(self._counts, None)
            if following is None:
                return False
            self.left, self.value = following, not self.value
        return True


def _union_all(masks: list[Rle], width: int, height: int) -> Rle:
    """Unites pairwise, so that many masks cost their total length times the logarithm of their number."""
    while len(masks) > 1:
        pairs = (masks[at : at + 2] for at in range(0, len(masks), 2))
        masks = [pair[0].union(pair[1]) if len(pair) == 2 else pair[0] for pair in pairs]
    return masks[0] if masks else Rle(width, height, [pixels(width, height)])
