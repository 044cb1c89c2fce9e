"""The numbers of the scenarios that concern clocks, exact, each with its arithmetic."""

from datetime import timedelta

import pytest

from domain.clock_arithmetic import over, reckon
from domain.clock_words import late_by, printed
from domain.rulebooks.clocks import Span
from tests.domain.calendars import CN, at, with_hours
from tests.domain.clocks import clock, due, graded, happened, reading, readings, said

ONE_WORKING_DAY = {"amount": 1, "unit": "working_day"}


def answer(days: int, part: str) -> dict[str, object]:
    return {
        "start": [{"event": "accepted"}],
        "stop": [{"event": "replied", "where": {"part": part}}],
        "limit": {"amount": days, "unit": "working_day"},
        "customer_deadline": "replace",
    }


def test_a01_two_answers_across_labour_day() -> None:
    story = [
        happened("received", "2025-04-30 15:40"),
        happened("accepted", "2025-04-30 16:20", 17),
        graded("B", "2025-04-30 16:40", "S46"),
        happened("replied", "2025-05-06 15:00", part="corrective"),
        happened("replied", "2025-05-09 09:30", 31, part="preventive"),
    ]

    corrective = reading(clock(**answer(1, "corrective")), *story)
    preventive = reading(clock(**answer(3, "preventive")), *story)

    assert (corrective.due, corrective.state) == (at("2025-05-06 23:59:59"), "met")
    assert (preventive.due, preventive.state) == (at("2025-05-08 23:59:59"), "late")
    assert preventive.late
    assert (preventive.late.seconds, preventive.late.units) == (34_201, 1)
    assert printed(preventive, "en") == [
        "a limit (CLK-a), clause S45@1#1, limit: 3 working days",
        "starts: 2025-04-30 16:20:00 accepted (#17); times are those of Asia/Shanghai",
        "2025-04-30 is day 0",
        "plus 3 working days",
        "2025-05-01 Thu: Labour Day, not counted",
        "2025-05-02 Fri: Labour Day, not counted",
        "2025-05-03 Sat: Labour Day, not counted",
        "2025-05-04 Sun: Labour Day, not counted",
        "2025-05-05 Mon: Labour Day, not counted",
        "2025-05-06 Tue: workday, working day 1",
        "2025-05-07 Wed: workday, working day 2",
        "2025-05-08 Thu: workday, working day 3",
        "due: 2025-05-08 23:59:59",
        "stopped: 2025-05-09 09:30:00 replied (#31): late 1 working day",
    ]
    assert printed(preventive, "zh", {"replied": "回复"})[-3:] == [
        "2025-05-08 周四: 工作日, 第 3 个工作日",
        "到期: 2025-05-08 23:59:59",
        "完成: 2025-05-09 09:30:00 回复 (#31): 逾期 1 个工作日",
    ]


RESPONSE = clock(
    start=[{"event": "received"}],
    stop=[{"event": "response_started"}],
    by_grade={
        "urgent": {"amount": 2, "unit": "hour"},
        "important": {"amount": 4, "unit": "hour"},
        "general": {"amount": 8, "unit": "hour"},
    },
)


@pytest.mark.parametrize(
    ("answered", "state", "late"),
    [
        ("2025-03-12 16:05:00", "met", None),
        ("2025-03-12 16:05:01", "late", "1 second"),
        ("2025-03-12 16:30:00", "late", "25 minutes"),
    ],
)
def test_a04_the_tenth_unit_brings_the_response_forward(
    answered: str, state: str, late: str | None
) -> None:
    tenth = happened("upgraded", "2025-03-12 14:05", scheme="S45", to="urgent")
    nine = [
        happened("received", "2025-03-12 13:00"),
        graded("important", "2025-03-12 13:10"),
    ]

    before = reading(RESPONSE, *nine)
    after = reading(RESPONSE, *nine, tenth, happened("response_started", answered))

    assert before.due == at("2025-03-12 17:00")
    assert (after.due, after.state) == (at("2025-03-12 16:05"), state)
    (moved,) = after.adjustments
    assert (moved.old, moved.new) == (at("2025-03-12 17:00"), at("2025-03-12 16:05"))
    assert (late_by(after.late, "en") if after.late else None) == late


def test_a04_a_threat_at_night_is_answered_at_night() -> None:
    found = reading(
        RESPONSE,
        happened("received", "2025-03-14 22:30"),
        graded("urgent", "2025-03-14 22:31"),
    )

    assert found.due == at("2025-03-15 00:30")
    assert found.limit is not None
    assert (found.limit.amount, found.limit.grade) == (2, "urgent")


def test_a05_feedback_verification_and_callback_across_national_day() -> None:
    executed = happened("begun", "2024-09-30 16:00")
    implemented = happened("begun", "2024-09-30 17:00")

    feedback = reading(
        clock(limit=ONE_WORKING_DAY), executed, happened("done", "2024-10-08 11:00")
    )
    verified = reading(
        clock(limit={"amount": 1, "unit": "week"}),
        implemented,
        happened("done", "2024-10-08 09:00"),
    )
    callback = due(clock(limit={"amount": 30, "unit": "day"}), executed)

    assert (feedback.due, feedback.state) == (at("2024-10-08 23:59:59"), "met")
    assert (verified.due, verified.state) == (at("2024-10-07 23:59:59"), "late")
    assert verified.late
    assert (verified.late.units, verified.late.unit) == (1, "day")
    assert callback == at("2024-10-30 23:59:59")


