"""What a row of the list of projects says, from what happened to the project."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from domain.kinds import PROJECT
from domain.record import Opening
from projections.projects import columns
from tests.builders import CHINA, LI
from tests.domain.under import RULEBOOKS

OPENING = Opening(
    number="P-1", site="plant-1", zone="Asia/Shanghai", rulebooks={"scores": "S34@1"}
)


def at(day: str) -> datetime:
    return datetime.fromisoformat(day).replace(tzinfo=CHINA)


def row(*steps: tuple[str, str, dict[str, Any]]) -> Mapping[str, Any]:
    """The row of a project of 2025, of which this was said on these days."""
    body = PROJECT.begins.shape.model_validate({"name": "桂花园三期"})
    begun = at("2025-01-05")
    made = PROJECT.begins.begun(body, OPENING, who=LI, at=begun, stream_id=UUID(int=3))
    for day, word, said in steps:
        deed = PROJECT.deeds[word]
        told = deed.shape.model_validate(said)
        deed.said(told, who=LI, at=at(day), ids={})(made, RULEBOOKS.of(made))
    return columns(made)


def test_a_project_that_was_only_begun() -> None:
    found = row()

    assert (found["name"], found["begun_on"]) == ("桂花园三期", "2025-01-05")
    assert (found["delivered_on"], found["score"], found["reports"]) == (None, None, [])


def test_callbacks_count_when_they_reached_somebody() -> None:
    found = row(
        ("2025-03-01", "delivered", {}),
        ("2025-04-01", "called_back", {"reached": True, "satisfied": True}),
        ("2025-05-01", "called_back", {"reached": False}),
    )

    assert (found["callbacks"], found["called_back_on"]) == (1, "2025-04-01")


def test_a_report_is_late_after_30_december() -> None:
    """S34 row 7."""
    said = {"report": "annual_report", "year": 2025}

    in_time = row(("2025-12-30T23:59:59", "report_filed", said))["reports"]
    late = row(("2025-12-31T00:00:00", "report_filed", said))["reports"]

    assert [one["late"] for one in (*in_time, *late)] == [False, True]
    assert late[0]["due"] == "2025-12-30"


def test_the_score_is_that_of_the_latest_year() -> None:
    def scored(year: int, points: int) -> dict[str, Any]:
        return {"year": year, "rows": ({"row": "row_2", "points": points},)}

    found = row(
        ("2027-01-02", "evaluated", scored(2026, 12)),
        ("2027-01-03", "evaluated", scored(2025, 15)),
    )

    assert (found["score_year"], found["score"]) == (2026, 12)


def test_a_hold_point_stands_as_it_was_last_checked() -> None:
    def check(result: str) -> dict[str, Any]:
        return {"point": "materials", "result": result}

    again = row(
        ("2025-02-01", "hold_point_checked", check("failed")),
        ("2025-02-03", "hold_point_checked", check("passed")),
    )

    assert (again["passed"], again["failed"]) == (["materials"], [])


def test_a_correction_is_folded_in() -> None:
    wrong = {"corrects": 1, "field": "name", "new": "桂花园四期", "reason": "误"}

    found = row(("2025-02-01", "corrected", wrong))

    assert (found["name"], found["corrected"]) == ("桂花园四期", 1)
