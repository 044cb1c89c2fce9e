"""What holds of every sum of time: it only grows, pauses only lengthen, no zone matters."""

import os
import subprocess
import sys
from calendar import monthrange
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import chinese_calendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain import calendar
from domain.calendar import ONE_DAY
from domain.clock_arithmetic import Stretch, merged, reckon
from domain.rulebooks.clocks import AMOUNT_MAX, Span, Unit
from tests.domain.calendars import CN, DATA, with_hours

# The machine may be busy: how long an example takes says nothing here.
slowly = settings(deadline=None, max_examples=100)
shorter = settings(deadline=None, max_examples=60)  # of one unit
each_unit = pytest.mark.parametrize("unit", list(AMOUNT_MAX))

moments = st.datetimes(datetime(2008, 1, 1), datetime(2025, 12, 31)).map(  # noqa: DTZ001
    lambda naive: naive.replace(microsecond=0, tzinfo=UTC)
)
units: st.SearchStrategy[Unit] = st.sampled_from(list(AMOUNT_MAX))
amounts = st.integers(1, 40)
# Days apart from seconds: of one large number Hypothesis draws mostly small ones.
LENGTHS = st.builds(
    lambda days, seconds: days * 86_400 + seconds,
    st.integers(0, 4),
    st.integers(0, 86_400),
)


@st.composite
def pauses(draw: st.DrawFn, start: datetime) -> list[Stretch]:
    """Up to four, near a start, overlapping or not."""
    found = []
    for _ in range(draw(st.integers(0, 4))):
        days = draw(st.sampled_from((-1, 0, 0, 0, 1, 2, 5, 15)))
        begin = start + timedelta(days=days, seconds=draw(st.integers(0, 86_400)))
        found.append(Stretch(begin, begin + timedelta(seconds=draw(LENGTHS))))
    return found


@each_unit
@shorter
@given(start=moments, wait=LENGTHS, amount=amounts, data=st.data())
def test_a_later_start_is_never_due_earlier(
    unit: Unit, start: datetime, wait: int, amount: int, data: st.DataObject
) -> None:
    """Also where both stood still; but of two days that end in one clamped month."""
    span = Span(amount=amount, unit=unit)
    still = () if unit == "month" else merged(data.draw(pauses(start)))

    begins = (start, start + timedelta(seconds=wait))
    one, other = (reckon(begin, span, CN, still).due for begin in begins)
    assert one <= other


@each_unit
@shorter
@given(start=moments, amount=amounts, data=st.data())
def test_a_longer_limit_is_never_due_earlier(
    unit: Unit, start: datetime, amount: int, data: st.DataObject
) -> None:
    still = merged(data.draw(pauses(start)))
    spans = [Span(amount=n, unit=unit) for n in (amount, amount + 1)]

    one, other = (reckon(start, span, CN, still).due for span in spans)
    assert start < one < other


@each_unit
@shorter
@given(start=moments, amount=amounts, data=st.data())
def test_pausing_never_shortens_and_two_pauses_at_once_are_one(
    unit: Unit, start: datetime, amount: int, data: st.DataObject
) -> None:
    span, still = Span(amount=amount, unit=unit), data.draw(pauses(start))

    dues = [reckon(start, span, CN, merged(still[:n])).due for n in range(len(still) + 1)]

    assert dues == sorted(dues)
    assert reckon(start, span, CN, merged([*still[::-1], *still])).due == dues[-1]
    last = reckon(start, span, CN, merged(still)).due - reckon(start, span, CN).due
    stood = sum((s.end - s.begin for s in merged(still)), timedelta())
    if unit in {"minute", "hour"}:
        assert last <= stood


@slowly
@given(moments, st.integers(1, 40))
def test_a_make_up_day_counts_once_and_a_day_off_never(start: datetime, n: int) -> None:
    found = reckon(start, Span(amount=n, unit="working_day"), CN)

    first = CN.day_of(start)
    between = [first + ONE_DAY * k for k in range(1, (found.due.date() - first).days + 1)]
    assert sum(chinese_calendar.is_workday(day) for day in between) == n
    assert chinese_calendar.is_workday(between[-1])
    assert [day.day for day in found.days] == between
    assert [d.counted for d in found.days if d.counted] == list(range(1, n + 1))


