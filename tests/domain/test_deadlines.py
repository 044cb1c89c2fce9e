"""Deadlines as they are recorded: each with the fact that starts, moves or stops it."""

from typing import Any

import pytest

from domain.complaint import (
    action,
    contact,
    correction,
    grading,
    intake,
    investigation,
    items,
    timing,
)
from tests.domain.calendars import at
from tests.domain.timed import Timed, book

S46, S37, S30 = book("S46@1"), book("S37@1"), book("S30@1")
CORRECTIVE, PREVENTIVE = "CLK-corrective-answer", "CLK-preventive-answer"


def a01() -> Timed:
    told = Timed(S46, "2025-04-30 15:40")
    assert told.say(intake.accepted, "2025-04-30 16:20", unit="技术质量部") == [
        "set corrective-answer/1 05-06 23:59:59",
        "set preventive-answer/1 05-08 23:59:59",
    ]
    return told


# --- The scenarios. ---------------------------------------------------------------------


def test_a01_two_answers_across_labour_day() -> None:
    told = a01()

    assert told.say(contact.replied, "2025-05-06 15:00", part="corrective") == [
        "stopped corrective-answer/1 05-06 15:00:00"
    ]
    assert told.say(contact.replied, "2025-05-09 09:30", part="preventive") == [
        "stopped preventive-answer/1 05-09 09:30:00"
    ]

    assert told.verdicts(CORRECTIVE) == ["met"]
    assert told.verdicts(PREVENTIVE) == ["late"]


RESPONSE: dict[str, Any] = {
    "name": {"zh": "响应", "en": "response"},
    "clause": "S45@1#grades",
    "start": [{"event": "received"}],
    "stop": [{"event": "response_started"}],
    "by_grade": {
        "urgent": {"amount": 2, "unit": "hour"},
        "important": {"amount": 4, "unit": "hour"},
        "general": {"amount": 8, "unit": "hour"},
    },
}


def graded(told: Timed, code: str, since: str) -> list[str]:
    return told.say(grading.grade, since, scheme="S45", code=code, reason="r")


@pytest.mark.parametrize(
    ("started", "verdict"),
    [("2025-03-12 16:05:00", "met"), ("2025-03-12 16:30:00", "late")],
)
def test_a04_a_graver_grade_takes_the_earlier_instant(started: str, verdict: str) -> None:
    told = Timed(book("S45@1", **{"CLK-response": RESPONSE}), "2025-03-12 13:00")

    assert told.complaint.deadlines == {}  # until it is graded it waits
    assert graded(told, "important", "2025-03-12 13:10") == [
        "set response/1 03-12 17:00:00"
    ]
    assert graded(told, "urgent", "2025-03-12 14:05") == [
        "moved response/1 03-12 17:00:00 -> 03-12 16:05:00 (graded)"
    ]
    told.say(timing.response_started, started)

    assert told.verdicts("CLK-response") == [verdict]


def test_a05_a_week_is_a_week_although_a_holiday() -> None:
    told = Timed(book("S45@1"), "2024-09-29 09:00")
    told.say(action.action_planned, "2024-09-29 10:00", action="A1", text="t")

    assert told.say(action.action_implemented, "2024-09-30 17:00", action="A1") == [
        "set verification/1 10-07 23:59:59"
    ]
    told.say(action.verify, "2024-10-08 09:00", result="effective", side_effect=False)

    assert told.verdicts("CLK-verification") == ["late"]


def test_a05_feedback_within_a_working_day_after_national_day() -> None:
    feedback = {
        "name": {"zh": "反馈", "en": "feedback"},
        "clause": "S45@1#later clocks",
        "start": [{"event": "action_implemented"}],
        "stop": [{"event": "contacted", "where": {"outward": True}}],
        "limit": {"amount": 1, "unit": "working_day"},
    }
    told = Timed(book("S45@1", **{"CLK-feedback": feedback}), "2024-09-29 09:00")
    told.say(action.action_planned, "2024-09-29 10:00", action="A1", text="t")

    assert told.say(action.action_implemented, "2024-09-30 16:00", action="A1") == [
        "set feedback/1 10-08 23:59:59"
    ]
    told.say(contact.contacted, "2024-10-08 10:00", channel="phone", outward=False)
    told.say(contact.contacted, "2024-10-08 11:00", channel="phone")

    assert told.verdicts("CLK-feedback") == ["met"]
    assert told.deadline("CLK-feedback").stopped_at == at("2024-10-08 11:00")


