"""One clock and a story: which runs there are, what is due, and what moved it."""

from datetime import datetime, timedelta, timezone
from itertools import permutations
from typing import Any

import pytest

from domain.clock_events import Happening
from domain.clock_explanation import lateness
from domain.rulebooks.predicates import Facts
from tests.domain.calendars import CN, at
from tests.domain.clocks import (
    clock,
    due,
    graded,
    happened,
    on_day,
    reading,
    readings,
    said,
)

DAY = {"amount": 1, "unit": "working_day"}
FOUR_HOURS = {"amount": 4, "unit": "hour"}
BEGUN = happened("begun", "2025-03-12 10:00", 10)


# --- In time or late. ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("limit", "stopped", "state", "late"),
    [
        (DAY, "2025-03-13 23:59:59", "met", None),  # on the instant is in time
        (DAY, "2025-03-14 00:00:00", "late", (1, 1, "working_day")),
        (DAY, "2025-03-16 12:00:00", "late", (216_001, 1, "working_day")),
        (DAY, "2025-03-17 00:00:00", "late", (259_201, 2, "working_day")),
        (FOUR_HOURS, "2025-03-12 14:00:00", "met", None),
        (FOUR_HOURS, "2025-03-12 14:00:01", "late", (1, 1, "second")),
        ({"amount": 1, "unit": "day"}, "2025-03-14 00:00:00", "late", (1, 1, "day")),
        ({"amount": 1, "unit": "week"}, "2025-03-22 10:00:00", "late", (208_801, 3, "day")),
        ({"amount": 1, "unit": "month"}, "2025-04-12 23:59:59", "met", None),
    ],
)
def test_lateness(
    limit: dict[str, Any], stopped: str, state: str, late: tuple[int, int, str] | None
) -> None:
    found = reading(clock(limit=limit), BEGUN, happened("done", stopped))

    assert found.state == state
    by = found.late
    assert ((by.seconds, by.units, by.unit) if by else None) == late


def test_late_on_the_due_day_itself_is_one_in_the_unit_of_the_clock() -> None:
    """A customer's noon is missed in the afternoon: no whole day lies between."""
    noon, two = at("2025-03-12 12:00"), at("2025-03-12 14:00")

    for unit, said_in in (("working_day", "working_day"), ("week", "day")):
        found = lateness(noon, two, unit, CN)
        assert found
        assert (found.seconds, found.units, found.unit) == (7_200, 1, said_in)
    over_a_weekend = lateness(
        at("2025-03-14 12:00"), at("2025-03-15 12:00"), "working_day", CN
    )
    assert over_a_weekend
    assert over_a_weekend.units == 1


def test_overdue_is_only_an_answer_for_an_instant() -> None:
    open_, closed = (
        reading(clock(limit=FOUR_HOURS), BEGUN, *more)
        for more in ((), (happened("done", "2025-03-12 15:00"),))
    )

    assert [open_.overdue(at(f"2025-03-12 14:00:0{s}")) for s in (0, 1)] == [False, True]
    assert (open_.state, closed.state) == ("running", "late")
    assert not closed.overdue(at("2025-03-13 10:00"))


def test_a_date_without_a_time_is_its_start_as_a_start_and_its_end_as_a_stop() -> None:
    found = reading(
        clock(limit={"amount": 24, "unit": "hour"}),
        on_day("begun", "2025-03-12"),
        on_day("done", "2025-03-12"),
    )

    assert found.started.at == at("2025-03-12 00:00")
    assert found.stopped
    assert (found.stopped.at, found.state) == (at("2025-03-12 23:59:59"), "met")


# --- Which runs there are. -------------------------------------------------------------

THREE = [
    happened("begun", "2025-03-10 10:00", 1),
    happened("done", "2025-03-10 12:00", 2),
    happened("begun", "2025-03-12 10:00", 3),
    happened("begun", "2025-03-13 10:00", 4),
    happened("done", "2025-03-18 09:00", 5),
]


