"""The deadlines that follow from what was said of a complaint, under its clock rulebook.

Each time something is said that its clocks listen to, every run is read off the facts as
they stand, and what differs from the record is recorded. So a recorded due instant is the
one the facts give, whatever order they came in.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from uuid import UUID

from domain.calendar_log import stream_of
from domain.calendars import Calendars, Published
from domain.clock_arithmetic import utc
from domain.clock_events import dated
from domain.clock_explanation import Edition, Reading
from domain.clock_reading import read_clock
from domain.complaint import deadline_drafts as drafts
from domain.complaint import deadline_lapses as lapses
from domain.complaint.deadline_drafts import Why
from domain.complaint.facts import facts_of
from domain.complaint.intake import Screened
from domain.complaint.state import Complaint
from domain.deadline import Deadline
from domain.event import REACTOR, Consequence, Decision, Fact
from domain.rulebooks.clocks import Clock
from domain.rulebooks.predicates import Facts
from domain.rulebooks.rulebook import Rulebook, Rules

TOPIC = "clocks"  # of a policy set
# What may change any clock.
EVERY = {"complaint.corrected", "complaint.screened", "complaint.rulebook_reassigned"}
TURNS_MAX = 50  # recorded at once; what a late start leaves over follows with the next
MOMENTS_MAX = 50  # the same, of what an outage left over


Seen = tuple[UUID, int]  # a stream that was looked at, and its version then
NOTHING: tuple[Seen, ...] = ()


def follow(complaint: Complaint, rules: Rules, calendars: Calendars) -> tuple[Seen, ...]:
    """Record the deadlines that follow from the news of a complaint.

    Answers with the calendar they were counted on, if there are any: they rest on it.
    """
    book = rules.get(TOPIC)
    if book is None or not book.clocks or not complaint.news:
        return NOTHING
    used: Published | None = calendars[book.calendar]
    if any(not isinstance(event, Consequence) for event in complaint.news):
        used = _followed(complaint, book, rules, calendars)
    return ((stream_of(used.id), used.version),) if used else NOTHING


def _followed(
    complaint: Complaint, book: Rulebook, rules: Rules, calendars: Calendars
) -> Published | None:
    listens = _listens(book, complaint)
    said = [event for event in complaint.news if isinstance(event, Fact | Decision)]
    last = said[-1]  # what follows from it by another rule may stand behind it
    why = Why(last, last.decided_at if isinstance(last, Decision) else last.occurred_at)
    used = _recorded(complaint, rules, calendars, why) if listens else None
    for event in lapses.withdrawn(complaint, why):
        complaint.record(event)
    return used


def _listens(book: Rulebook, complaint: Complaint) -> bool:
    """Whether the news can change a clock: by what happened, or by what is now known."""
    before, clocks = complaint.clocks_apply, book.clocks.values()
    if conditions := [clock.applies_when for clock in clocks if clock.applies_when]:
        facts = _facts(complaint, book)
        complaint.clocks_apply = tuple(one.judge(facts).truth for one in conditions)
    if complaint.clocks_apply != before:
        return True
    news = {event.TOPIC for event in complaint.news}
    return bool(news & EVERY) or any(not news.isdisjoint(c.topics()) for c in clocks)


def recount(
    complaint: Complaint, rules: Rules, calendars: Calendars, *, at: datetime
) -> Published | None:
    """Bring the open deadlines in line with a calendar that was published since.

    What is closed or was withdrawn owes nothing any more, and stays as it is.
    """
    if complaint.closed or complaint.withdrawn or rules.get(TOPIC) is None:
        return None
    why = Why(None, at)
    used = _recorded(complaint, rules, calendars, why)
    for event in lapses.withdrawn(complaint, why):
        complaint.record(event)
    return used


def pass_time(
    complaint: Complaint, rules: Rules, calendars: Calendars, *, until: datetime
) -> None:
    """Record what time alone did up to an instant: what lapsed, and the turns that follow.

    Each as of the moment it came, whenever somebody looks: looking late or twice records
    the same. What was left out of a long time follows when this is asked again.
    """
    for _ in range(MOMENTS_MAX):
        moment = lapses.next_moment(complaint)
        if moment is None or utc(moment) > utc(until):
            return
        why = Why(None, moment.astimezone(UTC), REACTOR)
        passed = set()
        for event in lapses.lapsed(complaint, why):
            complaint.record(event)
            passed.add(event.clock)
        if book := rules.get(TOPIC):
            turns = {name for name, clock in book.clocks.items() if clock.every} & passed
            _recorded(complaint, rules, calendars, why, only=turns)


def _recorded(
    complaint: Complaint,
    rules: Rules,
    calendars: Calendars,
    why: Why,
    only: Collection[str] | None = None,
) -> Published | None:
    book = rules.on(TOPIC)
    published = calendars[book.calendar]
    clocks = {n: c for n, c in book.clocks.items() if only is None or n in only}
    found = list(_differing(complaint, rules, published, why, clocks))
    if only is None:  # of the rulebook that governed before
        known = list(complaint.deadlines.values())
        for one in (one for one in known if one.clock not in book.clocks):
            found += drafts.voided(one, published, why)
    for event in found:
        complaint.record(event)
    return published if found else None


def _differing(
    complaint: Complaint,
    rules: Rules,
    published: Published,
    why: Why,
    clocks: Mapping[str, Clock],
) -> Iterator[Consequence]:
    """What has to be recorded for the record to be as the clocks are read."""
    book = rules.on(TOPIC)
    counts, facts = _counts(complaint, rules), _facts(complaint, book)
    history = dated(complaint.happened.values())
    calendar = published.in_zone(complaint.zone)
    now = max(utc(happening.at) for happening in history)
    turned = max(now, utc(complaint.passed or now))  # which turns have passed
    edition = Edition(book.id, book.version, book.sha256)
    for name, clock in clocks.items():
        recorded = {
            one.cycle: one for one in complaint.deadlines.values() if one.clock == name
        }
        looked = turned if clock.every else now
        readings = (
            read_clock(name, clock, history, facts, calendar, looked, edition)
            if counts
            else ()
        )
        yield from _of_clock(clock, recorded, readings, published, why)


def _counts(complaint: Complaint, rules: Rules) -> bool:
    """Whether its clocks run at all: an outcome of screening may take it out of them."""
    screened = complaint.latest(Screened)
    if screened is None or rules.get("screening") is None:
        return True
    return rules.on("screening").screened(screened.outcome).counts_in_clocks


def _facts(complaint: Complaint, book: Rulebook) -> Facts:
    """What is known of it, with the grade in this rulebook's own words."""
    facts = facts_of(complaint)
    grade = complaint.grades.get(book.id)
    return facts if grade is None else {**facts, "grade": grade}