def test_a06_two_working_days_with_a_make_up_sunday() -> None:
    told = Timed(book("S2@1"), "2025-01-23 17:00")

    assert told.due("CLK-determination") == at("2025-01-26 23:59:59")
    told.say(investigation.determine, "2025-01-27 09:00", result="product")

    assert told.verdicts("CLK-determination") == ["late"]


def test_a17_each_hand_over_is_a_run_of_its_own() -> None:
    told = Timed(S37, "2025-09-26 10:00")

    said = [
        told.say(contact.handed_over, since, step="s", to_unit=unit)
        for since, unit in [
            ("2025-09-26 11:00", "service"),
            ("2025-09-29 10:00", "customer service"),
        ]
    ]
    told.say(contact.customer_confirmed, "2025-09-30 15:00", result="rejected")
    told.say(contact.handed_over, "2025-09-30 15:00", step="s", to_unit="service")
    told.say(contact.handed_over, "2025-10-09 09:00", step="s", to_unit="customer service")
    told.say(contact.customer_confirmed, "2025-10-09 16:00", result="accepted")

    assert said == [
        ["set step/1 09-28 23:59:59"],  # a make-up Sunday
        ["stopped step/1 09-29 10:00:00", "set step/2 09-30 23:59:59"],
    ]
    assert [told.due("CLK-step", n) for n in (3, 4)] == [
        at("2025-10-09 23:59:59"),
        at("2025-10-10 23:59:59"),
    ]
    assert told.verdicts("CLK-step") == ["late", "met", "met", "met"]
    assert told.deadline("CLK-step", 2).holder == "customer service"


def test_a19_a_month_and_the_weekly_reviews() -> None:
    told = Timed(S30, "2025-01-31 10:00")
    assert told.due("CLK-8D") == at("2025-02-28 23:59:59")  # the month's last day
    told.say(action.action_planned, "2025-02-19 10:00", action="A1", text="t")

    assert told.say(action.action_implemented, "2025-02-20 09:00", action="A1") == [
        "set weekly-review/1 02-27 23:59:59"
    ]
    told.say(contact.replied, "2025-02-27 18:00", part="report")

    assert told.verdicts("CLK-8D") == ["met"]


# --- What moves one. --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mode", "until", "due"),
    [
        ("replace", "2025-05-15 12:00", "2025-05-15 12:00"),
        ("replace", "2025-05-05 12:00", "2025-05-05 12:00"),
        ("earliest", "2025-05-15 12:00", "2025-05-06 23:59:59"),
        ("earliest", "2025-05-05 12:00", "2025-05-05 12:00"),
        ("ignore", "2025-05-05 12:00", "2025-05-06 23:59:59"),
    ],
)
def test_the_customers_date_in_three_modes(mode: str, until: str, due: str) -> None:
    answer = {
        "name": {"zh": "答复", "en": "answer"},
        "clause": "S46@1#5.2.1",
        "start": [{"event": "accepted"}],
        "stop": [{"event": "replied"}],
        "limit": {"amount": 1, "unit": "working_day"},
        "customer_deadline": mode,
    }
    told = Timed(book("S46@1", **{CORRECTIVE: answer}), "2025-04-30 15:40")
    told.say(intake.accepted, "2025-04-30 16:20", unit="u")

    told.say(
        timing.customer_deadline_set, "2025-04-30 17:00", clock=CORRECTIVE, until=at(until)
    )

    assert told.due(CORRECTIVE) == at(due)


def test_a_date_of_the_customers_gives_an_urgent_case_a_due_instant() -> None:
    told = a01()
    said = told.say(
        items.fact_established, "2025-04-30 16:30", fact="urgent_or_special", value=True
    )
    assert said == [
        "moved corrective-answer/1 05-06 23:59:59 -> void (fact_established)",
        "moved preventive-answer/1 05-08 23:59:59 -> void (fact_established)",
        "set urgent-answer/1 immediate",
        "set urgent-preventive/1 immediate",
    ]
    urgent = told.deadline("CLK-urgent-answer")
    assert (urgent.open, urgent.overdue(at("2030-01-01 00:00"))) == (True, False)

    assert told.say(
        timing.customer_deadline_set,
        "2025-04-30 17:00",
        clock="CLK-urgent-answer",
        until=at("2025-05-01 12:00"),
    ) == ["moved urgent-answer/1  -> 05-01 12:00:00 (customer_deadline_set)"]


