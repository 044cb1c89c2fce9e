"""Deadlines as they are recorded: each with the fact that starts, moves or stops it."""

import pytest

from domain.complaint import (
    contact,
    correction,
    intake,
    items,
    timing,
)
from tests.domain.calendars import at
from tests.domain.timed import RESPONSE, Timed, a01, book, graded

S30 = book("S30@1")
CORRECTIVE, PREVENTIVE = "CLK-corrective-answer", "CLK-preventive-answer"


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
