"""S1, clause by clause: what a builder checks before complaints can arise."""

from domain.project import ProjectBegun
from tests.rulebooks.clause import Row, table
from tests.rulebooks.projects import begun

PONDING = "2025-03-12 hold_point_checked point=ponding_test"
WATERPROOFING = "2025-03-14 hold_point_checked point=waterproofing result=passed"
PASSED = "2025-03-13 hold_point_checked result=passed point="

ROWS: tuple[Row, ...] = (
    # hard check
    (
        "hold_points.ponding_test",
        "no seepage in 48 hours",
        f"{PONDING} result=passed hours=48",
        "recorded",
    ),
    (
        "hold_points.ponding_test",
        "47 hours are no test",
        f"{PONDING} result=passed hours=47",
        "refused: hours",
    ),
    (
        "hold_points.ponding_test",
        "seepage after 20 hours",
        f"{PONDING} result=failed hours=20",
        "recorded",
    ),
    (
        "hold_points.waterproofing",
        "no waterproofing before the ponding test",
        WATERPROOFING,
        "refused: ponding_test",
    ),
    (
        "hold_points.waterproofing",
        "nor after one that failed",
        f"{PONDING} result=failed hours=48\n{WATERPROOFING}",
        "refused: ponding_test",
    ),
    (
        "hold_points.waterproofing",
        "the bare structure is tight",
        f"{PONDING} result=passed hours=48\n{WATERPROOFING}",
        "recorded",
    ),
    # after: acceptance; the order of the steps is not printed
    ("hold_points.materials", "incoming materials", f"{PASSED}materials", "recorded"),
    ("hold_points.process_step", "process step", f"{PASSED}process_step", "recorded"),
    ("hold_points.special", "special acceptance", f"{PASSED}special", "recorded"),
    ("hold_points.sub_item", "sub-item", f"{PASSED}sub_item", "recorded"),
    ("hold_points.hidden_works", "hidden works", f"{PASSED}hidden_works", "recorded"),
    ("hold_points.hidden_works", "work waits there", "kind", "hold"),
    ("hold_points.materials", "paint is no point", f"{PASSED}paint", "refused: point"),
    # during
    ("hold_points.witnessed", "watched from afar, in real time", "kind", "witness"),
    ("hold_points.witnessed", "watched", f"{PASSED}witnessed", "recorded"),
    (
        "duties.round_report",
        "after every round to all projects",
        "2025-03-14 report_filed report=round_report year=2025",
        "recorded",
    ),
    ("duties.round_report", "by who supervises", "role", "engineering_management"),
    ("duties.round_report", "when a round is over: no rhythm", "irregular", "True"),
    # roles
    ("duties.sampling", "at fixed or random times", "irregular", "True"),
    ("duties.sampling", "by the engineering department", "role", "engineering_management"),
    (
        "duties.sampling",
        "sampled",
        "2025-03-14 report_filed report=sampling year=2025",
        "recorded",
    ),
    # target
    ("kpis.complaints_per_project", "zero complaints", "target", "0"),
    ("kpis.complaints_per_project", "fewer are better", "direction", "lower"),
)

test_clauses = table("S1", ROWS)


def test_each_project_is_assigned_to_one_named_person() -> None:
    """Roles: whom complaints of a project are counted for."""
    [taken_on] = begun().news
    assert isinstance(taken_on, ProjectBegun)
    assert taken_on.responsible == "p-li"
