"""Every clause of S6, chapter 5: facts, then which clause fits, and what it comes to."""

from collections import Counter
from typing import Any

import pytest

from domain.errors import InvalidError
from tests.domain.fining import catalog, judged, of

Facts = dict[str, Any]

ACCIDENT: Facts = {"caused_accident": True}
LATER: Facts = {"quality_accident": True}
TO_FINAL: Facts = {"reached": "final_inspection", "caused_complaint": False}
TO_CUSTOMER: Facts = {"reached": "customer", "caused_complaint": True}
BAD_DOCUMENT: Facts = {**LATER, "customer_cause_or_sample": False}


# clause, role, act, facts → what it comes to in yuan: one amount, or (low, high) for one.
FITS: tuple[tuple[str, str, str, Facts, object], ...] = (
    ("5.1.1.1", "incoming_inspector", "inspection_omitted", ACCIDENT, (20, 100)),
    (
        "5.1.1.1",
        "incoming_inspector",
        "inspection_omitted",
        {"production_disturbed": True},
        (20, 100),
    ),
    ("5.1.1.2", "incoming_inspector", "falsified_report", {}, 200),
    ("5.1.1.3", "material_owner", "material_not_followed", ACCIDENT, 50),
    ("5.1.2.1", "incoming_inspector", "bad_material_kept_out", {}, 100),
    ("5.1.3.1", "procurement", "bulk_purchase_unpassed_sample", {}, 500),
    ("5.1.3.2", "procurement", "late_material", {"quality_affected": True}, 100),
    ("5.1.4.1", "procurement", "pointed_out_misjudgement", {"verified_true": True}, 50),
    (
        "5.1.5.1 a",
        "logistics",
        "material_mishandled",
        {"told_quality_management": True},
        20,
    ),
    ("5.1.5.1 b", "logistics", "property_neglected", {"damaged": True}, 50),
    (
        "5.1.5.2 a",
        "warehouse",
        "taken_without_formalities",
        {"quality_accident": False},
        50,
    ),
    ("5.1.5.2 b", "warehouse", "taken_without_formalities", LATER, 500),
    ("5.2.1.1", "inspector", "anomaly_not_reported", ACCIDENT, 50),
    ("5.2.1.2", "inspector", "missed_inspection", {"pieces": 3, "serious": False}, 60),
    ("5.2.1.3", "inspector", "falsified_report", {}, 200),
    ("5.2.1.4", "inspector", "departure_not_raised", {"major_departure": True}, 50),
    ("5.2.1.5", "patrol_inspector", "signed_without_rework", {}, 100),
    ("5.2.1.6", "inspector", "concealed_falsification", {}, 50),
    ("5.2.1.7", "inspector", "first_piece_failed", {}, 50),
    ("5.2.1.8", "inspector", "models_mixed", {"models_on_line": 2}, 50),
    (
        "5.2.1.9",
        "patrol_inspector",
        "product_misplaced",
        {"accident_grade": "batch", "serious": False},
        50,
    ),
    ("5.2.1.10", "inspector", "instructions_not_stopped", {}, 20),
    ("5.2.1.11", "patrol_inspector", "missed_inspection", {"pieces": 10, **TO_FINAL}, 100),
    ("5.2.1.11", "patrol_inspector", "missed_inspection", {"pieces": 11, **TO_FINAL}, 200),
    ("5.2.1.11", "patrol_inspector", "missed_inspection", {"pieces": 20, **TO_FINAL}, 200),
    ("5.2.1.11", "patrol_inspector", "missed_inspection", {"pieces": 21, **TO_FINAL}, 210),
    (
        "5.2.1.12",
        "final_inspector",
        "missed_inspection",
        {"pieces": 3, **TO_CUSTOMER},
        (50, 200),
    ),
    ("5.2.1.13", "department_head", "leadership", {"accident_grade": "major"}, (50, 1000)),
    ("5.2.2.1", "inspector", "process_departure_stopped", {}, 50),
    ("5.2.2.2", "inspector", "falsification_reported", {}, 20),
    ("5.2.2.3", "inspector", "mixing_stopped", {}, 20),
    ("5.2.2.4", "inspector", "quality_improvement", {"verified_true": True}, (100, 500)),
    ("5.2.3.1", "production", "instructions_missing", {}, 50),
    ("5.2.3.2", "operator", "instruction_not_followed", {}, (10, 100)),
    (
        "5.2.3.3",
        "operator",
        "self_check_failed",
        {"pieces": 3, "reached": "next_process", "repairable": False},
        60,
    ),
    ("5.2.4.1", "next_process_worker", "bad_piece_stopped", {"pieces": 2}, 40),
    (
        "5.2.4.2 a",
        "packing_worker",
        "packing_find",
        {"pieces": 2, "major_danger": False},
        40,
    ),
    ("5.2.4.2 b", "packing_worker", "packing_find", {"major_danger": True}, (100, 500)),
    (
        "5.3.1.1",
        "technical_staff",
        "plan_innovation",
        {"effect_achieved": True},
        (100, 500),
    ),
    ("5.3.2.1 a", "document_author", "document_incomplete", BAD_DOCUMENT, (50, 500)),
    ("5.3.2.1 b", "document_checker", "document_incomplete", BAD_DOCUMENT, (50, 200)),
    (
        "5.3.2.2 a",
        "change_executor",
        "documents_not_exchanged",
        {"nonconforming_product": True},
        (50, 500),
    ),
    (
        "5.3.2.2 b",
        "department_head",
        "documents_not_exchanged",
        {"nonconforming_product": True},
        (100, 1000),
    ),
    ("5.3.2.3", "technician", "answer_missing", {"answer_late": True}, 50),
    ("5.3.2.4", "technician", "document_error", {"errors": 3}, 30),
    (
        "5.3.2.5",
        "technician",
        "design_change_not_passed_on",
        {"caused_complaint": True},
        200,
    ),
)


