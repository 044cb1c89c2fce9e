"""The sum from a start to its due instant: both sides of each edge, and every day twice."""

from datetime import datetime
from itertools import accumulate

import chinese_calendar
import pytest

from domain.calendar import ONE_DAY
from domain.clock_arithmetic import Stretch, merged, over, reckon
from domain.rulebooks.clocks import AMOUNT_MAX, Span, Unit
from tests.domain.calendars import CN, FIRST, LAST, at, override

UNITS: list[Unit] = list(AMOUNT_MAX)


def test_working_days_agree_with_a_second_library_on_every_day_of_twenty_years() -> None:
    """+1 to +15 from each day, as far as the second library knows the days."""
    days = [FIRST + ONE_DAY * n for n in range((LAST - FIRST).days + 1)]
    worked = [chinese_calendar.is_workday(day) for day in days]
    so_far = list(accumulate(worked))
    nth = [day for day, works in zip(days, worked, strict=True) if works]

    wrong, compared = [], 0
    for day, before in zip(days, so_far, strict=True):
        found = reckon(CN.begin_of(day), Span(amount=15, unit="working_day"), CN)
        counted = {d.counted: d.day for d in found.days if d.counted}
        theirs = dict(enumerate(nth[before : before + 15], start=1))
        compared += len(theirs)
        ends = theirs.get(15, found.due.date())
        if {n: counted[n] for n in theirs} != theirs or found.due.date() != ends:
            wrong.append((day, counted, theirs))

    assert wrong == []
    assert compared == 15 * len(days) - 156  # which lie in 2027


# --- Boundaries. -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "amount", "unit", "due"),
    [
        # the day of the start is day 0, whatever the hour
        ("2025-03-12 00:00:00", 1, "working_day", "2025-03-13 23:59:59"),
        ("2025-03-12 23:59:59", 1, "working_day", "2025-03-13 23:59:59"),
        ("2025-03-13 00:00:00", 1, "working_day", "2025-03-14 23:59:59"),
        # and even if it is no working day
        ("2025-05-03 10:00:00", 1, "working_day", "2025-05-06 23:59:59"),
        ("2025-04-26 10:00:00", 1, "working_day", "2025-04-27 23:59:59"),
        ("2025-04-27 10:00:00", 1, "working_day", "2025-04-28 23:59:59"),
        # nights and weekends are elapsed time too
        ("2025-03-14 23:59:59", 2, "hour", "2025-03-15 01:59:59"),
        ("2025-03-14 23:50:00", 15, "minute", "2025-03-15 00:05:00"),
        # days and weeks as dates, holidays included
        ("2025-04-30 16:20:00", 1, "day", "2025-05-01 23:59:59"),
        ("2025-04-24 00:00:00", 1, "week", "2025-05-01 23:59:59"),
        ("2024-02-28 10:00:00", 1, "day", "2024-02-29 23:59:59"),
        # a month keeps the day, or takes the last
        ("2024-01-31 10:00:00", 1, "month", "2024-02-29 23:59:59"),
        ("2025-01-31 10:00:00", 1, "month", "2025-02-28 23:59:59"),
        ("2025-02-28 10:00:00", 1, "month", "2025-03-28 23:59:59"),
        ("2024-02-29 10:00:00", 12, "month", "2025-02-28 23:59:59"),
        ("2025-11-30 10:00:00", 3, "month", "2026-02-28 23:59:59"),
        ("2025-12-15 10:00:00", 1, "month", "2026-01-15 23:59:59"),
        # office hours: a start outside waits, an end on the dot is no next window
        ("2025-03-12 07:59:59", 1, "working_hour", "2025-03-12 09:00:00"),
        ("2025-03-12 11:00:00", 1, "working_hour", "2025-03-12 12:00:00"),
        ("2025-03-12 11:00:01", 1, "working_hour", "2025-03-12 13:00:01"),
        ("2025-03-12 12:00:00", 1, "working_hour", "2025-03-12 14:00:00"),
        ("2025-03-12 16:59:59", 1, "working_hour", "2025-03-13 08:59:59"),
        ("2025-04-30 16:30:00", 1, "working_hour", "2025-05-06 08:30:00"),
    ],
)
def test_both_sides_of_every_edge(start: str, amount: int, unit: Unit, due: str) -> None:
    assert reckon(at(start), Span(amount=amount, unit=unit), CN).due == at(due)


def test_a_plants_own_days_move_what_is_due() -> None:
    three = Span(amount=3, unit="working_day")
    start = at("2025-09-26 11:00")
    stocktaking = CN.overridden(override("2025-09-28", working=False))

    assert reckon(start, three, CN).due == at("2025-09-30 23:59:59")
    late = reckon(start, three, stocktaking)
    assert late.due == at("2025-10-09 23:59:59")
    assert [d.kind for d in late.days[:3]] == ["weekend", "override", "workday"]


@pytest.mark.parametrize(
    ("start", "amount", "years", "due"),
    [
        ("2026-12-30 10:00", 1, (), "2026-12-31 23:59:59"),
        ("2026-12-31 10:00", 1, (2027,), "2027-01-01 23:59:59"),  # it will be a holiday
        ("2026-12-30 10:00", 2, (2027,), "2027-01-01 23:59:59"),
        ("2006-12-29 10:00", 1, (2006,), "2007-01-04 23:59:59"),
    ],
)
def test_a_year_nobody_published_makes_the_sum_provisional(
    start: str, amount: int, years: tuple[int, ...], due: str
) -> None:
    found = reckon(at(start), Span(amount=amount, unit="working_day"), CN)

    assert (found.provisional_years, found.due) == (years, at(due))