def _of_clock(
    clock: Clock,
    recorded: Mapping[int, Deadline],
    readings: Iterable[Reading],
    published: Published,
    why: Why,
) -> Iterator[Consequence]:
    left, latest, new = dict(recorded), max(recorded, default=0), 0
    for reading in readings:
        known = _same_run(clock, reading, left.values())
        if known is not None:
            del left[known.cycle]
            yield from drafts.moved(known, reading, published, why)
            yield from drafts.stopped(known, reading, why)
        elif drafts.is_owed(reading):
            if new == TURNS_MAX:
                return
            new, latest = new + 1, _cycle(clock, reading, latest)
            made = drafts.began(reading, latest, published, why)
            yield made
            yield from drafts.stopped(made.deadline(), reading, why)
    for known in left.values():
        yield from drafts.voided(known, published, why)


def _same_run(
    clock: Clock, reading: Reading, recorded: Iterable[Deadline]
) -> Deadline | None:
    """The record of this run: by its turn, by the fact that started it, or the only one."""
    for known in recorded:
        if clock.every and known.cycle != reading.run:
            continue
        if clock.occurrence == "each" and known.fact != reading.started.position:
            continue
        return known
    return None


def _cycle(clock: Clock, reading: Reading, latest: int) -> int:
    return reading.run if clock.every else latest + 1
