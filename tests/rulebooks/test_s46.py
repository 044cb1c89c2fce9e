"""S46, clause by clause: customer complaint procedure 2130."""

from typing import Any

from tests.rulebooks.clause import Row, signs, table

EVE = "2025-04-30 15:40 received"
TAKEN = "2025-04-30 16:20 accepted unit=x"
URGENT = "2025-04-30 16:00 fact_established fact=urgent_or_special value=true"
USUAL = "2025-04-30 16:00 fact_established fact=urgent_or_special value=false"
CASE = f"{EVE}\n{USUAL}\n{TAKEN}"
URGENT_CASE = f"{EVE}\n{URGENT}\n{TAKEN}"
THEIR_DATE = "until=2025-05-02T12:00:00+08:00"
PLANNED = "2025-05-05 10:00 action_planned action=A1 text=x"
DONE = f"{PLANNED}\n2025-05-06 10:00 action_implemented action=A1"
EFFECTIVE = "2025-05-20 10:00 verified result=effective side_effect=false"
SIDE_EFFECT = "2025-05-20 10:00 verified result=effective side_effect=true"
INEFFECTIVE = "2025-05-20 10:00 verified result=ineffective side_effect=false"
CLEAN_1 = "2025-05-07 10:00 batch_checked shipment_batch=B1 result=clean"
CLEAN_2 = "2025-05-08 10:00 batch_checked shipment_batch=B2 result=clean"
CLEAN_3 = "2025-05-09 10:00 batch_checked shipment_batch=B3 result=clean"
OTHER_3 = "2025-05-09 10:00 batch_checked shipment_batch=B3 result=other_problem"
SAME_3 = "2025-05-09 10:00 batch_checked shipment_batch=B3 result=same_problem"
NOT_OURS = "2025-05-01 10:00 screened outcome=not_ours"
OURS = "2025-05-01 10:00 screened outcome=ours"
TOLD = "2025-05-01 11:00 contacted channel=phone"
BOTH = '["complaint","improvement_report"]'

MILD: dict[str, Any] = {
    "function_effect": "none",
    "injury": False,
    "safety_hazard": False,
    "customer_loss": "none",
}

