"""Repeats: what returns, as sets of complaints under a key, in whatever order they came."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from domain.assess.case import Case
from domain.assess.counting import Counting
from domain.assess.members import Key, Place
from domain.rulebooks.tallies import Repeat


@dataclass(frozen=True, slots=True)
class Cluster:
    """All complaints of one key, in the order they were received, and what they come to."""

    rule: str
    key: Key
    numbers: tuple[str, ...]
    count: int
    reached_at: datetime | None  # in the order of the world, not of recording

    @property
    def is_reached(self) -> bool:
        """Whether the rule speaks of it by now."""
        return self.reached_at is not None


@dataclass(frozen=True, slots=True)
class Repeated:
    """A rule that speaks of a case: what its count comes to, and the case's place in it."""

    rule: str
    count: int | None = None  # none where the rule counts nothing
    nth: int | None = None


def clusters(counting: Counting, rule_id: str) -> Iterator[Cluster]:
    """Every key of a rule, reached or not."""
    rule = counting.book.repeats[rule_id]
    if rule.tally is None:
        return
    threshold = limit_of(rule)
    for key, members in counting.clusters(rule.tally):
        numbers = dict.fromkeys(part.number for part in members.upto(Place()))
        window = counting.book.tallies[rule.tally].window
        yield Cluster(
            rule=rule_id,
            key=key,
            numbers=tuple(numbers),
            count=members.counted(Place(), window, "UTC").at_least,
            reached_at=None if threshold is None else members.reached(threshold),
        )


def repeated(counting: Counting, case: Case) -> Iterator[Repeated]:
    """Every rule that speaks of a case, one by one."""
    for name, rule in counting.book.repeats.items():
        if rule.when is not None:
            if any(rule.when.judge(view).truth == "true" for view in case.views.values()):
                yield Repeated(name)
        elif rule.tally is not None and (limit := limit_of(rule)) is not None:
            yield from _counted(counting, case, name, rule, limit)


def _counted(
    counting: Counting, case: Case, name: str, rule: Repeat, limit: int
) -> Iterator[Repeated]:
    assert rule.tally is not None
    tally = counting.book.tallies[rule.tally]
    own = Place(case.received_at, case.number)
    until = Place() if rule.applies_to == "all" else own
    for view in case.views.values():
        members = counting.members(rule.tally, view)
        count = members.counted(until, tally.window, case.zone).at_least
        if count >= limit and counting.belongs(rule.tally, case, view):
            yield Repeated(name, count, len(members.upto(own)))
            return


def limit_of(rule: Repeat) -> int | None:
    """The count from which on it speaks; none when it only gathers."""
    return None if rule.threshold is None else rule.threshold + (rule.op == ">")
