"""A14: S6 6.5 to 6.7, versions of the catalog."""

from datetime import date

import pytest

from domain.penalty import Notice
from tests.domain.fining import V1_FROM, cny, money, text_of
from tests.domain.test_penalty_scenarios import version_2
from tests.scenarios.conftest import Tell
from tests.scenarios.language import Step, act, fined, not_fined, story

pytestmark = pytest.mark.anyio

V2_FROM = date(2025, 3, 10)  # departments agreed on the 7th, the general manager approved
RECORDED = "2025-03-11 12:00"


def done_on(name: str, day: str) -> Step:
    """The act that version 2 adds a clause for."""
    who = {"person": "p-zhao", "role": "inspector", "act": "test_act"}
    return act(name, f"{day} 12:00", occasion=name, **who)


A14 = story(
    done_on("ninth", "2025-03-09"),
    not_fined("ninth", RECORDED, "leader"),
    fined("ninth", RECORDED, leader="p-leader"),
    done_on("tenth", "2025-03-10"),
    fined("tenth", RECORDED, penalty_clause="S6@2#5.2.1.14"),
    fines="S6@1",
).at(catalogs=((text_of("S6_v1"), V1_FROM), (version_2(), V2_FROM)))


async def test_the_day_of_the_act_says_which_version_judges_it(tell: Tell) -> None:
    world = await tell(A14)

    ninth, tenth = world.notice("ninth"), world.notice("tenth")
    assert charged(ninth) == ("S6@1#6.6", "p-leader", "supervising_leader", "direct")
    assert (ninth.amount, money([ninth])) == (None, 0)
    assert charged(tenth)[0] == "S6@2#5.2.1.14"
    assert (tenth.amount, money([tenth])) == (cny(30), 30_00)


def charged(notice: Notice) -> tuple[str | None, ...]:
    """By which clause, whom, in which role, and how liable."""
    charge = notice.charge
    assert charge is not None
    return charge.penalty_clause, charge.person, charge.role, charge.liability


async def test_the_next_update_is_due_two_months_after_the_last(tell: Tell) -> None:
    world = await tell(A14)

    months = world.book("S6@1").duties["catalog_update"].months_after_last
    assert months == 2
    due = world.catalog().update_due(months=months)
    assert due == date(2025, 5, 10)
    overdue = [day for day in (10, 11) if date(2025, 5, day) > due]
    assert overdue == [11]
