"""A contribution: what one complaint, shipment or project adds to one thing we count."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Contribution:
    """One line under a figure. A figure is a sum of such lines, and of nothing else.

    `month` is where it is counted, in the zone of the plant; `effective_at` the instant
    from which it is: a deadline of tomorrow is due in nobody's figure today.
    """

    measure: str  # what is counted: `received`, `due`, `shipped`
    subject: str = ""  # which one of the stream's: a clock and its run, an action
    month: str  # 2026-05
    effective_at: datetime
    amount: int = 1  # pieces, seconds, minor units; minus one where a stock gets smaller
    labels: tuple[str, ...] = ()  # what a definition may choose by: the clock, the stage
    reasons: tuple[str, ...] = ()  # why some definitions leave it out
    site: str = ""
    customer: str | None = None
    product: str | None = None


def month_of(moment: datetime, zone: str) -> str:
    """The month at the plant: half past seven on the first is not the month before."""
    return moment.astimezone(ZoneInfo(zone)).strftime("%Y-%m")


def end_of_day(day: datetime, zone: str) -> datetime:
    """The last second of the day of an instant at the plant."""
    there = day.astimezone(ZoneInfo(zone))
    return there.replace(hour=23, minute=59, second=59).astimezone(UTC)


def next_month(month: str, by: int = 1) -> str:
    """The month so many months later; earlier with a minus."""
    year, nth = int(month[:4]), int(month[5:]) - 1 + by
    return f"{year + nth // 12:04}-{nth % 12 + 1:02}"


def begin_of_month(month: str, zone: str) -> datetime:
    """The first instant of a month at the plant."""
    return datetime(int(month[:4]), int(month[5:]), 1, tzinfo=ZoneInfo(zone))


def months_back(month: str, count: int) -> list[str]:
    """So many months that end with this one, the earliest first."""
    return [next_month(month, nth) for nth in range(1 - count, 1)]


def changes(
    before: Iterable[Contribution], after: Iterable[Contribution]
) -> list[tuple[int, Contribution]]:
    """What to take away (−1) and to add (+1), so that the one becomes the other."""
    old, new = set(before), set(after)
    return [(-1, one) for one in sorted(old - new, key=_order)] + [
        (1, one) for one in sorted(new - old, key=_order)
    ]


def _order(one: Contribution) -> tuple[str, ...]:
    return (one.measure, one.subject, one.month, one.effective_at.isoformat())
