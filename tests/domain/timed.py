"""A complaint under one rulebook's clocks: its facts are told, its deadlines recorded."""

from collections.abc import Callable
from datetime import datetime
from inspect import signature
from typing import Any
from uuid import UUID

from consumers.opening import rulebooks
from domain.calendars import Calendars, Published
from domain.clock_events import dated
from domain.clock_explanation import Edition, Reading
from domain.clock_reading import read_clock
from domain.complaint import deadlines, grading, intake
from domain.complaint.facts import facts_of
from domain.complaint.intake import receive
from domain.complaint.reception import received
from domain.complaint.state import Complaint
from domain.deadline import Deadline
from domain.event import Consequence, Event
from domain.rulebooks.clocks import Clock
from domain.rulebooks.rulebook import Rulebook, Rules
from tests.builders import LI, WANG, reading, reception, when
from tests.domain.calendars import CN, at

BOOKS = rulebooks()
PARTY = UUID(int=7)


def book(name: str, **clocks: dict[str, Any]) -> Rulebook:
    """A rulebook as shipped, with these clocks in place of its own."""
    made = {clock: Clock.model_validate(c, strict=False) for clock, c in clocks.items()}
    known = BOOKS[name]
    kept = {name: getattr(known, name) for name in Rulebook.model_fields}
    return Rulebook.model_construct(**{**kept, "clocks": made or known.clocks})


class Timed:
    """Says facts and decisions one by one, as a ledger records them, and looks."""

    def __init__(
        self,
        governing: Rulebook,
        since: str,
        calendars: Calendars | None = None,
        **said: Any,
    ) -> None:
        self.book = governing
        topics = ("screening", "grading", "closure", "clocks")
        self.rules = Rules(dict.fromkeys(topics, governing))
        self.calendars = calendars or Calendars([Published(CN, 20)])
        made = received(
            reception(received_at=at(since), **said),
            reading(),
            who=LI,
            at=at(since),
            party_id=PARTY,
        )
        self.complaint = receive(UUID(int=1), made)
        self.events: list[Event] = []
        self._recorded()

    def say(self, do: Callable[..., object], since: str, **said: Any) -> list[str]:
        """Say it as of an instant; what was recorded behind it, line by line."""
        by: dict[str, Any] = {"who": LI, "when": when(at(since))}
        if "at" in signature(do).parameters:
            by = {"who": WANG, "at": at(since)}
        do(self.complaint, self.rules, **by, **said)
        return self._recorded()

    def published(self, calendars: Calendars, since: str) -> list[str]:
        """Another calendar is in force; what that moves."""
        self.calendars = calendars
        deadlines.recount(self.complaint, self.rules, calendars, at=at(since))
        return self._taken()

    def passes(self, until: str) -> list[str]:
        """Time passes up to an instant, and the reactor looks."""
        deadlines.pass_time(self.complaint, self.rules, self.calendars, until=at(until))
        return self._taken()

    def _recorded(self) -> list[str]:
        deadlines.follow(self.complaint, self.rules, self.calendars)
        return self._taken()

    def _taken(self) -> list[str]:
        news = self.complaint.collect_events()
        self.events += news
        return [told(event) for event in news if isinstance(event, Consequence)]

    def version(self, topic: str) -> int:
        """The version of the latest event of this topic."""
        of = [e for e in self.events if f"complaint.{topic}" == e.TOPIC]
        return of[-1].originator_version

    def deadline(self, clock: str, cycle: int = 1) -> Deadline:
        return self.complaint.deadlines[clock, cycle]

    def due(self, clock: str, cycle: int = 1) -> datetime | None:
        return self.deadline(clock, cycle).due_at

    def verdicts(self, clock: str) -> list[str]:
        found = self.complaint.deadlines.values()
        return [one.verdict for one in found if one.clock == clock]

    def replayed(self) -> Complaint:
        """The same, from its events alone."""
        stream: Complaint | None = None
        for event in self.events:
            stream = event.mutate(stream)
        assert stream is not None
        return stream

    def read(self, clock: str) -> tuple[Reading, ...]:
        """What the clock reads of the facts alone, whatever was recorded."""
        history = dated(self.complaint.happened.values())
        return read_clock(
            clock,
            self.book.clocks[clock],
            history,
            {**facts_of(self.complaint)},
            self.calendars["cn"].in_zone(self.complaint.zone),
            max(one.at for one in history),
            Edition(self.book.id, self.book.version, self.book.sha256),
        )


def told(event: Any) -> str:
    """One record as a line: what, of which run, and until when."""
    word = event.TOPIC.removeprefix("complaint.deadline_")
    run = f"{event.clock.removeprefix('CLK-')}/{event.cycle}"
    if event.TOPIC == "complaint.deadline_lapsed":
        return f"lapsed {run} {short(event.due_at)}"
    if event.TOPIC == "complaint.lapse_withdrawn":
        return f"withdrawn {run} {short(event.due_at)} ({event.reason})"
    if word == "set":
        return f"set {run} {short(event.due_at) or event.state}"
    if word == "moved":
        new = short(event.new) or event.state
        return f"moved {run} {short(event.old)} -> {new} ({event.reason})"
    how = "missed" if event.missed else short(event.stopped_at) or "runs again"
    return f"stopped {run} {how}"


def short(moment: datetime | None) -> str:
    return f"{moment:%m-%d %H:%M:%S}" if moment else ""


S46 = book("S46@1")


def a01() -> Timed:
    """A case of A01: taken on the eve of Labour Day."""
    told = Timed(S46, "2025-04-30 15:40")
    assert told.say(intake.accepted, "2025-04-30 16:20", unit="技术质量部") == [
        "set corrective-answer/1 05-06 23:59:59",
        "set preventive-answer/1 05-08 23:59:59",
    ]
    return told


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
    """Under the scheme of S45."""
    return told.say(grading.grade, since, scheme="S45", code=code, reason="r")
