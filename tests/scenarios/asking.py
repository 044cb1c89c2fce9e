"""What a scenario asks of the world: grades with reasons, clocks, and what is lacking."""

from datetime import datetime

from domain.assess.assessing import assess, course
from domain.assess.case import Case, case_of
from domain.assess.counting import Counting
from domain.assess.lateness import readings
from domain.assess.repeats import Cluster, clusters
from domain.assess.verdict import Verdict
from domain.clock_explanation import Reading
from tests.domain.calendars import CN
from tests.scenarios.language import World

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
    counting = counted(world, book, name, *among)
    steps = course(counting, case(world, name))
    found = readings(counting.book, case(world, name), steps, CN, now)
    return [one for one in found if one.clock == clock]


def cluster(world: World, book: str, rule: str, *names: str) -> list[Cluster]:
    """The keys of a repeat rule that have reached its threshold."""
    found = clusters(counted(world, book, *names), rule)
    return [one for one in found if one.is_reached]
