"""Timestamps of the contract (milliseconds since 1970-01-01T00:00:00Z) as text, the same as the Rust SDK writes. The sandbox has no clock and no time zones."""

from __future__ import annotations

_DAY = 86_400_000


def format_iso(timestamp: int) -> str:
    """`2024-05-01T00:37:00.060Z`. Years outside 0 to 9999 get as many digits and the sign they need."""
    day, ms = divmod(timestamp, _DAY)
    year_, month, date = _civil(day)
    return f"{year_:04}-{month:02}-{date:02}T{ms // 3_600_000:02}:{ms // 60_000 % 60:02}:{ms // 1000 % 60:02}.{ms % 1000:03}Z"


def year(timestamp: int) -> int:
    """The year of a timestamp, in UTC."""
    return _civil(timestamp // _DAY)[0]


def parse_iso(text: str) -> int | None:
    """Reads RFC 3339 (`2024-05-01T00:37:00.060Z`, with any number of decimals, or with an offset). `None` if it is not that."""
    at = next((at for at, letter in enumerate(text) if letter in "Tt "), None)
    if at is None:
        return None
    year_, month, day = _numbers(text[:at].split("-", 2), 3)
    clock = text[at + 1 :]
    zone_at = next((at for at, letter in enumerate(clock) if letter in "Zz+-"), len(clock))
    clock, zone = clock[:zone_at], clock[zone_at:]
    clock, point, fraction = clock.partition(".")
    hour, minute, second = _numbers(clock.split(":", 2), 3)
    # Like the Rust SDK, this counts bytes.
    digits = (fraction if point else "0").ljust(3, "0").encode()[:3]
    ms = _digits(digits.decode(errors="replace").replace(" ", "0"))
    if year_ is None or month is None or day is None or hour is None or minute is None or second is None or ms is None:
        return None
    if not 1 <= month <= 12 or not 1 <= day <= 31 or year_ > 9999 or hour > 24 or minute > 59 or second > 60:
        return None
    offset = _offset_minutes(zone)
    if offset is None:
        return None
    return _days(year_, month, day) * _DAY + ((hour * 60 + minute - offset) * 60 + second) * 1000 + ms


def _offset_minutes(zone: str) -> int | None:
    if zone in ("", "Z", "z"):
        return 0
    hours, colon, minutes = zone[1:].partition(":")
    if not colon:
        hours, minutes = zone[1:3], zone[3:]
    count, more = _digits(hours), _digits(minutes)
    if count is None or more is None:
        return None
    offset = count * 60 + more
    return -offset if zone[0] == "-" else offset


def _numbers(texts: list[str], count: int) -> list[int | None]:
    return [_digits(text) for text in texts] + [None] * (count - len(texts))


def _digits(text: str) -> int | None:
    if not text or len(text) > 9 or not (text.isascii() and text.isdigit()):
        return None
    return int(text)


def _days(year_: int, month: int, day: int) -> int:
    """Days since the epoch of a date of the proleptic Gregorian calendar. Years are counted from March, which puts the leap day last."""
    year_ -= month <= 2
    month = (month + 9) % 12
    return 365 * year_ + year_ // 4 - year_ // 100 + year_ // 400 + (153 * month + 2) // 5 + day - 1 - 719_468


def _civil(day: int) -> tuple[int, int, int]:
    """The date (year, month, day) of a day since the epoch."""
    era, of_era = divmod(day + 719_468, 146_097)
    year_of_era = (of_era - of_era // 1460 + of_era // 36_524 - of_era // 146_096) // 365
    of_year = of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    month = (5 * of_year + 2) // 153
    calendar_month = month + 3 if month < 10 else month - 9
    return era * 400 + year_of_era + (calendar_month <= 2), calendar_month, of_year - (153 * month + 2) // 5 + 1
