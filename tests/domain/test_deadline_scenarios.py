"""The deadlines of the scenarios as a ledger records them, exact."""

import pytest

from domain.complaint import (
    action,
    contact,
    effect,
    investigation,
    timing,
)
from tests.domain.calendars import at
from tests.domain.timed import RESPONSE, Timed, a01, book, graded

S37, S30 = book("S37@1"), book("S30@1")
CORRECTIVE, PREVENTIVE = "CLK-corrective-answer", "CLK-preventive-answer"


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
    told.say(effect.verify, "2024-10-08 09:00", result="effective", side_effect=False)

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
