"""A05 and A25's row: S45's verification, callback and case library; S32's six stages."""

from datetime import timedelta

import pytest

from domain.complaint.investigation import Cause
from domain.complaint.speaking import may_speak, spokespersons
from domain.complaint.stages import read_stages
from domain.event import Who
from tests.domain.flow import Flow, changed

CAUSE = Cause(branch="occurrence", code="method")


def carried_out() -> Flow:
    """The solution on 30 September, the measures an hour later."""
    flow = Flow("S45", "2024-09-25")
    flow.says("2024-09-28", "action_planned", action="A1", text="换料")
    flow.says("2024-09-30 16:00", "solution_executed")
    flow.says("2024-09-30 17:00", "action_implemented", action="A1")
    return flow


def acting(role: str) -> Who:
    return Who(by="p-li", role=role, source="web")


def test_it_is_closed_when_the_callback_of_day_thirty_was_good() -> None:
    flow = carried_out()
    flow.says("2024-10-08 11:00", "replied", part="report")
    flow.says("2024-10-08", "verified", result="effective", side_effect=False)
    flow.says("2024-10-09", "duty_done", duty="case_library")

    assert flow.refused("2024-10-20", "closed") == ["called_back"]
    assert "thirty-day callback" in flow.why[0]
    assert flow.why[0].endswith("[S45@1#later clocks]")
    flow.says("2024-10-30", "called_back", reached=True, satisfied=True)
    assert flow.closes("2024-10-30")


def test_whoever_was_not_reached_was_not_called_back() -> None:
    flow = carried_out()
    flow.says("2024-10-08", "verified", result="effective", side_effect=False)
    flow.says("2024-10-09", "duty_done", duty="case_library")
    flow.says("2024-10-30", "called_back", reached=False)

    assert flow.refused("2024-10-30", "closed") == ["called_back"]


def test_a_dissatisfied_customer_begins_another_round() -> None:
    """Nothing that was done before counts any more, and nobody is sent back to a unit."""
    flow = carried_out()
    flow.says("2024-10-08", "verified", result="effective", side_effect=False)
    flow.says("2024-10-30", "called_back", reached=True, satisfied=False)

    shut = {name for name, gate in flow.gates("2024-10-31").items() if not gate.is_open}
    assert shut == {"verified", "called_back", "archived"}
    assert "returned_to_unit" not in flow.topics()


def test_the_objection_climbs_rung_by_rung() -> None:
    flow = carried_out()
    assert flow.refused("2024-11-01", "escalated", rung="gm", because="x") == ["rung"]
    flow.says("2024-11-01", "escalated", rung="head", because="客户不接受")
    assert flow.topics()[-1] == "escalated"


@pytest.mark.parametrize("rung", ["technical", "service"])
def test_no_rung_is_skipped_and_none_is_gone_down(rung: str) -> None:
    """S44: major cases go to the direct superior, no skipping of levels."""
    flow = Flow("S44")
    before = flow.complaint.version
    if rung == "service":  # where it is already
        flow.says("2025-01-03", "escalated", rung=rung, because="x")
        assert flow.complaint.version == before
        return
    assert flow.refused("2025-01-03", "escalated", rung=rung, because="x") == ["rung"]
    assert flow.why == ["first asked: superior [S44@1#escalation]"]
    flow.says("2025-01-03", "escalated", rung="superior", because="跨部门")
    flow.says("2025-01-04", "escalated", rung=rung, because="软件缺陷")
    assert flow.refused("2025-01-05", "escalated", rung="superior", because="x") == ["rung"]
    assert flow.why[0].startswith("this is the top")


@pytest.mark.parametrize(
    ("company_level", "skips"), [(True, True), (False, False), (None, False)]
)
def test_a_rung_is_skipped_only_where_the_condition_surely_holds(
    company_level: bool | None, skips: bool
) -> None:
    """S25: what concerns the company goes straight to the general manager."""
    flow = Flow("S25")
    if company_level is not None:
        flow.says(
            "2025-01-03", "fact_established", fact="company_level", value=company_level
        )

    if skips:
        flow.says("2025-01-03", "escalated", rung="gm", because="公司层面")
        assert flow.topics()[-1] == "escalated"
    else:
        assert flow.refused("2025-01-03", "escalated", rung="gm", because="x") == ["rung"]


