"""A03: S46 5.2.2 and 5.2.3, an ineffective action is returned, and three clean batches."""

import pytest

from tests.scenarios.asking import gates
from tests.scenarios.conftest import Tell
from tests.scenarios.language import Step, received, refused, said, story

pytestmark = pytest.mark.anyio

RUN, VERIFIED = "three_clean_batches", "verified"


def acted(action: str, day: str) -> tuple[Step, ...]:
    """An action is laid down and carried out."""
    return (
        said("C1", "action_planned", f"{day} 08:00", action=action, text="改模具"),
        said("C1", "action_implemented", f"{day} 09:00", action=action),
    )


def checked(lot: str, day: str, result: str) -> Step:
    """A shipment was looked at."""
    when = f"{day} 10:00"
    return said("C1", "batch_checked", when, shipment_batch=lot, result=result)


FIRST_CYCLE = story(
    received("C1", "2025-02-28 09:00"),
    *acted("A1", "2025-03-03"),
    checked("L1", "2025-03-05", "clean"),
    checked("L2", "2025-03-07", "same_problem"),
    grading="S46@1",
    closure="S46@1",
)
A03 = FIRST_CYCLE.then(
    *acted("A2", "2025-03-10"),
    checked("L3", "2025-03-11", "clean"),
    checked("L4", "2025-03-13", "other_problem"),
    refused("C1", "closed", "2025-03-14 09:00", RUN, VERIFIED),
    checked("L5", "2025-03-18", "clean"),
    refused("C1", "closed", "2025-03-18 16:00", VERIFIED),
    said("C1", "verified", "2025-03-19 09:00", result="effective", side_effect=False),
    said("C1", "closed", "2025-03-19 10:00"),
)


async def test_the_same_problem_again_returns_it_to_the_responsible_unit(
    tell: Tell,
) -> None:
    world = await tell(FIRST_CYCLE)

    assert world.row("C1")["cycle"] == 2
    assert gates(world, "S46@1", "C1", "2025-03-08 09:00")[RUN].found.history == (1, 0)
    assert world.topics("C1")[-1] == "complaint.returned_to_unit"


async def test_another_problem_does_not_break_the_run_and_three_in_a_row_close_it(
    tell: Tell,
) -> None:
    world = await tell(A03)

    run = gates(world, "S46@1", "C1", "2025-03-19 10:00")[RUN].found
    assert (run.history, run.done, run.of) == ((1, 0, 1, 2, 3), 3, 3)
    assert world.complaint("C1").closed
    assert world.row("C1")["stage"] == "closed"
