"""Limits without a number, the dates that customers set, and acts that are owed again."""

from itertools import permutations
from typing import Any

import pytest

from tests.domain.calendars import at
from tests.domain.clocks import clock, happened, reading, readings, said

DAY = {"amount": 1, "unit": "working_day"}
BEGUN = happened("begun", "2025-03-12 10:00", 10)


# --- Limits without an amount. ---------------------------------------------------------


def test_at_once_has_no_due_instant_and_is_never_overdue() -> None:
    at_once = clock(limit={"immediate": True}, customer_deadline="earliest")
    asked = happened(
        "customer_deadline_set",
        "2025-03-12 10:30",
        clock="CLK-a",
        until=at("2025-03-12 18:00"),
    )

    alone, dated = reading(at_once, BEGUN), reading(at_once, BEGUN, asked)
    answered = reading(at_once, BEGUN, happened("done", "2025-03-20 10:00"))

    assert (alone.due, alone.state) == (None, "immediate")
    assert not alone.overdue(at("2030-01-01 00:00"))
    assert (answered.state, answered.late) == ("immediate", None)
    assert (dated.due, dated.state) == (at("2025-03-12 18:00"), "running")


@pytest.mark.parametrize(
    ("until", "ends"),
    [
        (at("2025-03-14 17:00"), "2025-03-14 17:00:00"),
        (at("2025-03-14 17:00").date(), "2025-03-14 23:59:59"),
    ],
)
def test_the_instant_promised_is_the_limit(until: object, ends: str) -> None:
    promise = clock(limit={"until_field": "until"}, occurrence="each")

    found = reading(promise, happened("begun", "2025-03-12 10:00", until=until))

    assert (found.due, found.state) == (at(ends), "running")


def test_a_date_nobody_has_agreed_yet_is_waited_for() -> None:
    found = reading(clock(limit={"until_field": "until"}), BEGUN)

    assert (found.due, found.state, found.steps[0].kind) == (None, "waiting", "no_date")


# --- The customer's date. --------------------------------------------------------------


@pytest.mark.parametrize(
    ("mode", "until", "ends"),
    [
        ("replace", "2025-03-12 18:00", "2025-03-12 18:00"),
        ("replace", "2025-03-20 18:00", "2025-03-20 18:00"),
        ("earliest", "2025-03-12 18:00", "2025-03-12 18:00"),
        ("earliest", "2025-03-20 18:00", "2025-03-13 23:59:59"),
        ("ignore", "2025-03-12 18:00", "2025-03-13 23:59:59"),
    ],
)
def test_the_customers_date(mode: str, until: str, ends: str) -> None:
    asked = happened(
        "customer_deadline_set", "2025-03-12 09:00", clock="CLK-a", until=at(until)
    )

    found = reading(clock(limit=DAY, customer_deadline=mode), BEGUN, asked)

    assert found.due == at(ends)
    (change,) = found.adjustments
    assert (change.old, change.new) == (at("2025-03-13 23:59:59"), at(ends))
    assert (change.by, change.stated) == (mode, at(until))


def test_the_customers_latest_word_before_the_stop_counts_and_for_that_clock_only() -> None:
    def asked(when: str, until: str, of: str = "CLK-a") -> Any:
        return happened("customer_deadline_set", when, clock=of, until=at(until))

    story = [
        BEGUN,
        asked("2025-03-12 11:00", "2025-03-20 12:00"),
        asked("2025-03-12 12:00", "2025-03-18 12:00"),
        asked("2025-03-12 13:00", "2025-03-12 14:00", "CLK-b"),
        happened("done", "2025-03-14 10:00"),
        asked("2025-03-14 11:00", "2025-03-13 12:00"),
    ]
    made = clock(limit=DAY, customer_deadline="replace")

    found = reading(made, *story)

    assert (found.due, found.state, len(found.adjustments)) == (
        at("2025-03-18 12:00"),
        "met",
        2,
    )
    assert {str(reading(made, *order)) for order in permutations(story)} == {str(found)}


# --- Recurring. ------------------------------------------------------------------------


