"""A figure: what the sums under it come to, in words that do not round twice."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from domain.kpi import interval
from domain.kpi.definition import Definition, Unit
from domain.kpi.interval import Interval

HUNDRED, MILLION = 100, 1_000_000
ONE_DECIMAL = Decimal("0.1")
SCALE: dict[Unit, int] = {"percent": HUNDRED, "per_million": MILLION}
SURE_FROM = 1_000  # with so many cases chance is no longer what to think of
NINE_OF_TEN = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One cell. No value is not zero: `because` says why there is none."""

    value: Decimal | None  # percent, per million, seconds, minor units, or a count
    numerator: int  # for times: of how many
    denominator: Decimal | None
    excluded: int
    unknown: int
    interval: Interval | None = None  # in the unit of the value
    nine_of_ten: int | None = None  # of times: nine in ten took no longer, in seconds
    because: str | None = None


def figure(
    definition: Definition,
    numerator: int,
    denominator: Decimal | None,
    *,
    excluded: int = 0,
    unknown: int = 0,
) -> Figure:
    """A count, a sum, or a rate with its interval; nothing below the line: no value."""
    value: Decimal | None = Decimal(numerator)
    around, because = None, None
    if definition.unit in SCALE:
        value = None
        if denominator:
            value = half_up(SCALE[definition.unit] * numerator / denominator)
            around = _around(definition, numerator, denominator)
        else:
            because = "no_denominator"
    elif definition.unit == "count" and 0 <= numerator < SURE_FROM:
        around = interval.of_count(numerator)
    return Figure(
        value=value,
        numerator=numerator,
        denominator=denominator,
        excluded=excluded,
        unknown=unknown,
        interval=around,
        because=because,
    )


def median(times: Sequence[int], *, excluded: int = 0, unknown: int = 0) -> Figure:
    """The middle one of some times, and what nine in ten did not exceed."""
    line = sorted(times)
    value, ninth = None, None
    if line:
        middle = line[(len(line) - 1) // 2] + line[len(line) // 2]
        value = half_up(Decimal(middle) / 2, Decimal(1))
        ninth = line[-(-NINE_OF_TEN * len(line) // 10) - 1]
    return Figure(
        value=value,
        numerator=len(line),
        denominator=None,
        excluded=excluded,
        unknown=unknown,
        nine_of_ten=ninth,
        because=None if line else "none_yet",
    )


def half_up(value: Decimal, to: Decimal = ONE_DECIMAL) -> Decimal:
    """One decimal, and a half goes up (A25)."""
    return value.quantize(to, ROUND_HALF_UP)


def _around(
    definition: Definition, numerator: int, denominator: Decimal
) -> Interval | None:
    scale = SCALE[definition.unit]
    if not 0 <= numerator < SURE_FROM:
        return None
    if definition.is_part:
        if numerator > denominator:
            return None  # what stands above is no part of what stands below
        share = interval.of_share(numerator, int(denominator))
        return Interval(share.low * scale, share.high * scale)
    count = interval.of_count(numerator)
    below = float(denominator)
    return Interval(count.low * scale / below, count.high * scale / below)
