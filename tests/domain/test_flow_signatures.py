"""A17, S37: accepted, solved, satisfied, three signatures in order, PDCA file, closed."""

import pytest

from domain.complaint.approval import sign
from domain.complaint.screening import counted
from domain.errors import NotAllowedError
from domain.event import Who
from tests.domain.flow import Flow, changed, instant

SHEET = "close_sheet"


def satisfied() -> Flow:
    """The steps of the scenario, up to the satisfied customer."""
    flow = Flow("S37", "2025-09-26 10:00")
    flow.says("2025-09-26 11:00", "handed_over", step="方案", to_unit="服务部")
    flow.says("2025-09-29 10:00", "handed_over", step="面谈", to_unit="客服中心")
    flow.says("2025-09-30 15:00", "customer_confirmed", result="rejected")
    flow.says("2025-09-30 15:00", "handed_over", step="方案", to_unit="服务部")
    flow.says("2025-10-09 09:00", "handed_over", step="面谈", to_unit="客服中心")
    flow.says("2025-10-09 11:00", "customer_confirmed", result="accepted")
    flow.says("2025-10-10", "solution_executed")
    flow.says("2025-10-13 09:00", "called_back", reached=True, satisfied=True)
    return flow


def test_three_sign_in_order_and_the_pdca_file_comes_last() -> None:
    flow = satisfied()
    flow.signs("2025-10-13", SHEET, "proposed", "customer_service", "p-cs")
    flow.signs("2025-10-13", SHEET, "approved", "cs_manager", "p-csm")

    assert refused(flow, "2025-10-13", "general_manager", "p-gm") == ["role"]
    assert flow.why == ["first signed by: director [S37@1#flow]"]
    flow.signs("2025-10-14", SHEET, "approved", "director", "p-dir")
    flow.signs("2025-10-14", SHEET, "approved", "general_manager", "p-gm")

    assert flow.refused("2025-10-14", "closed") == ["pdca"]
    assert "duty_done (duty pdca_file_changed)" in flow.why[0]
    flow.says("2025-10-15", "duty_done", duty="pdca_file_changed")
    assert flow.closes("2025-10-15")


def refused(flow: Flow, day: str, role: str, by: str, decision: str = SHEET) -> list[str]:
    said = {"decision": decision, "meaning": "approved", "role": role}
    return flow.refused(day, "signed", by=by, **said)


def test_who_signs_next_is_shown() -> None:
    flow = satisfied()
    waits = [flow.gates("2025-10-13")["signed"].found.lacking]
    for meaning, role, by in (
        ("proposed", "customer_service", "p-cs"),
        ("approved", "cs_manager", "p-csm"),
        ("approved", "director", "p-dir"),
    ):
        flow.signs("2025-10-13", SHEET, meaning, role, by)
        waits.append(flow.gates("2025-10-13")["signed"].found.lacking)

    assert waits == [
        ("customer_service",),
        ("cs_manager",),
        ("director",),
        ("general_manager",),
    ]
    assert flow.gates("2025-10-13")["signed"].found.done == 2


def test_nothing_is_signed_before_it_is_proposed() -> None:
    assert refused(satisfied(), "2025-10-13", "cs_manager", "p-csm") == ["meaning"]


@pytest.mark.parametrize(
    ("role", "by", "field", "fix"),
    [
        ("cs_manager", "p-cs", "by", "another person"),  # who proposed it
        ("handler", "p-x", "role", "only for: cs_manager, director, general_manager"),
    ],
)
def test_who_may_not_sign(role: str, by: str, field: str, fix: str) -> None:
    flow = satisfied()
    flow.signs("2025-10-13", SHEET, "proposed", "customer_service", "p-cs")

    assert refused(flow, "2025-10-13", role, by) == [field]
    assert fix in flow.why[0]


def test_a_role_is_not_claimed_but_held() -> None:
    """Who acts in a role of a regulation is the plant's to say, not the signer's."""
    flow = satisfied()
    flow.signs("2025-10-13", SHEET, "proposed", "customer_service", "p-cs")
    clerk = Who(by="p-x", role="quality_engineer", source="web")

    with pytest.raises(NotAllowedError) as refused:
        sign(
            flow.complaint,
            flow.rules,
            who=clerk,
            at=instant("2025-10-13"),
            decision=SHEET,
            meaning="approved",
            role="cs_manager",
        )

    assert refused.value.lacks[0].fix == "at this plant you do not act as: cs_manager"


def test_one_person_signs_once_whatever_their_roles() -> None:
    flow = satisfied()
    flow.signs("2025-10-13", SHEET, "proposed", "customer_service", "p-cs")
    flow.signs("2025-10-13", SHEET, "approved", "cs_manager", "p-boss")

    assert refused(flow, "2025-10-14", "director", "p-boss") == ["by"]


def test_a_new_proposal_voids_the_signatures() -> None:
    flow = satisfied()
    flow.signs("2025-10-13", SHEET, "proposed", "customer_service", "p-cs")
    flow.signs("2025-10-13", SHEET, "approved", "cs_manager", "p-csm")
    flow.signs("2025-10-14", SHEET, "proposed", "customer_service", "p-cs2")

    assert flow.gates("2025-10-14")["signed"].found.lacking == ("cs_manager",)


def test_who_refuses_ends_it_until_it_is_proposed_anew() -> None:
    flow = satisfied()
    flow.signs("2025-10-13", SHEET, "proposed", "customer_service", "p-cs")
    flow.signs("2025-10-13", SHEET, "refused", "cs_manager", "p-csm")

    assert refused(flow, "2025-10-14", "director", "p-dir") == ["meaning"]
    flow.signs("2025-10-14", SHEET, "proposed", "customer_service", "p-cs")
    flow.signs("2025-10-14", SHEET, "approved", "cs_manager", "p-csm")
    assert flow.gates("2025-10-14")["signed"].found.lacking == ("director",)


