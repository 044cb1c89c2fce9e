"""Any history, looked at whenever: what lapsed is what the facts give at that instant."""

from datetime import datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.clock_events import dated
from domain.clock_explanation import Edition
from domain.clock_reading import read_clock
from domain.complaint import correction, review
from domain.complaint.facts import facts_of
from domain.errors import RefusedError
from domain.rulebooks.rulebook import Rulebook
from tests.domain.calendars import at
from tests.domain.test_deadlines_any import BEGUN, BOOK, NAME, moments, say, sayings
from tests.domain.timed import Timed, book

END = at("2025-06-30 09:00")  # after all that is said
WEEKLY: dict[str, Any] = {
    "name": NAME,
    "clause": "S45@1#1",
    "start": [{"event": "accepted"}],
    "stop": [{"event": "review_held"}],
    "every": [{"amount": 2, "unit": "day", "chain": "from_last"}],
}


def with_turns() -> Rulebook:
    """The clocks of any history, and one that is owed again and again."""
    turns = book("S45@1", **{"CLK-review": WEEKLY}).clocks
    kept = {name: getattr(BOOK, name) for name in Rulebook.model_fields}
    return Rulebook.model_construct(**{**kept, "clocks": {**BOOK.clocks, **turns}})


ALL = with_turns()
passing = st.tuples(st.just("passes"), moments)
saying = st.tuples(moments, st.one_of(sayings, st.just((review.review_held, {"round": 1}))))
mending = st.tuples(st.integers(1, 14), moments)
stories = st.lists(st.one_of(passing, saying, mending), max_size=14)


def told(story: list[Any]) -> Timed:
    """Say it; in between time passes, and now and then something is put right."""
    made = Timed(ALL, f"{BEGUN:%Y-%m-%d %H:%M}")
    for first, second in story:
        if first == "passes":
            made.passes(f"{second:%Y-%m-%d %H:%M}")
        elif isinstance(first, int):
            corrected(made, first, second)
        else:
            say(made, second[0], first, second[1])
    return made


def corrected(made: Timed, version: int, since: datetime) -> None:
    field = "received_at" if version == 1 else "when.occurred_at"
    said = {"corrects": version, "field": field, "new": since.isoformat(), "reason": "r"}
    try:
        made.say(correction.correct, "2025-05-20 09:00", **said)
    except RefusedError:
        made.complaint.collect_events()


def recorded(made: Timed) -> list[tuple[Any, ...]]:
    """The lapses that stand."""
    found = made.complaint.deadlines.values()
    return sorted((one.clock, one.lapsed_due) for one in found if one.lapsed_due)


def facts_give(made: Timed, now: datetime) -> list[tuple[Any, ...]]:
    """A slow fold of the facts alone, whatever was recorded and in whatever order."""
    history = dated(made.complaint.happened.values())
    known, calendar = (
        facts_of(made.complaint),
        made.calendars["cn"].in_zone("Asia/Shanghai"),
    )
    edition = Edition(ALL.id, ALL.version, ALL.sha256)
    readings = [
        reading
        for name, clock in ALL.clocks.items()
        for reading in read_clock(name, clock, history, known, calendar, now, edition)
    ]
    return sorted(
        (one.clock, one.due)
        for one in readings
        if one.due is not None
        and not one.paused
        and not one.provisional_years
        and one.due < now
        and (one.stopped is None or one.stopped.at > one.due)
    )


@settings(deadline=None, max_examples=150)
@given(stories)
def test_what_lapsed_is_what_the_facts_give_at_that_instant(story: list[Any]) -> None:
    made = told(story)
    while made.passes(f"{END:%Y-%m-%d %H:%M}"):
        pass

    assert recorded(made) == facts_give(made, END)
    assert made.replayed() == made.complaint


@settings(deadline=None, max_examples=80)
@given(stories, st.integers(0, 40))
def test_looking_often_or_once_says_the_same(story: list[Any], days: int) -> None:
    often, once = told(story), told(story)
    for day in range(days):
        often.passes(f"{BEGUN + timedelta(days=day):%Y-%m-%d %H:%M}")
    for made in (often, once):
        while made.passes(f"{END:%Y-%m-%d %H:%M}"):
            pass

    assert [one.TOPIC for one in often.events] == [one.TOPIC for one in once.events]
    assert often.events == once.events
