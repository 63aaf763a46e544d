"""The cases that the Rust SDK has written (`plugin-sdk/vectors`), and its generator of random numbers."""

from __future__ import annotations

import json
import math
import struct
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[2] / "vectors"
_MASK = (1 << 64) - 1


def load(name: str) -> dict[str, list[Any]]:
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


def numbers(bits: str) -> list[float]:
    """Numbers from their bits, 16 hexadecimal digits each."""
    data = bytes.fromhex(bits)
    return list(struct.unpack(f">{len(data) // 8}d", data))


def number(bits: str) -> float:
    (value,) = numbers(bits)
    return value


def bits(values: list[float] | tuple[float, ...] | float) -> str:
    """The bits of numbers, to compare results with: 0 and -0 differ."""
    if isinstance(values, (int, float)):
        values = [values]
    return struct.pack(f">{len(values)}d", *values).hex()


class Random:
    """splitmix64, as in the Rust test."""

    def __init__(self, seed: int) -> None:
        self._state = seed

    def next(self) -> int:
        self._state = (self._state + 0x9E37_79B9_7F4A_7C15) & _MASK
        z = self._state
        z = ((z ^ (z >> 30)) * 0xBF58_476D_1CE4_E5B9) & _MASK
        z = ((z ^ (z >> 27)) * 0x94D0_49BB_1331_11EB) & _MASK
        return z ^ (z >> 31)

    def below(self, end: int) -> int:
        return self.next() % end

    def unit(self) -> float:
        return (self.next() >> 11) / (1 << 53)

    def number(self) -> float:
        """A number of any kind; the same steps as `Random::number` in Rust."""
        sign = -1.0 if self.below(4) == 0 else 1.0
        kind = self.below(9)
        if kind <= 1:
            size = self.unit() * 4000.0
        elif kind == 2:
            size = self.below(400_000) / 100.0
        elif kind == 3:
            size = (self.below(4_000_000_000) * 2.0 + 1.0) / 2e6
        elif kind == 4:
            size = (self.below(4_000_000_000) * 2.0 + 1.0) / 2e7
        elif kind == 5:
            size = self.unit()
        elif kind == 6:
            unit = self.unit()
            size = unit * 10.0 ** (self.below(24) - 4)
        elif kind == 7:
            size = float(self.below(20_000))
        else:
            (any_number,) = struct.unpack("<d", self.next().to_bytes(8, "little"))
            size = abs(any_number) if math.isfinite(any_number) else 0.5
        return sign * size