@pytest.mark.parametrize(
    ("parts", "found"),
    [
        ({}, [("03-11 23:59:59", "met")]),
        ({"occurrence": "latest"}, [("03-14 23:59:59", "late")]),
        (
            {"occurrence": "each"},
            [
                ("03-11 23:59:59", "met"),
                ("03-13 23:59:59", "late"),
                ("03-14 23:59:59", "late"),
            ],
        ),
        (
            {"occurrence": "each", "start_again": "after_stop"},
            [("03-11 23:59:59", "met"), ("03-13 23:59:59", "late")],
        ),
    ],
)
def test_each_start_first_or_latest(
    parts: dict[str, Any], found: list[tuple[str, str]]
) -> None:
    assert said(readings(clock(limit=DAY, **parts), *THREE)) == found


def test_without_a_start_there_is_no_run() -> None:
    assert readings(clock(limit=DAY), happened("done", "2025-03-12 10:00")) == ()


def test_a_question_waits_for_its_own_answer() -> None:
    asked = clock(limit=DAY, occurrence="each", pair_field="question")

    found = readings(
        asked,
        happened("begun", "2025-03-12 09:00", question="Q1"),
        happened("begun", "2025-03-12 10:00", question="Q2"),
        happened("done", "2025-03-13 09:00", question="Q2"),
        happened("done", "2025-03-14 09:00", question="Q1"),
    )

    assert said(found) == [("03-13 23:59:59", "late"), ("03-13 23:59:59", "met")]


def test_equal_instants_are_ordered_by_position() -> None:
    made, noon = clock(limit=DAY), "2025-03-12 12:00"

    before = reading(made, happened("done", noon, 1), happened("begun", noon, 2))
    after = reading(made, happened("begun", noon, 1), happened("done", noon, 2))

    assert (before.state, after.state) == ("running", "met")


@pytest.mark.parametrize(
    ("stopped", "state"),
    [("2024-10-29 23:59:59", "running"), ("2024-10-30 00:00:00", "met")],
)
def test_a_callback_read_as_at_day_30_cannot_be_made_before(
    stopped: str, state: str
) -> None:
    days = {"amount": 30, "unit": "day"}

    found = reading(
        clock(limit=days, not_before=days),
        happened("begun", "2024-09-30 16:00"),
        happened("done", stopped),
    )

    assert (found.state, found.due) == (state, at("2024-10-30 23:59:59"))


# --- Whether it applies. ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "runs", "rests_on"),
    [({"urgent": True}, 0, ()), ({"urgent": False}, 1, ()), ({}, 1, ("urgent",))],
)
def test_a_clock_of_which_nobody_knows_whether_it_applies_runs(
    facts: Facts, runs: int, rests_on: tuple[str, ...]
) -> None:
    found = readings(
        clock(limit=DAY, applies_when={"not": {"fact": "urgent"}}), BEGUN, facts=facts
    )

    assert len(found) == runs
    assert all(run.conditional_on == rests_on for run in found)


# --- Years nobody published. -----------------------------------------------------------


def test_a_provisional_due_date_says_so_and_a_customers_date_is_none() -> None:
    made = clock(limit=DAY, customer_deadline="replace")
    start = happened("begun", "2026-12-31 10:00")
    asked = happened(
        "customer_deadline_set",
        "2026-12-31 11:00",
        clock="CLK-a",
        until=at("2027-01-08 12:00"),
    )

    assert reading(made, start).provisional_years == (2027,)
    assert reading(made, start, asked).provisional_years == ()


# --- Order. ----------------------------------------------------------------------------


def test_the_order_in_which_things_become_known_changes_nothing() -> None:
    made = clock(
        by_grade={"urgent": {"amount": 2, "unit": "hour"}, "general": DAY},
        pauses=[{"from": {"event": "paused"}, "to": {"event": "resumed"}}],
    )
    story = [
        BEGUN,
        graded("general", "2025-03-12 10:05"),
        happened("paused", "2025-03-12 11:00"),
        happened("resumed", "2025-03-12 12:00"),
        graded("urgent", "2025-03-12 12:30"),
    ]

    found = {str(reading(made, *order)) for order in permutations(story)}

    assert len(found) == 1
    assert due(made, *story) == at("2025-03-12 14:30")


def test_a_date_is_the_day_its_source_wrote() -> None:
    """Midnight in Tokyo is still the day before in Shanghai."""
    tokyo = timezone(timedelta(hours=9))
    told = Happening("begun", datetime(2025, 3, 12, tzinfo=tokyo), 1, {}, whole_day=True)

    assert reading(clock(limit=DAY), told).started.at == at("2025-03-12 00:00")
