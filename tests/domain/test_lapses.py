"""Lapses: a due instant that passed unmet is said once, and taken back if it was met."""

from typing import Any

import pytest

from domain.complaint import action, closure, contact, correction, intake, review, timing
from domain.complaint.closure import Closed
from domain.complaint.deadline_lapses import next_moment
from domain.complaint.happened import happened_by
from domain.complaint.intake import Received
from tests.builders import WANG
from tests.domain.calendars import at
from tests.domain.test_calendar_log import over_new_year, published_2027
from tests.domain.timed import RESPONSE, Timed, a01, book, graded

CORRECTIVE, PREVENTIVE = "CLK-corrective-answer", "CLK-preventive-answer"
LATE = "lapsed corrective-answer/1 05-06 23:59:59"


@pytest.mark.parametrize(
    ("until", "lapsed"),
    [("2025-05-06 23:59:59", []), ("2025-05-07 00:00:00", [LATE])],
)
def test_it_lapses_with_the_first_second_after_it_was_due(
    until: str, lapsed: list[str]
) -> None:
    told = a01()

    assert told.passes(until) == lapsed
    assert told.passes(until) == [], "said once"
    assert told.replayed() == told.complaint


def test_each_as_of_its_own_moment_however_late_somebody_looks() -> None:
    told = a01()
    assert told.passes("2025-12-31 09:00") == [
        LATE,
        "lapsed preventive-answer/1 05-08 23:59:59",
    ]
    first, second = told.events[-2:]
    assert first.follows_at == at("2025-05-07 00:00:00")  # type: ignore[attr-defined]
    assert second.follows_at == at("2025-05-09 00:00:00")  # type: ignore[attr-defined]
    assert next_moment(told.complaint) is None


@pytest.mark.parametrize(
    ("happened", "recorded"),
    [
        ("2025-05-06 23:59:59", ["withdrawn corrective-answer/1 05-06 23:59:59 (replied)"]),
        ("2025-05-07 00:00:00", []),
    ],
)
def test_an_answer_told_late_but_given_in_time_takes_it_back(
    happened: str, recorded: list[str]
) -> None:
    told = a01()
    told.passes("2025-05-07 09:00")
    said = told.say(contact.replied, happened, part="corrective")

    assert said[1:] == recorded
    assert told.passes("2025-05-08 09:00") == []
    assert told.replayed() == told.complaint


def test_an_answer_that_came_too_late_lapsed_all_the_same() -> None:
    """Also when it was told before anybody looked."""
    told = a01()
    told.say(contact.replied, "2025-05-07 10:00", part="corrective")
    assert told.passes("2025-05-07 11:00") == [LATE]


def test_a_correction_takes_it_back_and_another_brings_it_again() -> None:
    told = a01()
    told.passes("2025-05-07 09:00")
    told.say(contact.replied, "2025-05-06 10:00", part="corrective")
    replied = told.version("replied")
    corrected: dict[str, Any] = {"corrects": replied, "field": "when.occurred_at"}

    wrong = "2025-05-07T08:00:00+08:00"
    told.say(correction.correct, "2025-05-07 10:00", **corrected, new=wrong, reason="r")
    assert told.passes("2025-05-07 11:00") == [LATE]
    right = "2025-05-06T11:00:00+08:00"
    said = told.say(
        correction.correct, "2025-05-07 12:00", **corrected, new=right, reason="r"
    )
    assert said[-1] == "withdrawn corrective-answer/1 05-06 23:59:59 (corrected)"
    assert told.passes("2025-05-07 13:00") == []


def test_a_date_that_moved_takes_it_back_until_that_one_has_passed() -> None:
    told = a01()
    told.passes("2025-05-07 09:00")
    said = told.say(
        timing.customer_deadline_set,
        "2025-04-30 17:00",
        clock=CORRECTIVE,
        until=at("2025-05-07 12:00"),
    )

    assert (
        said[-1] == "withdrawn corrective-answer/1 05-06 23:59:59 (customer_deadline_set)"
    )
    assert told.passes("2025-05-07 12:00") == []
    assert told.passes("2025-05-07 12:01") == ["lapsed corrective-answer/1 05-07 12:00:00"]


def test_while_it_stands_still_nothing_lapses() -> None:
    pauses = [{"from": {"event": "paused"}, "to": {"event": "resumed"}}]
    told = Timed(
        book("S45@1", **{"CLK-r": {**RESPONSE, "pauses": pauses}}), "2025-05-06 09:00"
    )
    graded(told, "urgent", "2025-05-06 09:10")
    told.say(timing.pause, "2025-05-06 10:00", reason="sample")
    assert told.passes("2025-05-06 20:00") == []
    told.say(timing.resume, "2025-05-06 20:00", reason="sample")
    assert told.passes("2025-05-06 21:00:00") == []
    assert told.passes("2025-05-06 21:00:01") == ["lapsed r/1 05-06 21:00:00"]


def test_a_regrade_moves_it_and_the_old_instant_counts_no_more() -> None:
    told = Timed(book("S45@1", **{"CLK-r": RESPONSE}), "2025-05-06 09:00")
    graded(told, "general", "2025-05-06 09:10")
    told.passes("2025-05-06 17:30")
    said = graded(told, "urgent", "2025-05-06 12:00")
    assert said == [
        "moved r/1 05-06 17:00:00 -> 05-06 14:00:00 (graded)",
        "withdrawn r/1 05-06 17:00:00 (graded)",
    ]
    assert told.passes("2025-05-06 17:30") == ["lapsed r/1 05-06 14:00:00"]


