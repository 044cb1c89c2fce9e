"""Back-test: what a regulation would have made of each complaint; nothing is changed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from domain.assess.assessing import Step, course
from domain.assess.case import Case
from domain.assess.compiled import Quick, View, quick
from domain.assess.counting import Counting
from domain.assess.lateness import Overran, facts_for_clocks, overran, readings
from domain.assess.repeats import Repeated, repeated
from domain.calendars import Calendars
from domain.rulebooks.predicates import Facts
from domain.rulebooks.rulebook import Rulebook

Graded = tuple[str | None, tuple[str, ...]]  # the code, and what might be worse


class Candidate(NamedTuple):
    """A situation that would put a fine on the authority's desk; it never fines."""

    clause: str  # of the catalog
    role: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """One complaint: what was recorded of it, and what would have been."""

    id: UUID
    number: str
    received_at: datetime
    scheme: str  # the regulation asked
    recorded: Mapping[str, str]  # scheme → code
    would_be: str | None
    might_be: tuple[str, ...]
    late: tuple[Overran, ...]
    repeated: tuple[Repeated, ...]
    fines: tuple[Candidate, ...]
    fined: int  # recorded

    @property
    def differs(self) -> bool:
        """Whether the recorded grade of this scheme is another one, or there is none."""
        return self.recorded.get(self.scheme) != self.would_be


class Backtest:
    """One regulation, asked about a whole store: count every case, then judge each.

    *now* is the instant at which running clocks are judged. Without tallies nothing has to
    be counted first.
    """

    def __init__(self, book: Rulebook, calendars: Calendars, now: datetime) -> None:
        self.book = book
        self.counting = Counting(book)
        self.counts_first = bool(book.tallies)
        self._calendar = calendars[book.calendar]
        self._now = now
        self._quick = quick(book.grading) if book.grading else None
        self._by_grade = any(clock.by_grade for clock in book.clocks.values())

    def count(self, case: Case) -> None:
        """First pass: what the tallies come to."""
        self.counting.add(case)

    def judge(self, case: Case) -> Outcome:
        """Second pass: what would have been."""
        would_be, might_be = self.graded(case)
        steps = self._steps(case, would_be)
        late = tuple(self._late(case, steps))
        return Outcome(
            id=case.id,
            number=case.number,
            received_at=case.received_at,
            scheme=self.book.id,
            recorded=dict(case.grades),
            would_be=would_be,
            might_be=might_be,
            late=late,
            repeated=tuple(repeated(self.counting, case)),
            fines=tuple(self._fines(facts_for_clocks(case, steps), late)),
            fined=case.fined,
        )

    def graded(self, case: Case) -> Graded:
        """The grade alone, and the worse ones that are still open."""
        if self._quick is None:
            return None, ()
        return graded(self._quick, self.counting, case)

    def course(self, case: Case) -> Sequence[Step]:
        """How the grade went, where there is a scheme."""
        scheme = self._quick
        if scheme is None:
            return []

        def code(at: datetime) -> str | None:
            return graded(scheme, self.counting, case, at)[0]

        return course(self.counting, case, code)

    def _steps(self, case: Case, would_be: str | None) -> Sequence[Step]:
        """Where a limit depends on the grade, how it went; else only what it is now."""
        if self._by_grade:
            return self.course(case)
        return [Step(case.received_at, would_be)] if would_be else []

    def _late(self, case: Case, steps: Sequence[Step]) -> Iterator[Overran]:
        calendar = self._calendar.in_zone(case.zone)
        found = readings(self.book, case, steps, calendar, self._now)
        yield from overran([*found], self._now)

    def _fines(self, facts: Facts, late: Sequence[Overran]) -> Iterator[Candidate]:
        missed = {one.clock for one in late}
        for trigger in self.book.penalties.triggers if self.book.penalties else ():
            by_facts = trigger.when and trigger.when.judge(facts).truth == "true"
            if by_facts or trigger.clock_missed in missed:
                yield Candidate(trigger.catalog_clause, trigger.role)


def graded(
    scheme: Quick, counting: Counting, case: Case, until: datetime | None = None
) -> Graded:
    """The grade of one case by a compiled scheme, now or by what was so at an instant."""

    def view(facts: Facts) -> View:
        return facts, lambda tally: counting.count(tally, case, facts, until)

    views = case.views if until is None else case.views_at(until)
    return scheme.graded([view(facts) for facts in views.values()])
