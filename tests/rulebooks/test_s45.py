"""S45, clause by clause: handling and improvement of complaints about a product."""

from typing import Any

from tests.rulebooks.clause import Row, table, yuan

LATE = "2025-03-14 22:30 received"
GRADED = "graded scheme=S45 reason=x"
URGENT = f"2025-03-14 22:31 {GRADED} code=urgent"
IMPORTANT = f"2025-03-14 22:31 {GRADED} code=important"
GENERAL = f"2025-03-14 22:31 {GRADED} code=general"
EXECUTED = "2024-09-30 16:00 solution_executed"
PLANNED = "2024-09-28 10:00 action_planned action=A1 text=x"
DONE = f"{PLANNED}\n2024-09-30 17:00 action_implemented action=A1"
EFFECTIVE = "2024-10-07 10:00 verified result=effective side_effect=false"
INEFFECTIVE = "2024-10-07 10:00 verified result=ineffective side_effect=false"
SATISFIED = "2024-10-30 10:00 called_back reached=true satisfied=true"
DISSATISFIED = "2024-10-30 10:00 called_back reached=true satisfied=false"
ARCHIVED = "2024-10-31 10:00 duty_done duty=case_library"
ALL_KEPT = '["complaint","investigation","solution","measures","verification"]'

MILD: dict[str, Any] = {
    "safety_hazard": False,
    "function_effect": "none",
    "unit_price": yuan(9_999.99),
    "faulty_of_batch": 1,
}
TEN = {"batch": "B1", "pieces_affected": 10}
NINE = {"batch": "B1", "pieces_affected": 9}
ONE_MORE = {"batch": "B1", "pieces_affected": 1}

