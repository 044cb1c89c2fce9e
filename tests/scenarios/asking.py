"""What a scenario asks of the world: grades with reasons, clocks, and what is lacking."""

from collections.abc import Mapping
from datetime import datetime

from domain.assess.assessing import assess
from domain.assess.backtest import Backtest
from domain.assess.case import Case, case_of
from domain.assess.counting import Counting
from domain.assess.lateness import readings
from domain.assess.repeats import Cluster, clusters
from domain.assess.verdict import Verdict
from domain.clock_explanation import Reading
from domain.clock_words import late_by
from domain.gate_reading import GateRead, read_gates
from tests.domain.calendars import CALENDARS, CN
from tests.scenarios.language import World, at

LONG_AFTER = datetime.fromisoformat("2026-12-31T00:00:00+08:00")


def case(world: World, name: str) -> Case:
    """One complaint as an assessment sees it."""
    return case_of(world.complaint(name))


def counted(world: World, book: str, *names: str) -> Counting:
    """The tallies of a regulation over these complaints."""
    counting = Counting(world.book(book))
    for name in names:
        counting.add(case(world, name))
    return counting


def verdict(world: World, book: str, name: str, *among: str) -> Verdict:
    """What a regulation makes of a complaint, among these others."""
    found = assess(counted(world, book, name, *among), case(world, name))
    assert found is not None
    return found


def reading(world: World, book: str, clock: str, name: str, *among: str) -> Reading:
    """The one run of a clock, by the grades the regulation itself gives."""
    [only] = runs(world, book, clock, name, *among)
    return only


def runs(
    world: World,
    book: str,
    clock: str,
    name: str,
    *among: str,
    now: datetime = LONG_AFTER,
) -> list[Reading]:
    """Every run of a clock."""
    test = Backtest(world.book(book), CALENDARS, now)
    for each in (name, *among):
        test.count(case(world, each))
    one = case(world, name)
    found = readings(test.book, one, test.course(one), CN, now)
    return [run for run in found if run.clock == clock]


def late(found: Reading) -> str:
    """By how much, in the clock's own unit."""
    assert found.late is not None
    return late_by(found.late, "en")


def gates(world: World, book: str, name: str, when: str) -> Mapping[str, GateRead]:
    """Each gate of a regulation as it stands at that moment."""
    read = read_gates(world.complaint(name), world.book(book), at(when))
    return {gate.name: gate for gate in read.gates}


def cluster(world: World, book: str, rule: str, *names: str) -> list[Cluster]:
    """The keys of a repeat rule that have reached its threshold."""
    found = clusters(counted(world, book, *names), rule)
    return [one for one in found if one.is_reached]
