"""Counting: what the tallies of a regulation come to over many complaints."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from domain.assess.case import Case
from domain.assess.members import Key, Lacking, Members, Part, Place, key_of
from domain.rulebooks.predicates import Counted, Facts, NotApplicable
from domain.rulebooks.rulebook import Rulebook
from domain.rulebooks.tallies import Tally

COMPLAINTS = "complaints"
NOBODY = Members()


class Counting:
    """The tallies of one regulation. Every complaint is added, in any order, then asked of.

    Holds some 200 bytes for each item that has a whole key, and nothing for its events.
    """

    def __init__(self, book: Rulebook) -> None:
        self.book = book
        # Who came later does not change an earlier complaint where a rule says so.
        self._in_turn = {
            rule.tally for rule in book.repeats.values() if rule.applies_to != "all"
        }
        self._members: dict[str, dict[Key, Members]] = {name: {} for name in book.tallies}

    def add(self, case: Case) -> None:
        """Count a complaint in, unless its screening says that it does not count."""
        if not self.book.tallies or not counts(self.book, case):
            return
        for name, tally in self.book.tallies.items():
            known: set[Key] = set()
            for item, view in case.views.items():
                key = key_of(tally, view)
                if isinstance(key, Lacking) or key in known:
                    continue
                if tally.measure == COMPLAINTS:
                    known.add(key)  # a complaint counts once for a key
                self._count_in(self._members[name], key, case, tally, item)

    def of(
        self, case: Case, until: datetime | None = None
    ) -> Mapping[int, Mapping[str, Counted]]:
        """What each tally comes to for each item of a case, at an instant or at last."""
        return {
            item: {name: self.count(name, case, view, until) for name in self.book.tallies}
            for item, view in case.views.items()
        }

    def members(self, tally: str, view: Facts) -> Members:
        """All that share a key with one item of a case; nobody without a whole key."""
        key = key_of(self.book.tallies[tally], view)
        if isinstance(key, Lacking):
            return NOBODY
        return self._members[tally].get(key, NOBODY)

    def belongs(self, tally: str, case: Case, view: Facts) -> bool:
        """Whether one item of a case is a member of its key."""
        if not counts(self.book, case):
            return False
        condition = self.book.tallies[tally].counts_when
        return condition is None or condition.judge(view).truth != "false"

    def clusters(self, tally: str) -> Iterator[tuple[Key, Members]]:
        """Every key of a tally, with its members."""
        yield from self._members[tally].items()

    def horizon(self, tally: str, case: Case, until: datetime | None = None) -> Place:
        """Up to where members count for a case."""
        if tally in self._in_turn:
            return Place(case.received_at, case.number)
        return Place(until or case.ended_at)

    def count(
        self, name: str, case: Case, view: Facts, until: datetime | None = None
    ) -> Counted:
        """What one tally comes to for one item of a case."""
        tally = self.book.tallies[name]
        key = key_of(tally, view)
        if isinstance(key, Lacking):
            return Counted(0, 1, key.facts) if key.facts else Counted(0)
        members = self._members[name].get(key, NOBODY)
        found = members.counted(self.horizon(name, case, until), tally.window, case.zone)
        if tally.mode == "after_first":
            found = found._replace(at_least=max(0, found.at_least - 1))
        return found

    def _count_in(
        self, of: dict[Key, Members], key: Key, case: Case, tally: Tally, item: int
    ) -> None:
        judged = tally.counts_when.judge(case.views[item]) if tally.counts_when else None
        if judged and judged.truth == "false":
            return
        members = of.setdefault(key, Members())
        if judged and judged.truth == "unknown":
            part = Part(case.received_at, case.number, 0, is_open=True)
            members.add(part, judged.missing)
        elif tally.measure == COMPLAINTS:
            members.add(Part(case.received_at, case.number, 1), ())
        else:
            self._grow(members, case, tally.measure, item)

    def _grow(self, members: Members, case: Case, measure: str, item: int) -> None:
        """How a number of one item grew: each change with its instant."""
        before: int | None = None
        for one in case.stated:
            if one.fact != measure or one.item not in (0, item):
                continue
            if not isinstance(one.value, int | NotApplicable):
                continue  # a text is no number: it settles nothing
            value = 0 if isinstance(one.value, NotApplicable) else one.value
            at = max(one.at, case.received_at)
            members.add(Part(at, case.number, value - (before or 0)), ())
            before = value
        if before is None:
            part = Part(case.received_at, case.number, 0, is_open=True)
            members.add(part, (measure,))


def counts(book: Rulebook, case: Case) -> bool:
    """Whether a complaint is one for the repeats of a regulation: screening may say no."""
    if book.screening is None:
        return True
    outcome = book.screening.outcomes.get(case.outcome or "")
    if outcome is not None and not outcome.counts_in_repeats:
        return False
    excluded = book.screening.excluded_when
    if excluded is None:
        return True
    return all(excluded.judge(view).truth != "true" for view in case.views.values())