GRADES: tuple[Row, ...] = (
    ("grading.grades.urgent", "safety hazard", {"safety_hazard": True}, "urgent"),
    ("grading.grades.urgent", "nine of a batch", MILD | {"faulty_of_batch": 9}, "general"),
    ("grading.grades.urgent", "ten of a batch", MILD | {"faulty_of_batch": 10}, "urgent"),
    (
        "grading.grades.urgent",
        "a threat to go to a regulator or the media",
        {"media_or_authority_threat": True},
        "urgent",
    ),
    (
        "grading",
        "urgent: quality manager and customer-service supervisor",
        "notify.urgent",
        "quality_manager cs_supervisor",
    ),
    (
        "grading.grades.important",
        "main function reduced",
        MILD | {"function_effect": "reduced"},
        "important",
    ),
    (
        "grading.grades.important",
        "main function lost",
        MILD | {"function_effect": "lost"},
        "important",
    ),
    (
        "grading.grades.important",
        "a product of 10,000 yuan",
        MILD | {"unit_price": yuan(10_000)},
        "important",
    ),
    (
        "grading.grades.important",
        "a hazard in a dear product is urgent",
        MILD | {"unit_price": yuan(10_000), "safety_hazard": True},
        "urgent",
    ),
    (
        "grading.grades.general",
        "a product of 9,999.99 yuan, a slight flaw",
        MILD,
        "general",
    ),
    (
        "grading.grades.general",
        "of which nothing is known: it may be worse",
        {},
        "general, perhaps urgent important",
    ),
    ("repeats.REP-batch-fault", "nine", (NINE,), "9"),
    ("repeats.REP-batch-fault", "ten", (TEN,), "10: regrade!"),
    ("repeats.REP-batch-fault", "nine and one", (NINE, ONE_MORE), "10: regrade!"),
    ("repeats.REP-batch-fault", "by itself", "effects.0.automatic", "True"),
    ("tallies.faulty_of_batch", "units of one batch add up", (NINE, ONE_MORE), "10"),
    (
        "tallies.faulty_of_batch",
        "of another batch they do not",
        (NINE, ONE_MORE | {"batch": "B2"}),
        "1",
    ),
)
CLOCKS: tuple[Row, ...] = (
    ("clocks.CLK-response", "not graded: no hours", LATE, "no time runs"),
    (
        "clocks.CLK-response",
        "urgent: two hours, at night as well",
        f"{LATE}\n{URGENT}",
        "2025-03-15 00:30:00 running",
    ),
    (
        "clocks.CLK-response",
        "important: four hours",
        f"{LATE}\n{IMPORTANT}",
        "2025-03-15 02:30:00 running",
    ),
    (
        "clocks.CLK-response",
        "general: eight hours",
        f"{LATE}\n{GENERAL}",
        "2025-03-15 06:30:00 running",
    ),
    (
        "clocks.CLK-response",
        "begun in the last second",
        f"{LATE}\n{URGENT}\n2025-03-15 00:30:00 response_started",
        "2025-03-15 00:30:00 met",
    ),
    (
        "clocks.CLK-response",
        "begun a second later",
        f"{LATE}\n{URGENT}\n2025-03-15 00:30:01 response_started",
        "2025-03-15 00:30:00 late",
    ),
    (
        "clocks.CLK-response",
        "the owner's first contact is the response",
        f"{LATE}\n{URGENT}\n2025-03-14 23:00 contacted channel=phone",
        "2025-03-15 00:30:00 met",
    ),
    (
        "clocks.CLK-response",
        "a longer time announced to the customer does not put it off",
        (
            f"{LATE}\n{URGENT}\n2025-03-14 22:32 customer_deadline_set clock=CLK-response"
            " until=2025-03-15T22:30:00+08:00"
        ),
        "2025-03-15 00:30:00 running",
    ),
    (
        "clocks.CLK-response",
        "graded up at 23:00: two hours from there come first",
        f"{LATE}\n{GENERAL}\n2025-03-14 23:00 {GRADED} code=urgent",
        "2025-03-15 01:00:00 running",
    ),
    (
        "clocks.CLK-response",
        "graded up at 05:00: the old time comes first",
        f"{LATE}\n{GENERAL}\n2025-03-15 05:00 {GRADED} code=urgent",
        "2025-03-15 06:30:00 running",
    ),
    (
        "clocks.CLK-feedback",
        "told within a working day, over National Day",
        f"{EXECUTED}\n2024-10-08 23:59:59 contacted channel=phone",
        "2024-10-08 23:59:59 met",
    ),
    (
        "clocks.CLK-feedback",
        "told a second later",
        f"{EXECUTED}\n2024-10-09 00:00:00 replied part=report",
        "2024-10-08 23:59:59 late",
    ),
    (
        "clocks.CLK-verification",
        "verified within a week of the measures, holidays or not",
        f"{DONE}\n2024-10-07 23:59:59 verified result=effective side_effect=false",
        "2024-10-07 23:59:59 met",
    ),
    (
        "clocks.CLK-verification",
        "verified a second later",
        f"{DONE}\n2024-10-08 00:00:00 verified result=effective side_effect=false",
        "2024-10-07 23:59:59 late",
    ),
    (
        "clocks.CLK-callback",
        "called back by day thirty",
        f"{EXECUTED}\n2024-10-30 23:59:59 called_back reached=true",
        "2024-10-30 23:59:59 met",
    ),
    (
        "clocks.CLK-callback",
        "on day thirty-one",
        f"{EXECUTED}\n2024-10-31 00:00:00 called_back reached=true",
        "2024-10-30 23:59:59 late",
    ),
    (
        "clocks.CLK-callback",
        "whoever was not reached was not called back",
        f"{EXECUTED}\n2024-10-30 10:00 called_back reached=false",
        "2024-10-30 23:59:59 running",
    ),
    ("duties.review_meeting", "reviewed every month", "period", "month"),
)
CLOSURE: tuple[Row, ...] = (
    ("closure.gates.verified", "not verified", DONE, "shut"),
    ("closure.gates.verified", "effective", f"{DONE}\n{EFFECTIVE}", "open"),
    ("closure.gates.verified", "not effective", f"{DONE}\n{INEFFECTIVE}", "shut"),
    ("closure.gates.called_back", "not called", EXECUTED, "shut"),
    ("closure.gates.called_back", "satisfied", SATISFIED, "open"),
    ("closure.gates.called_back", "not satisfied", DISSATISFIED, "shut"),
    ("closure.gates.archived", "not in the case library", SATISFIED, "shut"),
    ("closure.gates.archived", "in the case library", ARCHIVED, "open"),
    ("declares.duties.case_library", "a duty of its own", ARCHIVED, "recorded"),
    (
        "closure",
        "all but the library",
        f"{DONE}\n{EFFECTIVE}\n{SATISFIED}",
        "shut: archived",
    ),
    ("closure", "all of it", f"{DONE}\n{EFFECTIVE}\n{SATISFIED}\n{ARCHIVED}", "closed"),
    ("closure.ineffective", "satisfied", SATISFIED, "cycle 1"),
    ("closure.ineffective", "not satisfied: talk again", DISSATISFIED, "cycle 2"),
    (
        "closure.ineffective",
        "the measures did not help",
        f"{DONE}\n{INEFFECTIVE}",
        "cycle 2",
    ),
    (
        "closure.ineffective",
        "the solution is not accepted",
        f"{EXECUTED}\n2024-10-01 10:00 customer_confirmed result=rejected",
        "cycle 2",
    ),
    ("closure.ineffective", "with the customer", "then", "renegotiate"),
    ("escalation", "not satisfied: talk again", DISSATISFIED, "at talk_again, then head"),
    ("escalation.rungs.talk_again", "the named owner does", "roles", "handler"),
    (
        "escalation.rungs.head",
        "then the head of the department",
        "2024-11-01 10:00 escalated rung=head because=x",
        "at head, then nobody",
    ),
)
REST: tuple[Row, ...] = (
    ("scope", "what it is about", "subjects", "complaint"),
    ("scope", "which complaints", "complaint_kinds", "product"),
    ("grading", "who grades", "decided_by", "customer_service quality_department"),
    ("duties.review_meeting", "who holds it", "role", "quality_department"),
    ("forms.registration", "by customer service", "filled_by", "customer_service"),
    ("compensation", "urgent: exchange", "by_grade.urgent.0.kind", "exchange"),
    ("compensation", "and 500 yuan", "by_grade.urgent.1.yuan", "500"),
    ("compensation", "and a gift", "by_grade.urgent.2.kind", "gift"),
    ("compensation", "important: repair", "by_grade.important.0.kind", "repair"),
    ("compensation", "and a year of warranty", "by_grade.important.1.months", "12"),
    ("compensation", "general: 10% off", "by_grade.general.0.percent_off", "10"),
    ("compensation", "and a note on the repair", "by_grade.general.1.kind", "note"),
    ("compensation", "with the solution", "due_at.event", "solution_executed"),
    ("compensation", "the source gives examples", "binding", "False"),
    ("intake", "customer service registers", "roles", "customer_service"),
    (
        "forms.registration",
        "who, what, how it shows, what is wanted, and what shows it",
        "fields",
        (
            "customer contact order_no product_model batch purchase_date"
            " defect scene effect demand attachments"
        ),
    ),
    (
        "causes",
        "six dimensions: one of them",
        '2025-03-14 10:00 root_caused causes=[{"branch":"system","code":"measurement"}]',
        "recorded",
    ),
    (
        "causes",
        "none of them",
        '2025-03-14 10:00 root_caused causes=[{"branch":"system","code":"weather"}]',
        "refused: causes",
    ),
    ("causes", "six in all", "", "people machine material method environment measurement"),
    (
        "archive.0",
        "the complaint alone is not all",
        '2025-03-14 archived by_role=quality_department keeps=["complaint"]',
        "lacking: investigation solution measures verification",
    ),
    (
        "archive.0",
        "complaint, investigation, solution, measures, verification",
        f"2025-03-14 archived by_role=quality_department keeps={ALL_KEPT}",
        "recorded",
    ),
    ("archive.0", "for how long is not stated", "retention_years", "None"),
)
ROWS: tuple[Row, ...] = (*GRADES, *CLOCKS, *CLOSURE, *REST)

test_clauses = table("S45", ROWS)
