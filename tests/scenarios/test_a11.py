"""A11: S19, effective date and the gate of five criteria."""

from datetime import date

import pytest

from tests.domain.flow import changed
from tests.scenarios.asking import gates
from tests.scenarios.conftest import Tell
from tests.scenarios.language import Step, Story, received, refused, said, story

pytestmark = pytest.mark.anyio

TECHNICAL, REVIEW, MANAGEMENT = "technical_zeroing", "review", "management_zeroing"
EFFECTIVE = date(2019, 1, 15)
DOUBLE = changed("S19", ("id: S19", "id: S19D"), ("in_force: false", "in_force: true"))


def accepted(criterion: str, day: str) -> Step:
    """Evidence for one criterion is accepted."""
    return said("Q2", "evidence_accepted", f"{day} 10:00", criterion=criterion)


def zeroing(book: str, *more: Step) -> Story:
    """Two problems, on both sides of the day on which the regulation takes effect."""
    return story(
        received("Q1", "2019-01-16 09:00", occurred_at="2019-01-12T08:00:00+08:00"),
        received("Q2", "2019-01-16 09:30", occurred_at="2019-01-15T08:00:00+08:00"),
        accepted("location", "2019-01-18"),
        accepted("mechanism", "2019-01-25"),
        accepted("reproduction", "2019-02-01"),
        accepted("measures", "2019-02-20"),
        *more,
        closure=book,
    ).at(since=EFFECTIVE, books=(DOUBLE,))


async def test_what_occurred_before_the_effective_date_is_not_governed(tell: Tell) -> None:
    world = await tell(zeroing("S19@1"))

    assert world.complaint("Q1").rulebooks == {}
    assert world.complaint("Q2").rulebooks == {"closure": "S19@1"}
    assert world.book("S19@1").issued_on == date(2019, 1, 10)


async def test_four_of_five_then_the_review_then_it_is_zeroed(tell: Tell) -> None:
    world = await tell(
        zeroing(
            "S19@1",
            refused("Q2", "closed", "2019-02-21 09:00", TECHNICAL, REVIEW),
            accepted("extension", "2019-03-01"),
            refused("Q2", "closed", "2019-03-02 09:00", REVIEW),
            said("Q2", "review_held", "2019-03-04 09:00", result="passed"),
            said("Q2", "closed", "2019-03-04 10:00"),
        )
    )

    assert world.complaint("Q2").closed
    assert world.row("Q2")["closed_at"] == "2019-03-04T10:00:00+08:00"


async def test_the_missing_criterion_is_named(tell: Tell) -> None:
    world = await tell(zeroing("S19@1"))

    found = gates(world, "S19@1", "Q2", "2019-02-21 09:00")[TECHNICAL].found

    assert (found.done, found.of, found.percent) == (4, 5, 80)
    assert found.lacking == ("extension",)


async def test_with_double_zeroing_it_stays_open(tell: Tell) -> None:
    world = await tell(
        zeroing(
            "S19D@1",
            accepted("extension", "2019-03-01"),
            said("Q2", "review_held", "2019-03-04 09:00", result="passed"),
            refused("Q2", "closed", "2019-03-05 09:00", MANAGEMENT),
        )
    )

    found = gates(world, "S19D@1", "Q2", "2019-03-05 09:00")
    assert (found[MANAGEMENT].found.done, found[MANAGEMENT].found.of) == (0, 5)
    assert found[TECHNICAL].state == "open"
    assert not world.complaint("Q2").closed
