"""A17: S37, one-working-day steps, a holiday, and the chain of signatures."""

import pytest

from tests.scenarios.asking import late, runs
from tests.scenarios.conftest import Tell
from tests.scenarios.language import Step, at, facts, received, refused, said, story

pytestmark = pytest.mark.anyio

S37 = {"grading": "S37@1", "clocks": "S37@1", "closure": "S37@1", "approvals": "S37@1"}
SHEET, SKIP = "close_sheet", "skip_second_callback"
# At this shop a quality manager may be the manager of customer service, or the director.
ROLES = {
    "cs_manager": ["quality_manager"],
    "director": ["quality_manager"],
    "handler": ["quality_engineer"],
}
LI, CSM, DIR = "customer_service:li", "quality_manager:csm", "quality_manager:dir"
GM = "general_manager:gm"


def handed(when: str, step: str, unit: str) -> Step:
    """One department passes the sheet to the next."""
    return said("C1", "handed_over", when, step=step, to_unit=unit)


def signed(when: str, meaning: str, role: str, by: str, decision: str = SHEET) -> Step:
    """A person puts their name to it."""
    words = {"decision": decision, "meaning": meaning, "role": role}
    return said("C1", "signed", when, by=by, **words)


STEPS = story(
    received("C1", "2025-09-26 10:00"),
    handed("2025-09-26 11:00", "1", "service department"),
    handed("2025-09-29 10:00", "2", "customer service"),
    said("C1", "customer_confirmed", "2025-09-30 15:00", result="rejected"),
    handed("2025-09-30 15:00", "3", "service department"),
    handed("2025-10-09 09:00", "4", "customer service"),
    said("C1", "customer_confirmed", "2025-10-09 11:00", result="accepted"),
    said("C1", "solution_executed", "2025-10-10 12:00"),
    **S37,
).at(acting=ROLES)

SATISFIED = said(
    "C1", "called_back", "2025-10-13 09:00", reached=True, satisfied=True, round=1
)


async def test_three_of_four_steps_were_on_time(tell_anyhow: Tell) -> None:
    found = runs(await tell_anyhow(STEPS), "S37@1", "CLK-step", "C1")

    assert [(run.due, run.state) for run in found] == [
        (at("2025-09-28 23:59:59"), "late"),  # the make-up Sunday
        (at("2025-09-30 23:59:59"), "met"),
        (at("2025-10-09 23:59:59"), "met"),  # after the holiday
        (at("2025-10-10 23:59:59"), "met"),
    ]
    assert late(found[0]) == "1 working day"
    on_time = sum(run.state == "met" for run in found)
    assert f"{100 * on_time / len(found):.1f}%" == "75.0%"


async def test_three_sign_in_order_and_the_pdca_file_comes_last(tell: Tell) -> None:
    world = await tell(
        STEPS.then(
            SATISFIED,
            signed("2025-10-13 10:00", "proposed", "customer_service", LI),
            signed("2025-10-13 11:00", "approved", "cs_manager", CSM),
            refused(
                "C1",
                "signed",
                "2025-10-13 12:00",
                "role",
                by=GM,
                decision=SHEET,
                meaning="approved",
                role="general_manager",
            ),
            signed("2025-10-14 09:00", "approved", "director", DIR),
            signed("2025-10-14 10:00", "approved", "general_manager", GM),
            refused("C1", "closed", "2025-10-14 11:00", "pdca"),
            said("C1", "duty_done", "2025-10-15 09:00", duty="pdca_file_changed"),
            said("C1", "closed", "2025-10-15 10:00"),
        )
    )

    assert world.complaint("C1").closed
    assert world.row("C1")["closed_at"] == "2025-10-15T10:00:00+08:00"


def without_a_second_callback(*more: Step) -> tuple[Step, ...]:
    """All is signed, and nobody called a second time."""
    return (
        signed("2025-10-13 10:00", "proposed", "customer_service", LI),
        signed("2025-10-13 11:00", "approved", "cs_manager", CSM),
        signed("2025-10-14 09:00", "approved", "director", DIR),
        signed("2025-10-14 10:00", "approved", "general_manager", GM),
        said("C1", "duty_done", "2025-10-15 09:00", duty="pdca_file_changed"),
        *more,
    )


async def test_nobody_skips_the_second_callback_without_the_director(tell: Tell) -> None:
    wish = signed("2025-10-15 10:00", "proposed", "handler", "quality_engineer:han", SKIP)
    leave = signed("2025-10-15 12:00", "approved", "director", DIR, SKIP)
    world = await tell(
        STEPS.then(
            *facts("C1", "2025-10-09 11:30", product_quality=True),
            *without_a_second_callback(
                wish,
                refused("C1", "closed", "2025-10-15 11:00", "followed_up"),
                leave,
                said("C1", "closed", "2025-10-15 13:00"),
            ),
        )
    )

    assert world.complaint("C1").closed