GRADES: tuple[Row, ...] = (
    ("grading.grades.A", "function lost", MILD | {"function_effect": "lost"}, "A"),
    ("grading.grades.A", "personal danger", MILD | {"injury": True}, "A"),
    ("grading.grades.A", "safety hazard", MILD | {"safety_hazard": True}, "A"),
    ("grading.grades.A", "breach of law or rule", MILD | {"legal_breach": True}, "A"),
    ("grading.grades.A", "major loss", MILD | {"customer_loss": "major"}, "A"),
    ("grading.grades.A", "reputation", MILD | {"reputation_harm": True}, "A"),
    ("grading.grades.B", "function reduced", MILD | {"function_effect": "reduced"}, "B"),
    ("grading.grades.B", "use affected", MILD | {"customer_use_affected": True}, "B"),
    ("grading.grades.B", "direct loss", MILD | {"customer_loss": "direct"}, "B"),
    ("grading.grades.B", "trust hurt", MILD | {"trust_hurt": True}, "B"),
    ("grading.grades.B", "major is below serious", "name", "重大"),
    ("grading.grades.A", "serious is the worst", "name", "严重"),
    ("grading.grades.C", "the rest: appearance, no direct loss", MILD, "C"),
    ("grading.grades.C", "nothing is known yet", {}, "C, perhaps A B"),
)
CLOCKS: tuple[Row, ...] = (
    ("clocks.CLK-corrective-answer", "not taken yet: no time runs", EVE, "no time runs"),
    (
        "clocks.CLK-corrective-answer",
        "one working day from the acceptance, over Labour Day",
        CASE,
        "2025-05-06 23:59:59 running",
    ),
    (
        "clocks.CLK-corrective-answer",
        "answered in the last second",
        f"{CASE}\n2025-05-06 23:59:59 replied part=corrective",
        "2025-05-06 23:59:59 met",
    ),
    (
        "clocks.CLK-corrective-answer",
        "answered a second later",
        f"{CASE}\n2025-05-07 00:00:00 replied part=corrective",
        "2025-05-06 23:59:59 late",
    ),
    (
        "clocks.CLK-corrective-answer",
        "the preventive answer is another",
        f"{CASE}\n2025-05-05 10:00 replied part=preventive",
        "2025-05-06 23:59:59 running",
    ),
    (
        "clocks.CLK-corrective-answer",
        "or by the customer's deadline",
        (
            f"{CASE}\n2025-04-30 17:00 customer_deadline_set clock=CLK-corrective-answer"
            f" {THEIR_DATE}"
        ),
        "2025-05-02 12:00:00 running",
    ),
    (
        "clocks.CLK-preventive-answer",
        "three working days from the acceptance",
        CASE,
        "2025-05-08 23:59:59 running",
    ),
    (
        "clocks.CLK-preventive-answer",
        "passed on in the last second",
        f"{CASE}\n2025-05-08 23:59:59 replied part=preventive",
        "2025-05-08 23:59:59 met",
    ),
    (
        "clocks.CLK-preventive-answer",
        "a second later",
        f"{CASE}\n2025-05-09 00:00:00 replied part=preventive",
        "2025-05-08 23:59:59 late",
    ),
    ("clocks.CLK-corrective-answer", "urgent: no day", URGENT_CASE, "no time runs"),
    ("clocks.CLK-preventive-answer", "urgent: no three days", URGENT_CASE, "no time runs"),
    ("clocks.CLK-urgent-answer", "urgent: at once, no number", URGENT_CASE, "immediate"),
    ("clocks.CLK-urgent-answer", "not urgent", CASE, "no time runs"),
    (
        "clocks.CLK-urgent-answer",
        "a date of the customer's gives it one",
        (
            f"{URGENT_CASE}\n2025-04-30 17:00 customer_deadline_set clock=CLK-urgent-answer"
            f" {THEIR_DATE}"
        ),
        "2025-05-02 12:00:00 running",
    ),
    ("clocks.CLK-urgent-preventive", "preventive measures too", URGENT_CASE, "immediate"),
    ("clocks.CLK-urgent-preventive", "or by their date", "customer_deadline", "replace"),
    ("clocks.CLK-urgent-preventive", "passed on", "stop.0.where.part", "preventive"),
    ("clocks.CLK-urgent-answer", "answered", "stop.0.where.part", "corrective"),
    ("clocks.CLK-preventive-answer", "or by their date", "customer_deadline", "replace"),
    ("clocks.CLK-urgent-preventive", "not urgent", CASE, "no time runs"),
    ("declares.facts.urgent_or_special", "urgent or requested?", {}, "flag, asked"),
)
STEPS: tuple[Row, ...] = (
    ("scope", "what it is about", "subjects", "complaint"),
    ("scope", "which complaints", "complaint_kinds", "product service sample delivery"),
    ("screening", "who judges", "decided_by", "technical_quality market"),
    ("grading", "who grades", "decided_by", "technical_quality market"),
    (
        "intake",
        "market, or technical quality, gets it",
        "roles",
        "market technical_quality",
    ),
    ("intake", "by whatever way", "channels", "speech phone fax letter mail"),
    ("spokesperson.0", "the market unit is the window", {}, "market"),
    (
        "screening.outcomes.not_ours",
        "not ours: the market unit tells the customer",
        NOT_OURS,
        "ends contacted, counts in nothing",
    ),
    (
        "screening.outcomes.not_ours",
        "told: closed",
        f"{NOT_OURS}\n{TOLD}",
        "ends, counts in nothing",
    ),
    ("screening.outcomes.not_ours", "caused by the customer", "grounded", "False"),
    ("screening.outcomes.ours", "our liability", "grounded", "True"),
    (
        "screening.outcomes.ours",
        "ours: it goes on to the measures",
        OURS,
        "goes on, counts in kpi clocks repeats",
    ),
    (
        "forms.interim_report",
        "technical quality, production and development",
        "filled_by",
        "technical_quality production development",
    ),
    (
        "forms.long_term_report",
        "technical quality and management",
        "filled_by",
        "technical_quality management",
    ),
    (
        "approvals.improvement_measures",
        "the responsible unit proposes, management approves",
        signs("improvement_measures", "responsible_unit proposed"),
        "next: management",
    ),
    (
        "approvals.improvement_measures",
        "approved",
        signs("improvement_measures", "responsible_unit proposed", "management approved"),
        "effective",
    ),
    (
        "approvals.improvement_measures",
        "technical quality does not approve",
        signs(
            "improvement_measures",
            "responsible_unit proposed",
            "technical_quality approved",
        ),
        "refused: role",
    ),
    (
        "causes",
        "over five factors",
        '2025-05-02 10:00 root_caused causes=[{"branch":"system","code":"equipment"}]',
        "recorded",
    ),
    (
        "causes",
        "measurement is none of them",
        '2025-05-02 10:00 root_caused causes=[{"branch":"system","code":"measurement"}]',
        "refused: causes",
    ),
    ("causes", "five in all", "", "people equipment material method environment"),
)
CLOSURE: tuple[Row, ...] = (
    ("closure.gates.verified", "not verified", DONE, "shut"),
    ("closure.gates.verified", "effective", f"{DONE}\n{EFFECTIVE}", "open"),
    ("closure.gates.verified", "with a side effect", f"{DONE}\n{SIDE_EFFECT}", "shut"),
    (
        "closure.gates.three_clean_batches",
        "two in a row",
        f"{DONE}\n{CLEAN_1}\n{CLEAN_2}",
        "shut",
    ),
    (
        "closure.gates.three_clean_batches",
        "three in a row",
        f"{DONE}\n{CLEAN_1}\n{CLEAN_2}\n{CLEAN_3}",
        "open",
    ),
    (
        "closure.gates.three_clean_batches",
        "another problem is clean of this one",
        f"{DONE}\n{CLEAN_1}\n{CLEAN_2}\n{OTHER_3}",
        "open",
    ),
    (
        "closure.gates.three_clean_batches",
        "the same problem in the third",
        f"{DONE}\n{CLEAN_1}\n{CLEAN_2}\n{SAME_3}",
        "shut",
    ),
    (
        "closure.gates.three_clean_batches",
        "batches before the measures do not count",
        (
            f"{PLANNED}\n{CLEAN_1}\n{CLEAN_2}\n{CLEAN_3}\n"
            "2025-05-10 10:00 action_implemented action=A1"
        ),
        "shut",
    ),
    (
        "closure",
        "three batches, not verified",
        f"{DONE}\n{CLEAN_1}\n{CLEAN_2}\n{CLEAN_3}",
        "shut: verified",
    ),
    (
        "closure",
        "verified, no batches",
        f"{DONE}\n{EFFECTIVE}",
        "shut: three_clean_batches",
    ),
    (
        "closure",
        "both known items",
        f"{DONE}\n{CLEAN_1}\n{CLEAN_2}\n{CLEAN_3}\n{EFFECTIVE}",
        "closed",
    ),
    ("closure", "how the items belong together is assumed", "mode", "all"),
    (
        "closure.ineffective",
        "not effective: back to the responsible unit",
        f"{DONE}\n{INEFFECTIVE}",
        "back to the unit, cycle 2",
    ),
    (
        "closure.ineffective",
        "the same problem again: back too",
        f"{DONE}\n{CLEAN_1}\n{CLEAN_2}\n{SAME_3}",
        "back to the unit, cycle 2",
    ),
    ("closure.ineffective", "effective: not", f"{DONE}\n{EFFECTIVE}", "cycle 1"),
    (
        "archive.0",
        "the complaint alone is not all",
        '2025-06-01 archived by_role=technical_quality keeps=["complaint"]',
        "lacking: improvement_report",
    ),
    (
        "archive.0",
        "by the procedure of records",
        f"2025-06-01 archived by_role=technical_quality keeps={BOTH}",
        "recorded",
    ),
    ("archive.0", "for how long is not stated", "retention_years", "None"),
)
ROWS: tuple[Row, ...] = (*GRADES, *CLOCKS, *STEPS, *CLOSURE)

test_clauses = table("S46", ROWS)
