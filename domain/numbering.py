"""Numbers: which series gives a complaint its number, and how a series is written.

`C-2026-` waits for six digits, `W###` for three or more, `#@466` for as many as it takes,
from 466 on. The database fills them in under its lock, so a series has no gap.
"""

import re

from domain.rulebooks.keeping import Numbering, Series

TAIL = re.compile(r"#+(@[0-9]+)?$")
DIGITS_MAX = 6  # of a number that somebody else gave and a series goes on behind


def waits(number: str) -> bool:
    """Whether it is a series that waits for its digits."""
    return number.endswith("-") or "#" in number


def prefix(series: str) -> str:
    """What stands before the digits."""
    return TAIL.sub("", series)


def series_for(numbering: Numbering | None, channel: str | None, *, else_: str) -> str:
    """The series of this channel, where a regulation numbers by channel."""
    found = _series(numbering, channel)
    if found is None:
        return else_
    first = f"@{found.first}" if found.first > 1 else ""
    return f"{found.prefix}{'#' * (found.width or 1)}{first}"


def kept_in(numbering: Numbering | None, channel: str | None, number: str) -> str | None:
    """The series that goes on behind a number which somebody else gave."""
    found = _series(numbering, channel)
    if found is None:
        return None
    digits = number.removeprefix(found.prefix)
    of_it = number.startswith(found.prefix) and digits.isascii() and digits.isdigit()
    if not of_it or len(digits) > DIGITS_MAX:
        return None
    return f"{found.prefix}{'#' * (found.width or 1)}"


def _series(numbering: Numbering | None, channel: str | None) -> Series | None:
    if numbering is None or numbering.by != "channel":
        return None
    of = numbering.series.values()
    return next((series for series in of if channel in series.channels), None)
