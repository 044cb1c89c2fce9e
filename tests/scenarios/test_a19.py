"""A19: S30, 8D in one month, and two months of observation."""

import pytest

from tests.scenarios.asking import gates, reading, runs
from tests.scenarios.conftest import Tell
from tests.scenarios.language import Step, Story, at, facts, received, refused, said, story

pytestmark = pytest.mark.anyio

S30 = {"clocks": "S30@1", "closure": "S30@1"}
DISCIPLINES = ("d0", "d1", "d2", "d3", "d4", "d5", "d6", "d7")
OPEN_AGAIN = ("report_sent", "observed", "customer_agrees")  # of the new cycle
AGREES = said("C1", "customer_confirmed", "2025-03-01 09:00", result="accepted")


def reported(*more: Step, follows: bool) -> Story:
    """Measures on 20 February; D0 to D7, the report and its evidence on the 27th."""
    return story(
        received("C1", "2025-01-31 10:00"),
        *facts("C1", "2025-01-31 10:00", special_circumstances=False),
        said("C1", "action_planned", "2025-02-19 09:00", action="A1", text="改模具"),
        said("C1", "action_implemented", "2025-02-20 09:00", action="A1"),
        *(
            said("C1", "evidence_accepted", "2025-02-27 09:00", criterion=each)
            for each in DISCIPLINES
        ),
        said("C1", "replied", "2025-02-27 10:00", part="report"),
        *facts("C1", "2025-02-27 11:00", customer_follows=follows),
        *more,
        **S30,
    )


async def test_one_month_from_31_january_is_the_last_of_february(tell: Tell) -> None:
    found = reading(await tell(reported(follows=False)), "S30@1", "CLK-8D", "C1")

    assert (found.due, found.state) == (at("2025-02-28 23:59:59"), "met")
    assert "clamped" in [step.kind for step in found.steps]


async def test_a_customer_who_follows_watches_until_the_last_day_begins(tell: Tell) -> None:
    world = await tell(
        reported(
            AGREES,
            refused("C1", "closed", "2025-04-19 23:59", "observed"),
            said("C1", "closed", "2025-04-20 00:00"),
            follows=True,
        )
    )

    assert world.complaint("C1").closed


async def test_a_silent_customer_lets_the_plant_close_by_itself(tell: Tell) -> None:
    closing = said("C1", "closed", "2025-02-27 12:00")

    assert (await tell(reported(closing, follows=False))).complaint("C1").closed


async def test_the_same_defect_keeps_it_open_and_new_measures_begin_a_new_watch(
    tell: Tell,
) -> None:
    world = await tell(
        reported(
            AGREES,
            said("C1", "recurred", "2025-04-02 09:00", observed="同一缺陷"),
            refused("C1", "closed", "2025-04-20 09:00", *OPEN_AGAIN),
            said("C1", "action_planned", "2025-04-09 09:00", action="A2", text="换供方"),
            said("C1", "action_implemented", "2025-04-10 09:00", action="A2"),
            follows=True,
        )
    )

    watch = gates(world, "S30@1", "C1", "2025-04-11 09:00")["observed"].found
    assert f"{watch.until}" == "2025-06-10"


async def test_nine_days_between_two_weekly_reviews_are_one_missed(tell: Tell) -> None:
    reviews = ("2025-02-26", "2025-03-05", "2025-03-14")
    world = await tell(
        reported(
            *(said("C1", "review_held", f"{day} 10:00") for day in reviews), follows=False
        )
    )

    noon = at("2025-03-14 12:00")
    found = runs(world, "S30@1", "CLK-weekly-review", "C1", now=noon)
    missed = [run.due for run in found if run.state == "missed"]
    assert missed == [at("2025-03-12 23:59:59")]