def test_six_stages_with_their_times() -> None:
    """26.5, 22.5, 54.0, 65.0 and 6.0 hours: 174.0 in all."""
    flow = Flow("S32", "2025-03-03 09:00")
    flow.says("2025-03-04 11:30", "root_caused", causes=(CAUSE,))
    flow.says("2025-03-05 10:00", "action_planned", action="A1", text="换货")
    flow.says("2025-03-07 16:00", "solution_executed")
    assert flow.refused("2025-03-08", "closed") == ["customer_confirmed"]
    flow.says("2025-03-10 09:00", "customer_confirmed", result="accepted")
    assert flow.closes("2025-03-10 15:00")

    rows = read_stages(flow.complaint, flow.rules)
    took = [row.took / timedelta(hours=1) for row in rows if row.took is not None]
    assert took == [26.5, 22.5, 54.0, 65.0, 6.0]
    assert sum(took) == 174.0
    assert [row.name for row in rows][0::5] == ["receipt", "closing"]
    assert all(row.ended and row.ended.who.by for row in rows)


def test_a_stage_nobody_has_ended_has_no_time() -> None:
    rows = read_stages(Flow("S32").complaint, Flow("S32").rules)

    assert [row.took for row in rows] == [None] * 6


def test_who_speaks_to_the_customer_under_a_condition_that_is_open() -> None:
    """S13: marketing, with quality when it is serious; unknown: all who may be meant."""
    flow = Flow("S13")

    assert [s.speaker.roles for s in spokespersons(flow.complaint, flow.rules)] == [
        ("marketing", "quality"),
        ("marketing",),
    ]
    flow.says("2025-01-03", "fact_established", fact="serious", value=False)
    assert [s.speaker.roles for s in spokespersons(flow.complaint, flow.rules)] == [
        ("marketing",)
    ]
    assert may_speak(flow.complaint, flow.rules, acting("marketing"))
    assert not may_speak(flow.complaint, flow.rules, acting("quality"))


def test_measures_are_approved_by_another_unit_before_an_emergency_ends() -> None:
    """S20: the technical centre approves the rectification measures."""
    flow = Flow("S20")
    flow.says("2025-01-03", "meeting_held", plan="停装，清查库存")
    flow.says("2025-01-04", "action_planned", action="A1", text="加严")
    flow.says("2025-01-05", "action_implemented", action="A1")
    flow.says("2025-01-20", "verified", result="effective", side_effect=False)
    flow.says("2025-01-21", "duty_done", duty="made_permanent")
    assert flow.refused("2025-01-22", "closed") == ["measures_approved"]
    assert "next: responsible_unit" in flow.why[0]

    measures = "rectification_measures"
    flow.signs("2025-01-22", measures, "proposed", "responsible_unit", "p-u")
    assert flow.refused("2025-01-22", "closed") == ["measures_approved"]
    assert "0 of 1 signed, next: technical_centre" in flow.why[0]
    flow.signs("2025-01-23", measures, "approved", "technical_centre", "p-t")
    assert flow.closes("2025-01-23")


@pytest.mark.parametrize(
    ("grade", "missing"),
    [("important", ["corrected"]), ("general", ["corrected"]), ("minor", ["contained"])],
)
def test_by_grade_other_gates_are_asked_for(grade: str, missing: list[str]) -> None:
    """S10: temporary action is enough for minor ones."""
    flow = Flow("S10")
    flow.complaint.grades["S10"] = grade

    assert flow.refused("2025-01-05", "closed") == missing


def test_a_complaint_without_a_grade_has_to_pass_all_gates() -> None:
    assert Flow("S10").refused("2025-01-05", "closed") == ["contained", "corrected"]


def test_any_one_gate_will_do_where_the_plant_reads_it_so() -> None:
    """X9: S46's items read as alternatives; the one that is open is enough."""
    flow = Flow(changed("S46", ("  mode: all\n", "  mode: any\n")))
    flow.says("2025-01-03", "action_planned", action="A1", text="改")
    flow.says("2025-01-04", "action_implemented", action="A1")
    assert len(flow.refused("2025-01-05", "closed")) == 2

    flow.says("2025-01-06", "verified", result="effective", side_effect=False)
    assert flow.closes("2025-01-06")
