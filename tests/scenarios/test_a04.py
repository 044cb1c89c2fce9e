"""A04: S45, grading boundaries and the two, four and eight-hour clocks."""

from typing import Any

import pytest

from tests.scenarios.asking import late, reading, verdict
from tests.scenarios.conftest import Tell
from tests.scenarios.language import Step, Story, at, facts, received, said, story, yuan

pytestmark = pytest.mark.anyio

S45 = {"grading": "S45@1", "clocks": "S45@1", "closure": "S46@1"}
RESPONSE = "CLK-response"

Item = dict[str, Any]
Known = dict[str, bool | str]

# Facts → grade, hours.
TABLE: dict[str, tuple[Item, Known, str, int]] = {
    "scratch-9999": ({"price": yuan(9_999)}, {}, "general", 8),
    "scratch-10000": ({"price": yuan(10_000)}, {}, "important", 4),
    "does-not-start": ({"price": yuan(300)}, {"function_effect": "lost"}, "important", 4),
    "nine-of-a-batch": (
        {"batch": "B9", "quantity": 9, "price": yuan(300)},
        {"function_effect": "lost"},
        "important",
        4,
    ),
    "ten-of-a-batch": (
        {"batch": "B10", "quantity": 10, "price": yuan(300)},
        {"function_effect": "lost"},
        "urgent",
        2,
    ),
    "media-threat": (
        {"price": yuan(300)},
        {"media_or_authority_threat": True},
        "urgent",
        2,
    ),
}


def table() -> Story:
    """One complaint for each line, received Wednesday at one o'clock."""
    steps: list[Step] = []
    for name, (item, known, _, _) in TABLE.items():
        whole = {"batch": f"alone-{name}", "quantity": 1} | item
        steps.append(received(name, "2025-03-12 13:00", items=[whole]))
        answers: Known = {"safety_hazard": False, "function_effect": "none", **known}
        steps += facts(name, "2025-03-12 13:00", **answers)
    return story(*steps, **S45)


async def test_each_line_of_the_table(tell_anyhow: Tell) -> None:
    world = await tell_anyhow(table())

    for name, (_, _, grade, hours) in TABLE.items():
        others = [other for other in TABLE if other != name]
        found = verdict(world, "S45@1", name, *others)
        assert (found.code, found.might_be) == (grade, ()), name
        due = reading(world, "S45@1", RESPONSE, name, *others).due
        assert due == at(f"2025-03-12 {13 + hours}:00"), name


def tenth(answered: str) -> Story:
    """Nine units at 13:00; the tenth is reported with another complaint at 14:05."""
    known: Known = {"function_effect": "lost", "safety_hazard": False}
    b1: Item = {"batch": "B1", "price": yuan(300)}
    return story(
        received("nine", "2025-03-12 13:00", items=[b1 | {"quantity": 9}]),
        *facts("nine", "2025-03-12 13:00", **known),
        received("one", "2025-03-12 14:05", items=[b1 | {"quantity": 1}]),
        *facts("one", "2025-03-12 14:05", **known),
        said("nine", "response_started", answered),
        **S45,
    )


@pytest.mark.parametrize(
    ("answered", "state", "by"),
    [
        ("2025-03-12 16:05:00", "met", None),
        ("2025-03-12 16:30:00", "late", "25 minutes"),
    ],
)
async def test_the_tenth_unit_raises_every_open_complaint_of_the_batch(
    tell_anyhow: Tell, answered: str, state: str, by: str | None
) -> None:
    world = await tell_anyhow(tenth(answered))

    before = reading(world, "S45@1", RESPONSE, "nine")
    assert before.due == at("2025-03-12 17:00")
    for name, other in (("nine", "one"), ("one", "nine")):
        assert verdict(world, "S45@1", name, other).code == "urgent"
    found = reading(world, "S45@1", RESPONSE, "nine", "one")
    [regrade] = [change for change in found.adjustments if change.moved]
    assert (regrade.at, regrade.grade) == (at("2025-03-12 14:05"), "urgent")
    assert (found.due, found.state) == (at("2025-03-12 16:05:00"), state)
    assert (late(found) if found.late else None) == by


async def test_a_threat_at_night_runs_over_midnight(tell: Tell) -> None:
    world = await tell(
        story(
            received("C1", "2025-03-14 22:30"),
            *facts("C1", "2025-03-14 22:30", media_or_authority_threat=True),
            **S45,
        )
    )

    assert verdict(world, "S45@1", "C1").code == "urgent"
    assert reading(world, "S45@1", RESPONSE, "C1").due == at("2025-03-15 00:30")
    notified = world.book("S45@1").grading
    assert notified is not None
    assert notified.notify["urgent"] == ("quality_manager", "cs_supervisor")