@pytest.mark.parametrize(("clause", "role", "act", "facts", "yuan"), FITS)
def test_what_a_clause_comes_to(
    clause: str, role: str, act: str, facts: Facts, yuan: object
) -> None:
    one = of(judged(role, act, facts), clause)

    if not isinstance(yuan, tuple):
        assert (one.state, one.amount) == ("set", int(str(yuan)) * 100)
        return
    low, high = yuan
    assert (one.state, one.low, one.high) == ("open", low * 100, high * 100)
    times = int(one.times)
    for each, allowed in ((low - 1, False), (low, True), (high, True), (high + 1, False)):
        amounts = {one.clause: each * 100}
        if allowed:
            made = of(judged(role, act, facts, amounts=amounts), clause)
            assert made.amount == each * 100 * times
        else:
            with pytest.raises(InvalidError):
                judged(role, act, facts, amounts=amounts)


def test_the_table_speaks_of_every_clause() -> None:
    clauses = catalog().clauses

    assert {row[0].split()[0] for row in FITS} == {one.clause for one in clauses}
    assert Counter(one.kind for one in clauses) == {"penalty": 28, "reward": 9}


@pytest.mark.parametrize(
    ("clause", "role", "act", "facts"),
    [
        (
            "5.1.1.1",
            "incoming_inspector",
            "inspection_omitted",
            {"caused_accident": False, "production_disturbed": False},
        ),
        ("5.1.1.3", "material_owner", "material_not_followed", {"caused_accident": False}),
        (
            "5.1.3.2",
            "procurement",
            "late_material",
            {"quality_affected": False, "production_disturbed": False},
        ),
        ("5.1.4.1", "procurement", "pointed_out_misjudgement", {"verified_true": False}),
        ("5.1.5.1 b", "logistics", "property_neglected", {"damaged": False}),
        (
            "5.1.5.2 b",
            "warehouse",
            "taken_without_formalities",
            {"quality_accident": False},
        ),
        ("5.2.1.1", "inspector", "anomaly_not_reported", {"caused_accident": False}),
        (
            "5.2.1.2",
            "final_inspector",
            "missed_inspection",
            {"pieces": 1},
        ),  # another's clause
        ("5.2.1.4", "inspector", "departure_not_raised", {"major_departure": False}),
        ("5.2.1.8", "inspector", "models_mixed", {"models_on_line": 1}),
        ("5.2.1.9", "patrol_inspector", "product_misplaced", {"accident_grade": "general"}),
        (
            "5.2.1.11",
            "patrol_inspector",
            "missed_inspection",
            {"pieces": 1, "reached": "next_process"},
        ),
        ("5.2.1.12", "final_inspector", "missed_inspection", {"pieces": 1, **TO_FINAL}),
        ("5.2.1.13", "department_head", "leadership", {"accident_grade": "general"}),
        (
            "5.2.3.3",
            "operator",
            "self_check_failed",
            {"pieces": 1, "reached": "customer", "repairable": True},
        ),
        (
            "5.3.2.1 a",
            "document_author",
            "document_incomplete",
            {**LATER, "customer_cause_or_sample": True},
        ),
        ("5.3.2.3", "technician", "answer_missing", {"answer_late": False}),
        (
            "5.3.2.5",
            "technician",
            "design_change_not_passed_on",
            {"caused_complaint": False},
        ),
    ],
)
def test_a_condition_that_does_not_hold_lets_off(
    clause: str, role: str, act: str, facts: Facts
) -> None:
    assert f"S6@1#{clause}" not in {one.clause for one in judged(role, act, facts)}


def test_an_unknown_fact_neither_fines_nor_lets_off() -> None:
    one = of(
        judged("final_inspector", "missed_inspection", {"reached": "customer"}), "5.2.1.12"
    )

    assert (one.state, one.amount, one.missing) == (
        "undecided",
        None,
        ("caused_complaint", "pieces"),
    )
