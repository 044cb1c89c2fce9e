"""A11, S19: five criteria of evidence and a review; with double zeroing five more."""

from tests.domain.flow import Flow, changed

EVIDENCE = (
    ("2019-01-18", "location"),
    ("2019-01-25", "mechanism"),
    ("2019-02-01", "reproduction"),
    ("2019-02-20", "measures"),
)
DOUBLE = ("in_force: false", "in_force: true")


def four_of_five(flow: Flow) -> Flow:
    for day, criterion in EVIDENCE:
        flow.says(day, "evidence_accepted", criterion=criterion)
    return flow


def test_four_of_five_are_eighty_percent_and_the_missing_one_is_named() -> None:
    flow = four_of_five(Flow("S19", "2019-01-15"))

    assert flow.refused("2019-02-21", "closed") == ["technical_zeroing", "review"]
    assert "4 of 5 (80 %), missing: extension" in flow.why[0]
    assert "[S19@1#technical zeroing]" in flow.why[0]

    flow.says("2019-03-01", "evidence_accepted", criterion="extension")
    assert flow.refused("2019-03-02", "closed") == ["review"]
    assert "review_held (result passed)" in flow.why[0]

    flow.says("2019-03-04", "review_held", result="passed")
    assert flow.closes("2019-03-04")


def test_a_review_that_failed_does_not_open_the_gate() -> None:
    flow = four_of_five(Flow("S19", "2019-01-15"))
    flow.says("2019-03-01", "evidence_accepted", criterion="extension")
    flow.says("2019-03-02", "review_held", result="failed")

    assert flow.refused("2019-03-03", "closed") == ["review"]


def test_a_criterion_that_no_longer_holds_shuts_it_again() -> None:
    flow = four_of_five(Flow("S19", "2019-01-15"))
    flow.says("2019-03-01", "evidence_accepted", criterion="extension")
    flow.says("2019-03-02", "evidence_accepted", criterion="mechanism", holds=False)
    flow.says("2019-03-04", "review_held", result="passed")

    assert flow.refused("2019-03-05", "closed") == ["technical_zeroing"]
    assert "missing: mechanism" in flow.why[0]


def test_with_double_zeroing_management_evidence_is_asked_for_too() -> None:
    """0 of 5 management criteria: technically zeroed, and still open."""
    flow = four_of_five(Flow(changed("S19", DOUBLE), "2019-01-15"))
    flow.says("2019-03-01", "evidence_accepted", criterion="extension")
    flow.says("2019-03-04", "review_held", result="passed")

    assert flow.refused("2019-03-05", "closed") == ["management_zeroing"]
    assert "0 of 5 (0 %)" in flow.why[0]
    gates = flow.gates("2019-03-05")
    assert [name for name, gate in gates.items() if gate.is_open] == [
        "technical_zeroing",
        "review",
    ]


def test_evidence_nobody_asks_for_is_refused() -> None:
    flow = Flow("S19", "2019-01-15")

    assert flow.refused("2019-01-18", "evidence_accepted", criterion="luck") == [
        "criterion"
    ]


def test_the_same_evidence_again_is_no_news() -> None:
    flow = four_of_five(Flow("S19", "2019-01-15"))
    before = flow.complaint.version

    four_of_five(flow)

    assert flow.complaint.version == before