def test_dates_and_elapsed_time_need_no_calendar() -> None:
    start = at("2030-12-31 10:00")

    for unit in set(UNITS) - {"working_day", "working_hour"}:
        assert reckon(start, Span(amount=1, unit=unit), CN).provisional_years == ()


@pytest.mark.parametrize(
    ("unit", "begins"),
    [
        ("hour", "2025-03-12 12:30"),
        ("day", "2025-03-14 00:00"),
        ("working_day", "2025-03-14 00:00"),
        ("week", "2025-03-26 00:00"),
    ],
)
def test_an_observation_is_over_when_its_last_day_begins(unit: Unit, begins: str) -> None:
    assert over(at("2025-03-12 10:30"), Span(amount=2, unit=unit), CN) == at(begins)


# --- Pauses. ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("unit", "pauses", "due"),
    [
        # three working days from Monday the 10th: Thursday the 13th
        ("working_day", [], "13 23:59:59"),
        ("working_day", [("11 09:00", "11 20:00")], "13 23:59:59"),  # runs at its end
        ("working_day", [("11 09:00", "12 00:00")], "14 23:59:59"),
        ("working_day", [("11 09:00", "11 23:59:59")], "13 23:59:59"),
        ("working_day", [("11 23:59:59", "12 00:00:01")], "14 23:59:59"),
        (
            "working_day",
            [("11 09:00", "12 00:00"), ("11 12:00", "12 09:00")],
            "14 23:59:59",
        ),
        ("working_day", [("14 09:00", "15 09:00")], "13 23:59:59"),  # after all was over
        ("working_day", [("08 09:00", "10 09:00")], "13 23:59:59"),  # before it began
        ("working_day", [("13 09:00", "17 09:00")], "17 23:59:59"),  # over the weekend
        # three hours from Monday 10:00
        ("hour", [], "10 13:00:00"),
        ("hour", [("10 11:00", "10 11:30")], "10 13:30:00"),
        ("hour", [("10 11:00", "10 11:30"), ("10 11:15", "10 12:00")], "10 14:00:00"),
        ("hour", [("10 11:00", "10 12:00"), ("10 13:30", "10 14:00")], "10 14:30:00"),
        ("hour", [("10 13:00", "10 14:00")], "10 13:00:00"),  # when it was over
        ("hour", [("10 12:59:59", "10 14:00")], "10 14:00:01"),
        ("hour", [("09 09:00", "10 10:30")], "10 13:30:00"),  # begun before the start
        # working hours lose only those of the office
        ("working_hour", [], "10 14:00:00"),
        ("working_hour", [("10 11:30", "10 13:30")], "10 15:00:00"),
        ("working_hour", [("10 12:00", "10 13:00")], "10 14:00:00"),
        # dates: as many days more as it stood still at the end of
        ("day", [("11 09:00", "12 09:00")], "14 23:59:59"),
        ("week", [("15 09:00", "17 09:00")], "02 23:59:59"),
    ],
)
def test_what_a_pause_does(unit: Unit, pauses: list[tuple[str, str]], due: str) -> None:
    still = merged([Stretch(at(f"2025-03-{b}"), at(f"2025-03-{e}")) for b, e in pauses])

    found = reckon(at("2025-03-10 10:00"), Span(amount=3, unit=unit), CN, still)

    assert f"{found.due:%d %H:%M:%S}" == due


def test_an_instant_without_a_zone_or_with_parts_of_a_second_is_none() -> None:
    for wrong in (datetime(2025, 1, 1), at("2025-01-01 10:00:00.400000")):  # noqa: DTZ001
        with pytest.raises(AssertionError):
            reckon(wrong, Span(amount=1, unit="hour"), CN)


@pytest.mark.parametrize(
    ("start", "kinds"),
    [
        ("2025-03-12 07:59:59", ["waits", "added"]),
        ("2025-03-12 08:00:00", ["added"]),
        ("2025-03-12 11:59:59", ["added"]),
        ("2025-03-12 12:00:00", ["waits", "added"]),
    ],
)
def test_only_a_start_outside_office_hours_waits(start: str, kinds: list[str]) -> None:
    found = reckon(at(start), Span(amount=1, unit="working_hour"), CN)

    assert [step.kind for step in found.steps] == kinds


def test_one_day_a_plant_settled_does_not_publish_a_year() -> None:
    own = CN.overridden(override("2027-01-02", working=True))

    found = reckon(at("2026-12-31 10:00"), Span(amount=2, unit="working_day"), own)

    assert (found.due, found.provisional_years) == (at("2027-01-02 23:59:59"), (2027,))
    assert found.years == (2027,)


def test_a_day_off_needs_no_pause_not_to_count() -> None:
    still = [Stretch(at("2025-03-14 09:00"), at("2025-03-16 09:00"))]

    found = reckon(at("2025-03-13 10:00"), Span(amount=1, unit="working_day"), CN, still)

    assert [(d.kind, d.stood_still, d.counted) for d in found.days] == [
        ("workday", True, None),
        ("weekend", False, None),
        ("weekend", False, None),
        ("workday", False, 1),
    ]
