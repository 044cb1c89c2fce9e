"""Rungs that a rule climbs by itself: after a lapse, a limit, or what did not help."""

from typing import Any

import pytest

from domain.complaint import contact, escalation, intake
from domain.complaint.escalation import Escalated
from domain.rulebooks.approvals import Escalation
from domain.rulebooks.rulebook import Rulebook, Rules
from tests.domain.calendars import at
from tests.domain.timed import BOOKS, Timed, book

RUNGS: dict[str, Any] = {
    name: {"name": {"zh": name, "en": name}, "roles": [name], "clause": "S46@1#7"}
    for name in ("handler", "head", "gm")
}


def climbing(limit: dict[str, Any] | None = None, *clocks: str) -> Timed:
    """A complaint accepted before Labour Day, under S46's clocks and a ladder."""
    rungs = {
        **RUNGS,
        "handler": {**RUNGS["handler"], **({"limit": limit} if limit else {})},
    }
    ladder = {"clause": "S46@1#7", "rungs": rungs, "on_lapse": clocks}
    told = Timed(with_ladder(book("S46@1"), ladder), "2025-04-30 15:40")
    told.rules = Rules({"clocks": told.book, "escalation": told.book})
    told.say(intake.accepted, "2025-04-30 16:20", unit="u")
    return told


def with_ladder(known: Rulebook, ladder: dict[str, Any]) -> Rulebook:
    kept = {name: getattr(known, name) for name in Rulebook.model_fields}
    made = Escalation.model_validate(ladder, strict=False)
    return Rulebook.model_construct(**{**kept, "escalation": made})


def react(told: Timed, until: str) -> list[tuple[str, str, int | None]]:
    """What the reactor does by an instant: the rungs it asked, why, and after what."""
    told.passes(until)
    escalation.climb_by_itself(told.complaint, told.rules, told.calendars, at=at(until))
    news = told.complaint.collect_events()
    told.events += news
    return [(e.rung, e.because, e.by) for e in news if isinstance(e, Escalated)]


BOTH = ("CLK-corrective-answer", "CLK-preventive-answer")


def test_a_lapse_asks_the_next_rung_once() -> None:
    told = climbing(None, *BOTH)
    assert react(told, "2025-05-06 23:59:59") == []
    assert react(told, "2025-05-07 00:00") == [("head", "deadline_lapsed", 5)]
    assert react(told, "2025-05-08 00:00") == []
    assert react(told, "2025-05-09 00:00") == [("gm", "deadline_lapsed", 7)]
    assert react(told, "2025-06-09 00:00") == [], "this is the top"
    assert told.replayed() == told.complaint


def test_two_that_lapse_while_nobody_looked_ask_one_rung() -> None:
    told = climbing(None, *BOTH)
    assert react(told, "2025-06-09 00:00") == [("head", "deadline_lapsed", 5)]
    assert react(told, "2025-06-10 00:00") == []


def test_a_clock_that_the_ladder_does_not_name_asks_nobody() -> None:
    assert react(climbing(), "2025-06-09 00:00") == []


def test_what_was_met_in_time_after_all_asks_nobody_more() -> None:
    told = climbing(None, *BOTH)
    told.passes("2025-05-07 09:00")
    told.say(contact.replied, "2025-05-06 10:00", part="corrective")
    assert react(told, "2025-05-07 10:00") == []


def test_a_rung_that_does_not_settle_it_in_its_time_gives_it_on() -> None:
    """Two working days from 30 April, over Labour Day: until the 7th of May."""
    told = climbing({"amount": 2, "unit": "working_day"})
    assert react(told, "2025-05-07 23:59:59") == []
    assert react(told, "2025-05-08 00:00") == [("head", "limit", 1)]
    assert react(told, "2025-06-08 00:00") == [], "the next rung has no limit"


@pytest.mark.parametrize(
    ("name", "word", "said", "rung"),
    [
        ("S26@1", contact.customer_confirmed, {"result": "rejected"}, "managers"),
        ("S44@1", contact.called_back, {"reached": True, "satisfied": False}, "superior"),
        ("S44@1", contact.called_back, {"reached": True, "satisfied": True}, None),
    ],
)
def test_what_did_not_help_goes_to_the_next_rung(
    name: str, word: Any, said: dict[str, Any], rung: str | None
) -> None:
    """S26: cannot settle, ask the managers; S44: still unsolved, the direct superior."""
    told = Timed(BOOKS[name], "2025-04-30 15:40")
    told.rules = Rules({"closure": told.book, "escalation": told.book})
    told.say(word, "2025-04-30 18:00", **said)
    topic = {"S26@1": "customer_confirmed", "S44@1": "called_back"}[name]
    wanted = [(rung, topic, told.version(topic))] if rung else []
    assert react(told, "2025-04-30 18:00") == wanted
    assert react(told, "2025-05-30 18:00") == []
    told.say(word, "2025-06-01 18:00", **said)
    assert len(react(told, "2025-06-01 18:00")) == len(wanted), "said again, it climbs on"


def test_somebody_who_asked_since_is_not_asked_again() -> None:
    told = climbing(None, *BOTH)
    told.passes("2025-05-07 09:00")
    told.say(escalation.escalate, "2025-05-07 09:30", rung="head", because="停线")
    assert react(told, "2025-05-07 10:00") == []


def test_what_is_over_asks_nobody() -> None:
    told = climbing(None, *BOTH)
    told.passes("2025-05-07 09:00")
    told.say(intake.withdrawn, "2025-05-07 09:30")
    assert react(told, "2025-05-08 10:00") == []