def test_what_is_not_urgent_after_all_is_owed_as_before() -> None:
    told = a01()
    for value in (True, False):
        told.say(
            items.fact_established,
            "2025-04-30 16:30",
            fact="urgent_or_special",
            value=value,
        )

    assert told.due(CORRECTIVE) == at("2025-05-06 23:59:59")
    assert told.verdicts("CLK-urgent-answer") == ["void"]


def test_a_corrected_start_moves_it_and_a_corrected_stop_judges_it_anew() -> None:
    told = a01()
    told.say(contact.replied, "2025-05-07 15:00", part="corrective")
    assert told.verdicts(CORRECTIVE) == ["late"]

    said = told.say(
        correction.correct,
        "2025-05-09 10:00",
        corrects=told.version("replied"),
        field="when.occurred_at",
        new="2025-05-06T15:00:00+08:00",
        reason="r",
    )
    assert said == ["stopped corrective-answer/1 05-06 15:00:00"]
    assert told.verdicts(CORRECTIVE) == ["met"]

    said = told.say(
        correction.correct,
        "2025-05-09 10:00",
        corrects=told.version("accepted"),
        field="when.occurred_at",
        new="2025-04-29T16:20:00+08:00",
        reason="r",
    )
    assert said == [
        "moved corrective-answer/1 05-06 23:59:59 -> 04-30 23:59:59 (corrected)",
        "moved preventive-answer/1 05-08 23:59:59 -> 05-07 23:59:59 (corrected)",
    ]
    assert told.verdicts(CORRECTIVE) == ["late"]


def test_a_reply_that_was_of_another_part_stops_it_no_longer() -> None:
    told = a01()
    told.say(contact.replied, "2025-05-06 15:00", part="corrective")

    said = told.say(
        correction.correct,
        "2025-05-07 10:00",
        corrects=told.version("replied"),
        field="part",
        new="preventive",
        reason="r",
    )

    assert said == [
        "stopped corrective-answer/1 runs again",
        "stopped preventive-answer/1 05-06 15:00:00",
    ]
    assert told.deadline(CORRECTIVE).overdue(at("2025-05-07 00:00:00"))


def test_an_earlier_start_that_is_known_later_moves_it() -> None:
    told = a01()

    assert told.say(intake.accepted, "2025-04-29 09:00", unit="u") == [
        "moved corrective-answer/1 05-06 23:59:59 -> 04-30 23:59:59 (accepted)",
        "moved preventive-answer/1 05-08 23:59:59 -> 05-07 23:59:59 (accepted)",
    ]
    assert told.say(intake.accepted, "2025-05-01 09:00", unit="u") == []


def test_what_the_regulation_does_not_count_runs_no_clock() -> None:
    told = Timed(S30, "2025-01-31 10:00")

    assert told.say(
        intake.screen, "2025-02-01 10:00", outcome="not_justified", reason="r"
    ) == ["moved 8D/1 02-28 23:59:59 -> void (screened)"]


PAUSES = [
    {
        "from": {"event": "paused", "where": {"reason": "sample"}},
        "to": {"event": "resumed", "where": {"reason": "sample"}},
    }
]


def test_a_pause_leaves_nothing_due_until_it_goes_on_with_the_rest() -> None:
    told = Timed(
        book("S45@1", **{"CLK-response": {**RESPONSE, "pauses": PAUSES}}),
        "2025-03-12 13:00",
    )
    graded(told, "important", "2025-03-12 13:10")

    assert told.say(timing.pause, "2025-03-12 14:00", reason="sample") == [
        "moved response/1 03-12 17:00:00 -> paused (paused)"
    ]
    assert not told.deadline("CLK-response").overdue(at("2025-03-13 12:00"))
    assert told.say(contact.contacted, "2025-03-12 20:00", channel="phone") == []
    assert told.say(timing.resume, "2025-03-13 09:00", reason="sample") == [
        "moved response/1  -> 03-13 12:00:00 (resumed)"
    ]
    assert told.say(timing.resume, "2025-03-13 09:30", reason="sample") == []


# --- What is not recorded. --------------------------------------------------------------


def test_what_no_clock_listens_to_records_nothing() -> None:
    told = a01()

    assert told.say(contact.contacted, "2025-04-30 17:00", channel="phone") == []
    assert (
        told.say(items.fact_established, "2025-04-30 17:00", fact="injury", value=True)
        == []
    )


def test_what_the_events_say_is_all_there_is_to_know() -> None:
    told = a01()
    told.say(contact.replied, "2025-05-06 15:00", part="corrective")

    assert told.replayed() == told.complaint
