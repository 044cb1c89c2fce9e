"""Stages of the tracking table: how far a complaint has come, and when it is set back."""

from typing import Any

import pytest

from domain.complaint import (
    action,
    closure,
    containment,
    effect,
    intake,
    investigation,
)
from domain.event import Event
from projections.tracking_row import STAGES
from tests.projections.telling import day, decision, fact, row

PLAN: dict[str, Any] = {"action": "A1", "text": "改模具", "kind": "corrective", "cycle": 1}
DONE: dict[str, Any] = {"action": "A1", "cycle": 1}
HELPED: dict[str, Any] = {"result": "effective", "side_effect": False, "cycle": 1}
FAILED: dict[str, Any] = {"result": "ineffective", "side_effect": False, "cycle": 1}
SAME: dict[str, Any] = {"shipment_batch": "L2", "result": "same_problem"}


STEPS = (
    fact(intake.Accepted, day(1), unit="quality"),
    fact(containment.Contained, day(2), actions=("sort",)),
    fact(
        investigation.RootCaused,
        day(3),
        causes=(investigation.Cause(branch="escape", code="method", text="无防错"),),
    ),
    fact(action.ActionPlanned, day(4), **PLAN),
    fact(action.ActionImplemented, day(5), **DONE),
    decision(effect.Verified, day(6), **HELPED),
    decision(closure.Closed, day(7)),
)
HELD = STEPS[:5]  # everything up to the action, that is yet to be verified

ENDS = [
    ((decision(closure.Closed, day(7)),), {"closed_at": day(7), "stage": "closed"}),
    (
        (
            *HELD,
            decision(closure.Closed, day(7)),
            decision(closure.Reopened, day(8), reason="again"),
        ),
        {
            "closed_at": None,
            "first_closed_at": day(7),
            "reopened": 1,
            "stage": "action_implemented",
        },
    ),
    (
        (
            decision(closure.Closed, day(7)),
            decision(closure.Reopened, day(8), reason="again"),
            decision(closure.Closed, day(9)),
        ),
        {"closed_at": day(9), "first_closed_at": day(7), "stage": "closed"},
    ),
    (
        (*HELD, fact(intake.Withdrawn, day(6))),
        {"withdrawn_at": day(6), "stage": "withdrawn"},
    ),
    (
        (fact(intake.Withdrawn, day(6)), decision(closure.Closed, day(7))),
        {"withdrawn_at": day(6), "stage": "closed"},
    ),
]
CYCLES = [
    (
        (*HELD, decision(effect.Verified, day(6), **FAILED)),
        {
            "cycle": 2,
            "stage": "root_caused",
            "action_planned_at": None,
            "verified_at": None,
        },
    ),
    (
        (*HELD, fact(effect.BatchChecked, day(6), **SAME)),
        {"cycle": 2, "stage": "root_caused", "implemented_at": None},
    ),
    (
        (*HELD, fact(effect.BatchChecked, day(6), shipment_batch="L", result="clean")),
        {"cycle": 1, "stage": "action_implemented"},
    ),
    # The batch was seen before the action was taken, and only told of later.
    (
        (*HELD, fact(effect.BatchChecked, day(3), **SAME)),
        {"cycle": 2, "stage": "action_implemented", "implemented_at": day(5)},
    ),
    (
        (
            *HELD,
            decision(effect.Verified, day(6), **FAILED),
            fact(action.ActionPlanned, day(7), **PLAN),
            fact(action.ActionImplemented, day(8), **DONE),
            decision(effect.Verified, day(9), **HELPED),
        ),
        {"cycle": 2, "stage": "verified", "implemented_at": day(8), "verified_at": day(9)},
    ),
    # It failed twice; what came between the two is of the cycle that failed as well.
    (
        (
            *HELD,
            decision(effect.Verified, day(6), **FAILED),
            fact(action.ActionImplemented, day(7), **DONE),
            fact(effect.BatchChecked, day(8), **SAME),
        ),
        {"cycle": 3, "stage": "root_caused", "implemented_at": None},
    ),
    # Of an action we know only the date: within that day the order of recording decides.
    (
        (
            *HELD,
            decision(effect.Verified, day(6), **FAILED),
            fact(action.ActionImplemented, day(6).replace(hour=0), precision="day", **DONE),
        ),
        {"stage": "action_implemented"},
    ),
    (
        (
            fact(action.ActionImplemented, day(6).replace(hour=0), precision="day", **DONE),
            decision(effect.Verified, day(6), **FAILED),
        ),
        {"stage": "received", "implemented_at": None},
    ),
]


@pytest.mark.parametrize(("given", "then"), [*ENDS, *CYCLES])
def test_what_steps_make_of_a_row(given: tuple[Event, ...], then: dict[str, Any]) -> None:
    made = row(*given)

    assert {name: getattr(made, name) for name in then} == then


@pytest.mark.parametrize("nth", range(len(STEPS) + 1))
def test_the_stage_is_the_furthest_step_that_happened(nth: int) -> None:
    """Whatever the order: here the last step is always told first."""
    made = row(*reversed(STEPS[:nth]))

    assert (made.stage, made.stage_nth) == (STAGES[nth], nth)
