"""Losses of a run: the first of each kind are told one by one, the others counted."""

from __future__ import annotations

_EXAMPLES = 100
"""Examples told of each code. The host keeps no more of them."""
_CODES = 256
"""Codes that are counted here; of a converter that makes them up without end, the others are all told."""


class Losses:
    """How often each code came up."""

    __slots__ = ("_counts",)

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}

    def count(self, code: str) -> bool:
        """Counts a loss. Whether it has to be told."""
        count = self._counts.get(code)
        if count is None:
            if len(self._counts) < _CODES:
                self._counts[code] = 1
            return True
        self._counts[code] = count + 1
        return count < _EXAMPLES

    def take_untold(self) -> list[tuple[str, int]]:
        """Takes the codes of which more came up than was told, and how many more."""
        counts, self._counts = self._counts, {}
        return [(code, count - _EXAMPLES) for code, count in counts.items() if count > _EXAMPLES]
