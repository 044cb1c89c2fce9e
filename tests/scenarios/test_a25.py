"""A25: S32's tracking row of one complaint, stage by stage, and S29's figures of March."""

import pytest

from api.kpi_asked import dictionary
from domain.kpi import complaint_lines
from domain.kpi.tally import tallied
from tests.scenarios.conftest import Tell
from tests.scenarios.language import at, received, refused, said, story

pytestmark = pytest.mark.anyio

MARCH, ZONE = "2025-03", "Asia/Shanghai"
CAUSES = [{"branch": "occurrence", "code": "equipment"}]
A25 = story(
    received("C1", "2025-03-03 09:00"),
    said("C1", "root_caused", "2025-03-04 11:30", causes=CAUSES),
    said("C1", "action_planned", "2025-03-05 10:00", action="A1", text="改模具"),
    said("C1", "solution_executed", "2025-03-07 16:00", on_the_spot=False),
    refused("C1", "closed", "2025-03-07 17:00", "customer_confirmed"),
    said("C1", "customer_confirmed", "2025-03-10 09:00", result="accepted"),
    said("C1", "closed", "2025-03-10 15:00"),
    closure="S32@1",
)


async def test_the_stages_take_26_5_22_5_54_65_and_6_hours_174_in_all(tell: Tell) -> None:
    world = await tell(A25)

    lines = complaint_lines.of_complaint(world.complaint("C1"), at("2025-03-03 09:05"))
    sums = tallied(lines, [MARCH], at=at("2025-04-01"), zone=ZONE)

    def hours(name: str) -> float:
        found = sums.figure(dictionary()[name].definition, MARCH).value
        assert found is not None
        return float(found) / 3600

    stages = ("analysis", "solution", "execution", "confirmation", "closing")
    assert [hours(f"KPI-stage-{one}") for one in stages] == [26.5, 22.5, 54.0, 65.0, 6.0]
    assert hours("KPI-handling-time") == 174.0
    resolved = sums.figure(dictionary()["KPI-resolution"].definition, MARCH)
    assert (
        f"{resolved.numerator}/{resolved.denominator} = {resolved.value}" == "1/1 = 100.0"
    )