def test_a_customer_who_rejects_it_afterwards_voids_them_too() -> None:
    flow = satisfied()
    for meaning, role, by in (
        ("proposed", "customer_service", "p-cs"),
        ("approved", "cs_manager", "p-csm"),
        ("approved", "director", "p-dir"),
        ("approved", "general_manager", "p-gm"),
    ):
        flow.signs("2025-10-13", SHEET, meaning, role, by)
    flow.says("2025-10-14", "customer_confirmed", result="rejected")

    shut = {name for name, gate in flow.gates("2025-10-15").items() if not gate.is_open}
    assert shut == {"accepted", "solved", "followed_up", "signed", "pdca"}


def test_the_second_callback_is_only_skipped_with_the_directors_leave() -> None:
    flow = Flow("S37", "2025-09-26 10:00")
    flow.says("2025-10-09", "customer_confirmed", result="accepted")
    leave = "skip_second_callback"

    assert flow.gates("2025-10-13")["followed_up"].state == "shut"
    flow.signs("2025-10-13", leave, "proposed", "handler", "p-h")
    assert refused(flow, "2025-10-13", "cs_manager", "p-csm", leave) == ["role"]
    assert flow.gates("2025-10-13")["followed_up"].state == "shut"
    flow.signs("2025-10-13", leave, "approved", "director", "p-dir")
    assert flow.gates("2025-10-13")["followed_up"].is_open


def test_the_record_that_was_signed_can_be_checked() -> None:
    """The hash follows from what stood in the record, and from nothing sealed."""
    flow, same, other = satisfied(), satisfied(), satisfied()
    other.says("2025-10-13", "handed_over", step="x", to_unit="y")
    for one in (flow, same, other):
        one.signs("2025-10-13", SHEET, "proposed", "customer_service", "p-cs")
    hashes = [
        one.complaint.news[-1].model_dump()["record_hash"] for one in (flow, same, other)
    ]

    assert hashes[0] == hashes[1] != hashes[2]


def test_a_warranty_claim_ends_it_and_counts_in_nothing() -> None:
    flow = Flow("S37")
    assert counted(flow.complaint, flow.rules).in_kpi
    flow.says("2025-01-03", "screened", outcome="warranty")

    told = counted(flow.complaint, flow.rules)
    assert (told.in_kpi, told.in_clocks, told.in_repeats) == (False, False, False)
    assert told.clause == "S37@1#11"
    assert flow.closes("2025-01-04")


@pytest.mark.parametrize(
    ("settled_as", "counts"),
    [("goodwill_warranty", False), ("normal_warranty", False), ("repaired", True)],
)
def test_what_was_settled_under_warranty_counts_in_nothing(
    settled_as: str, counts: bool
) -> None:
    """S37 11: and it is known from the solution itself, nobody answers it again."""
    flow = Flow("S37")
    flow.says("2025-01-03", "solution_executed", settled_as=settled_as)

    assert counted(flow.complaint, flow.rules).in_kpi is counts


def test_five_parties_sign_in_any_order() -> None:
    """S23: all five, and nobody twice."""
    flow = Flow("S23")
    five = ("owner", "designer", "supervisor", "contractor", "concrete_supplier")
    flow.signs("2025-01-03", "report", "proposed", "supervisor", "p-0")
    for nth, role in enumerate(reversed(five), start=1):
        assert flow.refused("2025-01-04", "closed") == ["signed"]
        flow.signs("2025-01-04", "report", "approved", role, f"p-{nth}")
    assert flow.closes("2025-01-05")


@pytest.mark.parametrize("role", ["sales", "marketing_vp", "general_manager"])
def test_only_quality_control_lays_the_improvement_report_before(role: str) -> None:
    """S2: and the department improves only when the general manager has signed."""
    flow, report = Flow("S2"), "improvement_report"
    said = {"decision": report, "meaning": "proposed", "role": role}
    assert flow.refused("2025-03-11", "signed", **said) == ["role"]

    flow.signs("2025-03-11", report, "proposed", "quality_control", "p-qc")
    done = {"decision": report, "meaning": "executed", "role": "responsible_department"}
    assert flow.refused("2025-03-12 09:00", "signed", by="p-s", **done) == ["role"]
    assert "first signed by: general_manager" in flow.why[0]
    flow.signs("2025-03-12 10:00", report, "approved", "general_manager", "p-gm")
    flow.signs("2025-03-13", report, "executed", "responsible_department", "p-s")
    assert flow.topics()[-1] == "signed"


def test_what_has_a_word_of_its_own_is_said_with_it() -> None:
    """A recall carries its batches, so it is not signed apart from them."""
    flow = Flow("S2")
    said = {"decision": "recall", "meaning": "proposed", "role": "quality_control"}

    assert flow.refused("2025-03-11", "signed", **said) == ["decision"]
    assert "say it as recall_approved" in flow.why[0]


def test_no_treatment_of_a_defect_needs_its_argument() -> None:
    """Where a regulation asks for a documented argument, a proposal without is refused."""
    book = changed(
        "S37",
        (
            "    propose: {roles: [handler]}",
            "    needs_argument: true\n    propose: {roles: [handler]}",
        ),
    )
    flow = Flow(book)
    said = {"decision": "skip_second_callback", "meaning": "proposed", "role": "handler"}

    assert flow.refused("2025-01-03", "signed", **said) == ["argument"]
    flow.says("2025-01-03", "signed", argument="顾客满意", **said)
