"""S24, clause by clause: the service complaint system."""

from tests.rulebooks.clause import Row, table

FRIDAY = "2025-03-14 12:00 received kind=service"
NOT_FOUNDED = f"{FRIDAY}\n2025-03-14 13:00 screened outcome=not_founded"
CONTENT = f"{FRIDAY}\n2025-03-17 10:00 customer_confirmed result=accepted"
RETURNED = f"{CONTENT}\n2025-03-17 11:00 replied part=report"
CALLED = f"{RETURNED}\n2025-03-18 09:00 called_back reached=true satisfied=true"
JUDGED = f"{CALLED}\n2025-03-18 10:00 duty_done duty=evaluation"
PAPERS = 'archived by_role=hr_manager keeps=["complaint_record","complaint_report"]'

ROWS: tuple[Row, ...] = (
    # scope, channels, roles, aims
    ("intake", "the HR and administration manager receives", "roles", "hr_manager"),
    ("intake", "by phone and by mail", "channels", "complaint_phone complaint_mailbox"),
    ("spokesperson.0", "the accused department's head speaks", {}, "department_head"),
    ("access", "read by level", "readers", "hr_manager general_manager"),
    (
        "access",
        "a head reads the own department's",
        "readers_of_own_unit",
        "department_head",
    ),
    ("kpis.complaint_rate", "to be lowered", "direction", "lower"),
    ("kpis.complaint_rate", "by how much is not stated", "target", "None"),
    # founded or not
    (
        "screening.outcomes.founded",
        "founded: it goes on",
        f"{FRIDAY}\n2025-03-14 13:00 screened outcome=founded",
        "goes on, counts in kpi clocks repeats",
    ),
    (
        "screening.outcomes.not_founded",
        "not founded: a tactful answer is owed",
        NOT_FOUNDED,
        "ends contacted, counts in nothing",
    ),
    (
        "screening.outcomes.not_founded",
        "not founded, and answered: that is the end",
        f"{NOT_FOUNDED}\n2025-03-14 14:00 contacted channel=phone",
        "ends, counts in nothing",
    ),
    ("screening", "the HR manager judges", "decided_by", "hr_manager"),
    ("screening.outcomes.founded", "it has its grounds", "grounded", "True"),
    ("screening.outcomes.not_founded", "it has none", "grounded", "False"),
    # clocks
    (
        "clocks.CLK-inquiry",
        "one working day: begun in the last second of Monday",
        f"{FRIDAY}\n2025-03-17 23:59:59 inquiry_started",
        "2025-03-17 23:59:59 met",
    ),
    (
        "clocks.CLK-inquiry",
        "one working day: begun as Tuesday begins",
        f"{FRIDAY}\n2025-03-18 00:00:00 inquiry_started",
        "2025-03-17 23:59:59 late",
    ),
    (
        "clocks.CLK-satisfactory-answer",
        "two working days: satisfied in the last second of Tuesday",
        f"{FRIDAY}\n2025-03-18 23:59:59 customer_confirmed result=accepted",
        "2025-03-18 23:59:59 met",
    ),
    (
        "clocks.CLK-satisfactory-answer",
        "two working days: satisfied as Wednesday begins",
        f"{FRIDAY}\n2025-03-19 00:00:00 customer_confirmed result=accepted",
        "2025-03-18 23:59:59 late",
    ),
    (
        "clocks.CLK-satisfactory-answer",
        "an answer that does not satisfy stops nothing",
        f"{FRIDAY}\n2025-03-17 10:00 customer_confirmed result=rejected",
        "2025-03-18 23:59:59 running",
    ),
    (
        "clocks.CLK-satisfactory-answer",
        "no time runs for what is not founded",
        NOT_FOUNDED,
        "void",
    ),
    # the stages up to the archive
    ("closure.gates.satisfied", "satisfied", CONTENT, "open"),
    (
        "closure.gates.satisfied",
        "not satisfied",
        f"{FRIDAY}\n2025-03-17 10:00 customer_confirmed result=rejected",
        "shut",
    ),
    ("closure.gates.record_returned", "the record is not back", CONTENT, "shut"),
    ("closure.gates.record_returned", "the record came back", RETURNED, "open"),
    ("closure.gates.called_back", "not called back", RETURNED, "shut"),
    (
        "closure.gates.called_back",
        "a callback that reaches nobody is none",
        f"{RETURNED}\n2025-03-18 09:00 called_back reached=false",
        "shut",
    ),
    ("closure.gates.called_back", "called back", CALLED, "open"),
    ("closure.gates.evaluated", "not evaluated", CALLED, "shut"),
    ("closure.gates.evaluated", "evaluated, with advice", JUDGED, "open"),
    ("closure.gates.archived", "not archived", JUDGED, "shut"),
    ("closure.gates.archived", "archived", f"{JUDGED}\n2025-03-19 {PAPERS}", "open"),
    ("closure", "all but the archive", JUDGED, "shut: archived"),
    ("closure", "all of it", f"{JUDGED}\n2025-03-19 {PAPERS}", "closed"),
    (
        "closure.ineffective",
        "not satisfied: back to the department's head",
        f"{FRIDAY}\n2025-03-17 10:00 customer_confirmed result=rejected",
        "back to the unit, cycle 2",
    ),
    (
        "closure.ineffective",
        "not satisfied when called back",
        f"{RETURNED}\n2025-03-18 09:00 called_back reached=true satisfied=false",
        "back to the unit, cycle 2",
    ),
    ("closure.ineffective", "satisfied", CALLED, "cycle 1"),
    (
        "declares.duties.evaluation",
        "evaluated",
        "2025-03-18 duty_done duty=evaluation",
        "recorded",
    ),
    ("archive.0", "the manager files both papers", f"2025-03-19 {PAPERS}", "recorded"),
    (
        "archive.0",
        "another paper is none of these",
        '2025-03-19 archived by_role=hr_manager keeps=["notice"]',
        "refused: keeps",
    ),
    ("archive.0", "how long is not stated", "retention_years", "None"),
    # forms
    (
        "forms.complaint_record",
        "content, demand, process, result",
        "fields",
        "content demand process final_result",
    ),
    (
        "forms.complaint_record",
        "filled by the manager, then by the head",
        "filled_by",
        "hr_manager department_head",
    ),
    ("forms.complaint_report", "by OA", "filled_by", "hr_manager"),
)

test_clauses = table("S24", ROWS)
