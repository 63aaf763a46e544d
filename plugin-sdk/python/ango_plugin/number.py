"""Numbers as decimal text, the same as the Rust SDK writes.

`format_rounded` is what coordinates of a text format are written with. Its results are those of `number::write_rounded` to the last digit, so that a converter can be moved
from one language to the other.
"""

from __future__ import annotations

from collections.abc import Collection
from math import copysign, isfinite

_POWERS = tuple(10.0**decimals for decimals in range(16))

_SAFE = 1e15
"""Up to here every decimal of that many digits is a double of its own."""


def format_f64(number: float) -> str:
    """The shortest decimal that reads back as the same double, whole numbers without a point. Valid JSON.

    A number that is not finite, which the contract rules out, is written as `null`.
    """
    if -_SAFE < number < _SAFE and number == (whole := int(number)):
        return str(whole)
    if not isfinite(number):
        return "null"
    text = repr(float(number))
    if "e" in text:
        return _with_plain_exponent(text)
    return text


def _with_plain_exponent(text: str) -> str:
    """From `1.5e-07` to `1.5e-7`; what is not below 0.00001 has no exponent."""
    digits, _, exponent = text.partition("e")
    if exponent == "-05":
        sign = "-" if digits[0] == "-" else ""
        return f"{sign}0.0000{digits.lstrip('-').replace('.', '')}"
    return f"{digits}e{exponent[0]}{int(exponent[1:])}"


def format_rounded(number: float, decimals: int) -> str:
    """A number rounded to at most `decimals` (0 to 15) decimals, without trailing zeros; halves go away from zero. From 15 digits on a double has no more decimals to lose and
    is written in full."""
    if 1.0 <= number < 1e4 and 0 <= decimals <= 6:
        # Most coordinates. Ten digits are enough for all of them; the format drops trailing zeros.
        power = _POWERS[decimals]
        return "%.10g" % (int(number * power + 0.5) / power)
    return _format_any_rounded(number, decimals)


def join_rounded(separator: str, numbers: Collection[float], decimals: int) -> str:
    """Numbers as `format_rounded` writes them, with a separator between, without a call for each. Where the host rounds (`export.tasks(decimals=6)`), `join_short` is quicker."""
    if not 0 <= decimals <= 6:
        return separator.join([_format_any_rounded(number, decimals) for number in numbers])
    power = _POWERS[decimals]
    # What `format_rounded` does, without a call for each number.
    return separator.join(
        ["%.10g" % (int(number * power + 0.5) / power) if 1.0 <= number < 1e4 else _format_any_rounded(number, decimals) for number in numbers]
    )


class _Formats(dict[str, str]):
    """What four numbers are formatted with, by the separator between them."""

    def __missing__(self, separator: str) -> str:
        self[separator] = separator.replace("%", "%%").join(["%.10g"] * 4)
        return self[separator]


_FORMATS = _Formats()


def join_short(separator: str, numbers: Collection[float]) -> str:
    """Numbers with at most six decimals, which is what `export.tasks(decimals=6)` gives, as `join_rounded` writes them: the quickest way for boxes and paths.

    Numbers with more decimals are not rounded by it.
    """
    if len(numbers) == 4:
        a, b, c, d = numbers
        if a < 1e4 and b < 1e4 and c < 1e4 and d < 1e4:
            # A box, written in one call: of numbers below 10,000 ten digits are all there are. Tiny and negative ones are left to others.
            text = _FORMATS[separator] % (a, b, c, d)
            if "e" not in text and "-" not in text:
                return text
    return separator.join(["%.10g" % number if 1.0 <= number < 1e4 else _format_any_rounded(number, 6) for number in numbers])


def _format_any_rounded(number: float, decimals: int) -> str:
    decimals = min(max(decimals, 0), 15)
    scaled = abs(number) * _POWERS[decimals]
    if not scaled < _SAFE:
        return format_f64(number)
    whole = _round_half_up(scaled)
    digits = str(whole).rjust(decimals + 1, "0")
    if decimals:
        digits = f"{digits[:-decimals]}.{digits[-decimals:]}".rstrip("0").rstrip(".")
    return f"-{digits}" if number < 0 and whole else digits


def rounded(number: float, decimals: int) -> float:
    """Rounds as `format_rounded` does, so that what is computed from it agrees with what is written."""
    power = _POWERS[min(max(decimals, 0), 15)]
    scaled = abs(number) * power
    return copysign(_round_half_up(scaled) / power, number) if scaled < _SAFE else number


def _round_half_up(number: float) -> int:
    floor = int(number)
    return floor + (number - floor >= 0.5)


def format_unit(number: float) -> str:
    """A number from 0 to 1 with exactly six decimals, what is outside clamped: `0.500000`, `1.000000`."""
    return millionths_text(millionths(number))


def millionths(number: float) -> int:
    """A number from 0 to 1 in whole millionths, what is outside clamped; not-a-number is 0."""
    scaled = number * 1e6 + 0.5
    # Not-a-number compares as false.
    return min(int(scaled), 1_000_000) if 0 < scaled < 1e7 else (1_000_000 if scaled >= 1e7 else 0)


def millionths_text(count: int) -> str:
    """Millionths (at most one million) as a number with six decimals."""
    return "%d.%06d" % divmod(count, 1_000_000)