def test_at_once_without_a_number_never_lapses() -> None:
    limit = {"limit": {"immediate": True}}
    at_once = {k: v for k, v in RESPONSE.items() if k != "by_grade"} | limit
    told = Timed(book("S46@1", **{"CLK-now": at_once}), "2025-05-06 09:00")
    assert told.deadline("CLK-now").state == "immediate"
    assert told.passes("2035-05-06 09:00") == []


def test_a_provisional_date_does_not_lapse_until_its_year_is_published() -> None:
    told = over_new_year()
    assert told.passes("2027-06-30 09:00") == []

    told.published(published_2027(), "2026-12-20 09:00")

    assert told.passes("2027-01-05 23:59:59") == []
    assert told.passes("2027-01-06 00:00") == ["lapsed corrective-answer/1 01-05 23:59:59"]


@pytest.mark.parametrize(
    ("ended", "lapsed"), [("2025-05-06 12:00", []), ("2025-05-07 12:00", [LATE])]
)
def test_what_was_closed_before_owes_nothing(ended: str, lapsed: list[str]) -> None:
    told = a01()
    said = Closed(who=WANG, decided_at=at(ended), saw=told.complaint.version)
    told.complaint.record(said)
    told.complaint.collect_events()
    assert told.passes("2025-05-07 13:00") == lapsed
    closure.reopen(
        told.complaint, told.rules, who=WANG, at=at("2025-05-07 14:00"), reason="r"
    )
    told.complaint.collect_events()
    assert (told.passes("2025-05-07 15:00") == [LATE]) is not bool(lapsed)


def test_a_complaint_taken_back_before_takes_its_lapse_back() -> None:
    told = a01()
    told.passes("2025-05-07 09:00")
    assert told.say(intake.withdrawn, "2025-05-06 09:00") == [
        "withdrawn corrective-answer/1 05-06 23:59:59 (withdrawn)"
    ]
    assert told.passes("2025-06-07 09:00") == []


def test_of_an_imported_complaint_nothing_lapses() -> None:
    told = a01()
    first = next(told.complaint.all(Received))
    told.complaint.happened[1] = first.model_copy(update={"origin": "imported"})
    assert told.passes("2025-12-30 09:00") == []


def test_what_had_lapsed_by_an_instant() -> None:
    """As of an instant: it stands behind any event, and counts from its own time on."""
    told = a01()
    told.say(contact.replied, "2025-05-20 10:00", part="corrective")
    told.passes("2025-05-21 09:00")

    def lapses(by: str) -> int:
        events = happened_by(told.events, at(by))
        return sum(one.TOPIC == "complaint.deadline_lapsed" for one in events)

    assert [lapses("2025-05-06 23:59:59"), lapses("2025-05-07 00:00")] == [0, 1]
    assert lapses("2025-05-09 00:00") == 2


# --- Turns. -----------------------------------------------------------------------------


def reviewed() -> Timed:
    """The weekly reviews of S30, as A19 has them: from 20 February on."""
    told = Timed(book("S30@1"), "2025-01-31 10:00")
    told.say(action.action_planned, "2025-02-19 10:00", action="A1", text="t")
    assert told.say(action.action_implemented, "2025-02-20 09:00", action="A1") == [
        "set weekly-review/1 02-27 23:59:59"
    ]
    told.say(contact.replied, "2025-02-21 18:00", part="report")  # the month is kept
    return told


FIRST_MISSED = [
    "lapsed weekly-review/1 02-27 23:59:59",
    "stopped weekly-review/1 missed",
    "set weekly-review/2 03-06 23:59:59",
]
SECOND_MISSED = [
    "lapsed weekly-review/2 03-06 23:59:59",
    "stopped weekly-review/2 missed",
    "set weekly-review/3 03-13 23:59:59",
]


def test_a_turn_that_passed_lapses_and_the_next_one_is_owed() -> None:
    told = reviewed()
    assert told.passes("2025-02-27 23:59:59") == []
    assert told.passes("2025-02-28 00:00") == FIRST_MISSED
    assert told.passes("2025-02-28 00:00") == []
    assert told.replayed() == told.complaint


def test_after_a_long_silence_each_turn_is_said_as_of_its_own_moment() -> None:
    told, soon = reviewed(), reviewed()
    assert told.passes("2025-03-10 09:00") == [*FIRST_MISSED, *SECOND_MISSED]
    for day in range(1, 11):
        soon.passes(f"2025-03-{day:02} 09:00")
    assert soon.events[-6:] == told.events[-6:], "late or day by day: the same words"


def test_a_review_told_later_puts_its_turn_and_those_behind_it_right() -> None:
    told = reviewed()
    told.passes("2025-03-10 09:00")
    said = told.say(review.review_held, "2025-02-26 10:00", round=1)

    assert said == [
        "stopped weekly-review/1 02-26 10:00:00",
        "moved weekly-review/2 03-06 23:59:59 -> 03-05 23:59:59 (review_held)",
        "moved weekly-review/3 03-13 23:59:59 -> 03-12 23:59:59 (review_held)",
        "withdrawn weekly-review/1 02-27 23:59:59 (review_held)",
        "withdrawn weekly-review/2 03-06 23:59:59 (review_held)",
    ]
    assert told.passes("2025-03-10 10:00") == ["lapsed weekly-review/2 03-05 23:59:59"]
    assert told.verdicts("CLK-weekly-review") == ["met", "missed", "running"]
    assert told.replayed() == told.complaint


def test_when_all_is_deployed_no_turn_is_owed_any_more() -> None:
    told = reviewed()
    told.say(action.deployed, "2025-02-26 10:00", target="t")
    assert told.passes("2026-02-27 09:00") == []
