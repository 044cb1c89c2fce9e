"""Any history: what is recorded is what the facts give, in any order, once or twice."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.complaint import contact, correction, grading, intake, timing
from domain.errors import InvalidError, RefusedError
from domain.rulebooks.rulebook import Rulebook
from tests.domain.calendars import at
from tests.domain.timed import Timed, book

BEGUN = at("2025-04-28 09:00")
NAME: dict[str, str] = {"zh": "时限", "en": "limit"}
REASONS = [
    {
        "from": {"event": "paused", "where": {"reason": reason}},
        "to": {"event": "resumed", "where": {"reason": reason}},
    }
    for reason in ("sample", "customer")
]
ANSWERED: list[dict[str, Any]] = [{"event": "replied", "where": {"part": "corrective"}}]


def clocks() -> Rulebook:
    """A clock of each kind, under the grades of S45."""
    common: dict[str, Any] = {"name": NAME, "clause": "S45@1#1"}
    return book(
        "S45@1",
        **{
            "CLK-graded": {
                **common,
                "start": [{"event": "received"}],
                "stop": [{"event": "response_started"}],
                "by_grade": {
                    "urgent": {"amount": 2, "unit": "hour"},
                    "important": {"amount": 1, "unit": "working_day"},
                },
                "pauses": REASONS,
            },
            "CLK-answer": {
                **common,
                "start": [{"event": "accepted"}],
                "stop": ANSWERED,
                "limit": {"amount": 3, "unit": "working_day"},
                "customer_deadline": "replace",
                "pauses": REASONS,
            },
            "CLK-step": {
                **common,
                "start": [{"event": "handed_over"}],
                "stop": [{"event": "handed_over"}, *ANSWERED],
                "limit": {"amount": 1, "unit": "working_day"},
                "occurrence": "each",
            },
        },
    )


BOOK = clocks()
moments = st.integers(0, 14 * 24).map(lambda n: BEGUN + timedelta(hours=n))
Saying = tuple[Any, dict[str, Any]]
sayings: st.SearchStrategy[Saying] = st.one_of(
    st.just((intake.accepted, {"unit": "u"})),
    st.just((timing.response_started, {})),
    st.sampled_from(["corrective", "preventive"]).map(
        lambda part: (contact.replied, {"part": part})
    ),
    st.just((contact.handed_over, {"step": "s", "to_unit": "u"})),
    moments.map(
        lambda until: (
            timing.customer_deadline_set,
            {"clock": "CLK-answer", "until": until},
        )
    ),
    st.sampled_from(["urgent", "important"]).map(
        lambda code: (grading.grade, {"scheme": "S45", "code": code, "reason": "r"})
    ),
    st.sampled_from(["sample", "customer"]).map(lambda r: (timing.pause, {"reason": r})),
    st.sampled_from(["sample", "customer"]).map(lambda r: (timing.resume, {"reason": r})),
)
stories = st.lists(st.tuples(moments, sayings), max_size=12)


def told(story: Sequence[tuple[datetime, Saying]]) -> Timed:
    made = Timed(BOOK, f"{BEGUN:%Y-%m-%d %H:%M}")
    for since, (do, said) in story:
        say(made, do, since, said)
    return made


def say(made: Timed, do: Any, since: datetime, said: dict[str, Any]) -> None:
    try:
        made.say(do, f"{since:%Y-%m-%d %H:%M}", **said)
    except RefusedError:
        made.complaint.collect_events()


def owed(made: Timed) -> set[tuple[Any, ...]]:
    """What the record says of each run that is owed."""
    return {
        (one.clock, one.starts_at, one.state, one.due_at, one.stopped_at)
        for one in made.complaint.deadlines.values()
        if one.state != "void"
    }


def facts_give(made: Timed) -> set[tuple[Any, ...]]:
    """The same, read off the facts alone."""
    return {
        (
            reading.clock,
            reading.started.at,
            "paused" if reading.paused else "running",
            None if reading.paused else reading.due,
            reading.stopped.at if reading.stopped else None,
        )
        for clock in BOOK.clocks
        for reading in made.read(clock)
        if reading.due is not None
    }


@settings(deadline=None, max_examples=120)
@given(stories)
def test_the_record_is_what_the_facts_give(story: list[tuple[datetime, Saying]]) -> None:
    made = told(story)

    assert owed(made) == facts_give(made)
    assert made.replayed() == made.complaint


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(moments, sayings), max_size=7), st.randoms())
def test_facts_in_any_order_or_twice_are_recorded_the_same(
    story: list[tuple[datetime, Saying]], random: Any
) -> None:
    """Decisions apart: each is taken on what stands when it is taken."""
    facts = [one for one in story if one[1][0] not in DECISIONS]
    at_once = dict(facts)  # of one instant the order does count
    once = list(at_once.items())
    shuffled = [*once, *once]
    random.shuffle(shuffled)

    assert {one[3] for one in owed(told(once))} == {one[3] for one in owed(told(shuffled))}


DECISIONS = (grading.grade, timing.pause, timing.resume)


@settings(deadline=None, max_examples=80)
@given(stories, st.integers(1, 12), moments)
def test_a_correction_moves_the_record_with_the_facts(
    story: list[tuple[datetime, Saying]], corrects: int, since: datetime
) -> None:
    made = told(story)
    wrong = made.complaint.happened.get(corrects)
    field = "received_at" if corrects == 1 else "when.occurred_at"
    if wrong is None:
        return
    said = {"corrects": corrects, "field": field, "new": since.isoformat(), "reason": "r"}
    try:
        made.say(correction.correct, "2025-06-01 09:00", **said)
    except (InvalidError, RefusedError):
        return

    assert owed(made) == facts_give(made)


@settings(deadline=None, max_examples=80)
@given(stories, moments, st.integers(1, 100))
def test_a_pause_that_is_over_never_shortens(
    story: list[tuple[datetime, Saying]], since: datetime, hours: int
) -> None:
    quiet = [one for one in story if one[1][0] not in (timing.pause, timing.resume)]
    made, still = told(quiet), told(quiet)
    say(still, timing.pause, since, {"reason": "sample"})
    say(still, timing.resume, since + timedelta(hours=hours), {"reason": "sample"})

    for key, one in made.complaint.deadlines.items():
        other = still.complaint.deadlines[key]
        if one.due_at and other.due_at:
            assert other.due_at >= one.due_at
        else:
            assert one.due_at == other.due_at
