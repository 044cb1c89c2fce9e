"""S43, clause by clause: how a vehicle service takes complaints in."""

from tests.rulebooks.clause import Row, table

BEGUN = "2025-03-14 09:00 received"
CALLED = "2025-03-14 10:00 contacted channel=phone"
INSPECTED = "2025-03-15 10:00 duty_done duty=free_inspection"
IN_SCOPE = "2025-03-14 09:30 screened outcome=in_scope"
OUT_OF_SCOPE = "2025-03-14 09:30 screened outcome=out_of_scope"
CALLED_BACK = "2025-03-20 10:00 called_back reached=true satisfied=true"
NOT_REACHED = "2025-03-20 10:00 called_back reached=false"
FILED = '2025-03-31 archived by_role=marketing keeps=["complaint_record"]'

VERIFY: tuple[Row, ...] = (
    ("scope", "what it is about", "subjects", "complaint"),
    ("scope", "which complaints", "complaint_kinds", "product service"),
    ("screening", "the owning department verifies", "decided_by", "owning_department"),
    ("forms.complaint_record", "by customer service", "filled_by", "customer_service"),
    ("intake", "customer service takes it in", "roles", "customer_service"),
    (
        "forms.complaint_record",
        "time, place, people, course, result",
        "fields",
        "time place people course result",
    ),
    (
        "screening.outcomes.in_scope",
        "in scope: it goes on",
        IN_SCOPE,
        "goes on, counts in kpi clocks repeats",
    ),
    ("screening.outcomes.in_scope", "it is ours", "grounded", "True"),
    ("screening.outcomes.out_of_scope", "it is not", "grounded", "False"),
    (
        "screening.outcomes.out_of_scope",
        "out of scope: it is served all the same, and counts",
        OUT_OF_SCOPE,
        "goes on, counts in kpi clocks repeats",
    ),
    (
        "screening.outcomes.out_of_scope",
        "out of scope, the customer is called, or invited",
        f"{OUT_OF_SCOPE}\n2025-03-14 10:00 closed",
        "refused: called called_back",
    ),
    ("closure.gates.called", "neither called nor invited", BEGUN, "shut"),
    ("closure.gates.called", "called", CALLED, "open"),
    ("closure.gates.called", "the customer called", f"{CALLED} outward=false", "shut"),
    ("closure.gates.called", "free inspection", INSPECTED, "open"),
    (
        "declares.duties.free_inspection",
        "free inspection in the workshop",
        INSPECTED,
        "recorded",
    ),
    (
        "declares.duties.repair_consent",
        "repaired only with consent",
        "2025-03-15 11:00 duty_done duty=repair_consent",
        "recorded",
    ),
    (
        "declares.duties.repair_record_signed",
        "the repairer signs the follow-up record",
        "2025-03-16 11:00 duty_done duty=repair_record_signed",
        "recorded",
    ),
    ("forms.repair_record", "the repairer's record", "filled_by", "repairer"),
)
CALLBACK: tuple[Row, ...] = (
    ("closure.gates.called_back", "not called back", CALLED, "shut"),
    ("closure.gates.called_back", "nobody was reached", NOT_REACHED, "shut"),
    ("closure.gates.called_back", "reached", CALLED_BACK, "open"),
    ("closure", "called, not called back", CALLED, "shut: called_back"),
    ("closure", "called and called back", f"{CALLED}\n{CALLED_BACK}", "closed"),
    (
        "closure",
        "out of scope, inspected and called back",
        f"{OUT_OF_SCOPE}\n{INSPECTED}\n{CALLED_BACK}",
        "closed",
    ),
    ("archive.0", "marketing files one of two", FILED, "lacking: repair_record"),
    (
        "archive.0",
        "marketing files both",
        FILED.replace('"]', '","repair_record"]'),
        "recorded",
    ),
    ("archive.0", "for how long is not stated", "retention_years", "None"),
    ("duties.monthly_summary", "a summary at the end of the month", "period", "month"),
    ("duties.monthly_summary", "by marketing", "role", "marketing"),
    ("duties.frequent_problems", "frequent problems, no rhythm", "irregular", "True"),
)
ROWS: tuple[Row, ...] = (*VERIFY, *CALLBACK)

test_clauses = table("S43", ROWS)
