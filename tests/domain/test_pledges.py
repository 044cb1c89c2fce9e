"""A pledge by its count: flagged, or the work opened again, as the regulation says."""

from datetime import date

import pytest

from domain.complaint import effect
from domain.complaint.closure import Closed
from domain.complaint.effect import Criterion
from domain.complaint.pledges import judge_by_count, unjudged
from domain.rulebooks.rulebook import Rulebook, Rules
from tests.builders import WANG
from tests.domain.calendars import at
from tests.domain.timed import S46, Timed


def pledged(then: str, *, closed: bool = True) -> Timed:
    """At most one more until the end of May, under a regulation that says what follows."""
    told = Timed(S46, "2025-04-30 15:40")
    assert S46.closure is not None
    closure = S46.closure.model_copy(update={"on_broken_pledge": then})
    kept = {name: getattr(S46, name) for name in Rulebook.model_fields}
    told.rules = Rules(
        {"closure": Rulebook.model_construct(**{**kept, "closure": closure})}
    )
    asked = Criterion(product="V", at_most=1)
    said = {"pledge": "P1", "criterion": asked, "due": date(2025, 5, 31)}
    told.say(effect.pledge, "2025-05-06 09:00", **said)
    if closed:
        told.complaint.record(Closed(who=WANG, decided_at=at("2025-05-07 09:00"), saw=2))
    told.complaint.collect_events()
    return told


def judged(told: Timed, count: int, since: str) -> list[str]:
    judge_by_count(told.complaint, told.rules, pledge="P1", count=count, at=at(since))
    return [event.TOPIC.split(".")[1] for event in told.complaint.collect_events()]


@pytest.mark.parametrize(
    ("then", "count", "since", "said"),
    [
        ("flag", 1, "2025-05-31 23:59:59", []),
        ("flag", 1, "2025-06-01 00:00:00", ["pledge_judged"]),
        ("flag", 2, "2025-05-20 09:00", ["pledge_judged"]),
        ("reopen", 1, "2025-06-01 00:00:00", ["pledge_judged"]),
        ("reopen", 2, "2025-05-20 09:00", ["pledge_judged", "reopened"]),
    ],
)
def test_what_follows_of_a_count(
    then: str, count: int, since: str, said: list[str]
) -> None:
    told = pledged(then)
    assert judged(told, count, since) == said
    assert judged(told, count, since) == []
    assert bool([*unjudged(told.complaint)]) is not bool(said)
    assert told.complaint.closed is ("reopened" not in said)


def test_what_is_open_is_not_opened() -> None:
    assert judged(pledged("reopen", closed=False), 2, "2025-05-20 09:00") == [
        "pledge_judged"
    ]