def test_turns_count_from_the_anchor_and_not_from_the_last() -> None:
    monthly = clock(every=[{"amount": 1, "unit": "month", "chain": "from_anchor"}])

    found = readings(
        monthly,
        happened("begun", "2024-01-31 10:00"),
        happened("done", "2024-02-20 10:00"),
        happened("done", "2024-04-01 10:00"),
        now="2024-05-02 10:00",
    )

    assert said(found) == [
        ("02-29 23:59:59", "met"),
        ("03-31 23:59:59", "missed"),  # the act of 1 April is that of the next turn
        ("04-30 23:59:59", "met"),
        ("05-31 23:59:59", "running"),
    ]


def test_a_project_is_called_monthly_for_a_year_and_quarterly_after() -> None:
    callback = clock(
        every=[
            {"amount": 1, "unit": "month", "chain": "from_anchor", "until_age_months": 12},
            {"amount": 3, "unit": "month", "chain": "from_anchor"},
        ]
    )

    found = readings(
        callback, happened("begun", "2023-08-31 10:00"), now="2025-03-01 00:00"
    )

    assert [f"{r.due:%Y-%m-%d}" for r in found if r.due][10:] == [
        "2024-07-31",
        "2024-08-31",
        "2024-11-30",
        "2025-02-28",
        "2025-05-31",
    ]
    assert [r.state for r in found] == ["missed"] * 14 + ["running"]


def test_no_turn_is_owed_after_the_end() -> None:
    weekly = clock(
        every=[{"amount": 1, "unit": "week", "chain": "from_last"}],
        ends=[{"event": "deployed"}],
    )
    start = happened("begun", "2025-02-20 09:00")
    held = happened("done", "2025-02-26 09:00")
    ended = happened("deployed", "2025-03-05 10:00")

    assert said(readings(weekly, start, held, ended, now="2025-06-01 09:00")) == [
        ("02-27 23:59:59", "met")
    ]
    assert said(readings(weekly, start, ended, now="2025-06-01 09:00")) == [
        ("02-27 23:59:59", "missed")
    ]


def test_a_customers_date_of_one_run_is_not_that_of_the_next() -> None:
    asked = happened(
        "customer_deadline_set",
        "2025-03-12 11:00",
        clock="CLK-a",
        until=at("2025-03-12 18:00"),
    )
    made = clock(limit=DAY, customer_deadline="replace", occurrence="each")
    done, again = (
        happened("done", "2025-03-12 12:00"),
        happened("begun", "2025-03-12 13:00"),
    )

    assert said(readings(made, BEGUN, asked, done, again)) == [
        ("03-12 18:00:00", "met"),
        ("03-13 23:59:59", "running"),
    ]


WEEKLY = {"amount": 1, "unit": "week", "chain": "from_last"}


@pytest.mark.parametrize(
    ("now", "state"),
    [("2025-02-27 23:59:59", "running"), ("2025-02-28 00:00:00", "missed")],
)
def test_a_turn_is_missed_only_after_its_last_second(now: str, state: str) -> None:
    begun = happened("begun", "2025-02-20 09:00")

    assert readings(clock(every=[WEEKLY]), begun, now=now)[0].state == state


def test_an_act_on_the_last_second_is_in_time_and_one_at_the_start_is_none() -> None:
    begun = happened("begun", "2025-02-20 09:00", 1)
    on_the_dot = happened("done", "2025-02-27 23:59:59", 2)
    made = clock(every=[WEEKLY], stop=[{"event": "begun"}, {"event": "done"}])

    found = readings(made, begun, on_the_dot, now="2025-02-28 09:00")

    assert said(found) == [("02-27 23:59:59", "met"), ("03-06 23:59:59", "running")]


@pytest.mark.parametrize(
    ("called", "owed"), [("2025-01-14", "02-14"), ("2025-01-15", "04-15")]
)
def test_a_year_after_the_anchor_the_longer_turns_begin(called: str, owed: str) -> None:
    phases = [
        {"amount": 1, "unit": "month", "chain": "from_last", "until_age_months": 12},
        {"amount": 3, "unit": "month", "chain": "from_last"},
    ]
    story = [happened("begun", "2024-01-15 10:00")]
    story += [happened("done", f"2024-{month:02}-15 10:00") for month in range(2, 13)]

    found = readings(
        clock(every=phases),
        *story,
        happened("done", f"{called} 10:00"),
        now="2025-01-16 10:00",
    )

    assert said(found)[-1] == (f"{owed} 23:59:59", "running")
