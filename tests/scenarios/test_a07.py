"""A07: S2 5.4.1(5), the third complaint of one batch, with events out of order."""

import pytest

from domain.cluster import Cluster
from tests.scenarios.conftest import Tell
from tests.scenarios.language import Step, World, about_alarm, received, story

pytestmark = pytest.mark.anyio

S2 = {"repeats": "S2@1", "closure": "S2@1"}


def swollen(
    name: str, day: int, batch: str = "20250211", defect: str = "swollen pack"
) -> Step:
    """A complaint received on a day of March."""
    item = {"batch": batch, "defect": defect, "quantity": 2}
    return received(name, f"2025-03-{day:02} 09:00", items=[item])


# As they arrive: C2 is received before C3, and recorded after it.
TWO = story(
    swollen("C1", 3),
    swollen("C3", 7),
    swollen("C5", 6, defect="label"),
    swollen("C6", 6, batch="20250212"),
    **S2,
)
THREE = TWO.then(swollen("C2", 5))
MEETING = (
    about_alarm("meeting_held", "2025-03-10 10:00"),
    about_alarm("plan_adopted", "2025-03-10 11:00", plan="P1"),
)


def members(world: World, *names: str) -> set[str]:
    """Which of these complaints belong to the one alarm."""
    [alarm] = world.clusters()
    return {name for name in names if world.complaint(name).id in alarm.members}


async def test_no_alarm_after_two_and_exactly_one_with_the_third(tell: Tell) -> None:
    assert (await tell(TWO)).clusters() == []


async def test_the_alarm_counts_the_three_whatever_the_order(tell: Tell) -> None:
    world = await tell(THREE)

    [alarm] = world.clusters()
    assert (alarm.crossing, alarm.version, sum(alarm.members.values())) == (1, 1, 3)
    assert members(world, "C1", "C2", "C3", "C5", "C6") == {"C1", "C2", "C3"}
    [effect] = [
        deed
        for deed in world.book("S2@1").repeats["REP-same-batch"].effects
        if deed.do == "call_meeting"
    ]
    assert effect.role == "quality_control"  # asked to convene the meeting


async def test_a_fourth_after_the_meeting_is_handled_by_its_plan(tell: Tell) -> None:
    world = await tell(THREE.then(*MEETING, swollen("C4", 12)))

    [alarm] = world.clusters()
    assert "C4" in members(world, "C4")
    assert stands(alarm) == "handle by plan P1"
    assert alarm.crossing == 1, "no second meeting is asked for"


async def test_a_fourth_before_the_meeting_waits_for_it_and_then_follows_the_plan(
    tell: Tell,
) -> None:
    waiting = await tell(THREE.then(swollen("C4", 9)))

    [alarm] = waiting.clusters()
    assert "C4" in members(waiting, "C4")
    assert stands(alarm) == "meeting pending"


async def test_the_plan_reaches_who_was_waiting(tell: Tell) -> None:
    world = await tell(THREE.then(swollen("C4", 9), *MEETING))

    [alarm] = world.clusters()
    assert "C4" in members(world, "C4")
    assert stands(alarm) == "handle by plan P1"


def stands(alarm: Cluster) -> str:
    """What a member of it is told."""
    return f"handle by plan {alarm.plan}" if alarm.plan else "meeting pending"
