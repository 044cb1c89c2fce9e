"""A06: S2 3.2 and 4.3, two working days with a make-up Sunday."""

import pytest

from domain.assess.assessing import Step as GradeStep
from domain.assess.lateness import readings
from domain.rulebooks.gates import Reference
from domain.rulebooks.rulebook import Rulebook
from tests.domain.calendars import CN
from tests.scenarios.asking import LONG_AFTER, case, late, reading
from tests.scenarios.conftest import Tell
from tests.scenarios.language import at, received, said, story

pytestmark = pytest.mark.anyio

DETERMINATION = "CLK-determination"
NO_GRADES: list[GradeStep] = []

A06 = story(
    received("C1", "2025-01-23 17:00"),
    said("C1", "determined", "2025-01-27 09:00", result="product"),
    clocks="S2@1",
    closure="S46@1",
)


def from_the_goods(book: Rulebook) -> Rulebook:
    """The same regulation with the other start that its text allows."""
    clock = book.clocks[DETERMINATION]
    other = clock.model_copy(update={"start": (Reference(event="goods_arrived"),)})
    return book.model_copy(update={"clocks": {DETERMINATION: other}})


async def test_friday_and_the_make_up_sunday_are_the_two_days(tell_anyhow: Tell) -> None:
    found = reading(await tell_anyhow(A06), "S2@1", DETERMINATION, "C1")

    assert (found.due, found.state) == (at("2025-01-26 23:59:59"), "late")
    assert late(found) == "1 working day"
    kinds = [(f"{day.day:%a %d}", day.kind) for day in found.days if day.counted]
    assert kinds == [("Fri 24", "workday"), ("Sun 26", "makeup")]


async def test_with_the_arrival_of_the_goods_as_the_start(tell: Tell) -> None:
    world = await tell(
        story(
            received("C1", "2025-01-23 17:00"),
            said("C1", "goods_arrived", "2025-02-05 10:00", item=1, pieces=5),
            clocks="S2@1",
            closure="S46@1",
        )
    )

    book = from_the_goods(world.book("S2@1"))
    [found] = readings(book, case(world, "C1"), NO_GRADES, CN, LONG_AFTER)

    assert found.due == at("2025-02-07 23:59:59")