@pytest.mark.parametrize(
    ("start", "ends"),
    [
        ("2025-01-23 17:00", "2025-01-26 23:59:59"),  # told to QC; a make-up Sunday
        ("2025-02-05 10:00", "2025-02-07 23:59:59"),  # goods arrived, the other start
    ],
)
def test_a06_two_working_days(start: str, ends: str) -> None:
    two = clock(limit={"amount": 2, "unit": "working_day"})

    found = reading(
        two, happened("begun", start), happened("done", "2025-02-08 09:00"), now=start
    )

    assert found.due == at(ends)
    assert found.calendar.years == {2025: 1}


def test_a06_monday_is_one_working_day_late_although_the_due_day_was_a_sunday() -> None:
    two = clock(limit={"amount": 2, "unit": "working_day"})

    found = reading(
        two, happened("begun", "2025-01-23 17:00"), happened("done", "2025-01-27 09:00")
    )

    assert found.late
    assert (found.late.units, found.late.unit, found.late.seconds) == (
        1,
        "working_day",
        32_401,
    )
    assert [(day.kind, day.counted) for day in found.days] == [
        ("workday", 1),
        ("weekend", None),
        ("makeup", 2),
    ]


def test_a14_two_months_after_the_last_update() -> None:
    last = happened("begun", "2025-03-10 10:00")

    found = reading(clock(limit={"amount": 2, "unit": "month"}), last)

    assert found.due == at("2025-05-10 23:59:59")
    assert not found.overdue(at("2025-05-10 23:59:59"))
    assert found.overdue(at("2025-05-11 00:00:00"))


def test_a17_each_hand_over_is_a_run_and_whose_it_is() -> None:
    step = clock(
        start=[{"event": "handed_over"}],
        stop=[
            {"event": "handed_over"},
            {"event": "customer_confirmed", "where": {"result": "accepted"}},
        ],
        limit=ONE_WORKING_DAY,
        occurrence="each",
        holder_field="to_unit",
    )

    found = readings(
        step,
        happened("handed_over", "2025-09-26 11:00", to_unit="service"),
        happened("handed_over", "2025-09-29 10:00", to_unit="customer service"),
        happened("customer_confirmed", "2025-09-30 15:00", result="rejected"),
        happened("handed_over", "2025-09-30 15:00", to_unit="service"),
        happened("handed_over", "2025-10-09 09:00", to_unit="customer service"),
        happened("customer_confirmed", "2025-10-09 16:00", result="accepted"),
    )

    assert said(found) == [
        ("09-28 23:59:59", "late"),  # a make-up Sunday
        ("09-30 23:59:59", "met"),
        ("10-09 23:59:59", "met"),
        ("10-10 23:59:59", "met"),
    ]
    assert found[0].late
    assert (found[0].late.units, found[0].late.unit) == (1, "working_day")
    assert [run.started.holder for run in found][:2] == ["service", "customer service"]
    assert [run.run for run in found] == [1, 2, 3, 4]


def test_a19_a_month_from_the_31st_is_the_last_of_february() -> None:
    found = reading(
        clock(limit={"amount": 1, "unit": "month"}),
        happened("begun", "2025-01-31 10:00"),
        happened("done", "2025-02-27 18:00"),
    )

    assert (found.due, found.state) == (at("2025-02-28 23:59:59"), "met")
    assert "that month has no such day: its last one, 2025-02-28" in printed(found, "en")


@pytest.mark.parametrize(
    ("measures", "over_on"), [("2025-02-20", "2025-04-20"), ("2025-04-10", "2025-06-10")]
)
def test_a19_an_observation_is_over_when_its_last_day_begins(
    measures: str, over_on: str
) -> None:
    two_months = Span(amount=2, unit="month")
    start = at(f"{measures} 17:00")

    assert over(start, two_months, CN) == at(f"{over_on} 00:00")
    assert reckon(start, two_months, CN).due == at(f"{over_on} 23:59:59")


def test_a19_nine_days_between_two_weekly_reviews_are_one_review_missed() -> None:
    weekly = clock(
        stop=[{"event": "review_held"}],
        every=[{"amount": 1, "unit": "week", "chain": "from_last"}],
    )

    found = readings(
        weekly,
        happened("begun", "2025-02-20 09:00"),
        *(
            happened("review_held", f"2025-{day} 14:00")
            for day in ("02-26", "03-05", "03-14")
        ),
        now="2025-03-15 08:00",
    )

    assert said(found) == [
        ("02-27 23:59:59", "met"),
        ("03-05 23:59:59", "met"),
        ("03-12 23:59:59", "missed"),
        ("03-19 23:59:59", "met"),
        ("03-21 23:59:59", "running"),
    ]


@pytest.mark.parametrize(
    ("hours", "start", "amount", "ends"),
    [  # the clocks that other products get wrong
        (("08:00-12:00", "13:00-17:00"), "2018-12-28 17:00", 8, "2018-12-29 17:00"),
        (("08:00-12:00", "14:00-18:00"), "2025-03-12 10:00", 2, "2025-03-12 12:00"),
        (("08:00-12:00", "14:00-18:00"), "2025-03-12 10:00", 4, "2025-03-12 16:00"),
        (("08:00-12:00", "14:00-18:00"), "2025-03-12 12:30", 1, "2025-03-12 15:00"),
        (("00:00-24:00",), "2025-03-12 23:30", 1, "2025-03-13 00:30"),
    ],
)
def test_working_hours_know_lunch_and_make_up_days(
    hours: tuple[str, ...], start: str, amount: int, ends: str
) -> None:
    worked = clock(limit={"amount": amount, "unit": "working_hour"})

    found = reading(worked, happened("begun", start), calendar=with_hours(*hours))

    assert found.due == at(ends)
    assert sum(day.seconds or 0 for day in found.days) == timedelta(hours=amount).seconds