@slowly
@given(moments, st.integers(1, 120))
def test_months_keep_the_day_or_take_the_last(start: datetime, n: int) -> None:
    first, due = CN.day_of(start), reckon(start, Span(amount=n, unit="month"), CN).due

    assert (due.year * 12 + due.month) - (first.year * 12 + first.month) == n
    assert due.day == min(first.day, monthrange(due.year, due.month)[1])
    assert (due.hour, due.minute, due.second) == (23, 59, 59)


@slowly
@given(moments, st.integers(1, 60), st.integers(0, 59))
def test_office_hours_that_are_counted_add_up(start: datetime, n: int, late: int) -> None:
    own = with_hours("08:30-12:00", f"13:{late:02}-17:30")

    found = reckon(start, Span(amount=n, unit="working_hour"), own)

    assert sum(day.seconds or 0 for day in found.days) == n * 3600
    assert all(chinese_calendar.is_workday(d.day) == d.working for d in found.days)
    assert any(a < found.due <= b for a, b in own.hours_of(found.due.date()))


# --- Zones. ----------------------------------------------------------------------------


@slowly
@given(moments, units, amounts, st.integers(-12, 14))
def test_the_offset_a_source_writes_makes_no_difference(
    start: datetime, unit: Unit, amount: int, hours: int
) -> None:
    span, theirs = Span(amount=amount, unit=unit), timezone(timedelta(hours=hours))

    assert reckon(start.astimezone(theirs), span, CN) == reckon(start, span, CN)


@slowly
@given(moments, units, amounts)
def test_where_clocks_are_turned_days_still_end_at_midnight(
    start: datetime, unit: Unit, amount: int
) -> None:
    turned = calendar.read(DATA | {"zone": "America/New_York"})

    due = reckon(start, Span(amount=amount, unit=unit), turned).due

    local = due.astimezone(ZoneInfo("America/New_York"))
    assert due.utcoffset() == local.utcoffset()
    if unit in {"minute", "hour"}:
        assert due - start == timedelta(minutes=amount * (60 if unit == "hour" else 1))
    elif unit != "working_hour":
        assert (local.hour, local.minute, local.second) == (23, 59, 59)


def test_a_day_with_25_hours_has_24_hour_marks_on_the_clock() -> None:
    """2025-11-02 in New York: 01:30 comes twice, and an hour lies between."""
    turned = calendar.read(DATA | {"zone": "America/New_York"})
    start = datetime(2025, 11, 2, 5, 30, tzinfo=UTC)  # the first 01:30

    due = reckon(start, Span(amount=1, unit="hour"), turned).due

    assert due.isoformat() == "2025-11-02T01:30:00-05:00"
    assert turned.end_of(date(2025, 11, 2)) - turned.begin_of(date(2025, 11, 2)) == (
        timedelta(hours=25) - timedelta(seconds=1)
    )


PROGRAM = """
from datetime import datetime, timedelta
from domain.clock_arithmetic import reckon
from domain.rulebooks.clocks import AMOUNT_MAX, Span
from tests.domain.calendars import CN
midnight = datetime.fromisoformat("2025-01-23T00:00:00+08:00")
for unit in AMOUNT_MAX:
    for hour in range(0, 24, 3):
        start = midnight + timedelta(hours=hour)
        print(unit, hour, reckon(start, Span(amount=2, unit=unit), CN))
"""


def test_the_zone_of_the_machine_makes_no_difference() -> None:
    """Round the clock, so that it is another day in one of the zones."""
    root = Path(calendar.__file__).parents[1]
    printed = {
        subprocess.run(
            [sys.executable, "-c", PROGRAM],
            env=os.environ | {"TZ": zone},
            cwd=root,
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for zone in ("America/Los_Angeles", "Pacific/Kiritimati")
    }

    assert len(printed) == 1
    told = printed.pop()
    days = [line for line in told.splitlines() if line.startswith("working_day")]
    assert len(days) == 8
    assert all("due=datetime.datetime(2025, 1, 26, 23, 59, 59" in day for day in days)
