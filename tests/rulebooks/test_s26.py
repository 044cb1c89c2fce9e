"""S26, clause by clause: after-sales complaints of a 4S shop."""

from tests.rulebooks.clause import Row, table

AT_NIGHT = "2025-03-14 23:30 received"
MORNING = "2025-03-14 09:00 received"
CALLED = "2025-03-14 10:00 contacted channel=phone"
AGREED = "2025-03-14 11:00 customer_confirmed result=accepted"
NOT_AGREED = "2025-03-14 11:00 customer_confirmed result=rejected"
TO_MANAGERS = "2025-03-14 12:00 escalated rung=managers because=x"
TO_REGION = "2025-03-14 13:00 escalated rung=regional because=x"
PLANNED_BY_SGM = (
    "2025-03-14 14:00 signed as=sgm_regional_manager decision=joint_plan meaning=proposed"
)
PLANNED_BY_ASC = "2025-03-14 15:00 signed as=asc_staff decision=joint_plan meaning=proposed"

CLOCK: tuple[Row, ...] = (
    (
        "clocks.CLK-first-contact",
        "two hours from receipt, at night as well",
        AT_NIGHT,
        "2025-03-15 01:30:00 running",
    ),
    (
        "clocks.CLK-first-contact",
        "the customer is called in the last second",
        f"{AT_NIGHT}\n2025-03-15 01:30:00 contacted channel=phone",
        "2025-03-15 01:30:00 met",
    ),
    (
        "clocks.CLK-first-contact",
        "a second later is late",
        f"{AT_NIGHT}\n2025-03-15 01:30:01 contacted channel=phone",
        "2025-03-15 01:30:00 late",
    ),
    (
        "clocks.CLK-first-contact",
        "that the customer calls us again does not end it",
        f"{AT_NIGHT}\n2025-03-15 00:30 contacted channel=phone outward=false",
        "2025-03-15 01:30:00 running",
    ),
)
LADDER: tuple[Row, ...] = (
    ("escalation", "the handler tries alone first", MORNING, "at handler, then managers"),
    (
        "escalation.rungs.handler",
        "nobody goes past the managers",
        f"{MORNING}\n{TO_REGION}",
        "refused: rung",
    ),
    (
        "escalation.rungs.managers",
        "what the managers cannot settle goes to SGM",
        f"{MORNING}\n{TO_MANAGERS}",
        "at managers, then regional",
    ),
    (
        "escalation.rungs.regional",
        "there the ladder ends",
        f"{MORNING}\n{TO_MANAGERS}\n{TO_REGION}",
        "at regional, then nobody",
    ),
    (
        "escalation.rungs.regional",
        "the regional manager, or related departments",
        "roles",
        "sgm_regional_manager related_departments",
    ),
    (
        "approvals.joint_plan",
        "SGM alone drafts no plan",
        f"{MORNING}\n{PLANNED_BY_SGM}",
        "next: asc_staff",
    ),
    (
        "approvals.joint_plan",
        "SGM and the service centre draft it together",
        f"{MORNING}\n{PLANNED_BY_SGM}\n{PLANNED_BY_ASC}",
        "effective",
    ),
    (
        "approvals.joint_plan",
        "nobody else drafts it",
        "2025-03-14 14:00 signed as=handler decision=joint_plan meaning=proposed",
        "refused: role",
    ),
)
CLOSURE: tuple[Row, ...] = (
    ("closure", "nothing was done", MORNING, "shut: contacted plan_agreed"),
    (
        "closure",
        "contact with the customer and an agreed plan",
        f"{MORNING}\n{CALLED}\n{AGREED}",
        "closed",
    ),
    ("closure.gates.contacted", "nobody called", MORNING, "shut"),
    ("closure.gates.contacted", "we called", f"{MORNING}\n{CALLED}", "open"),
    (
        "closure.gates.contacted",
        "the customer called",
        f"{MORNING}\n{CALLED} outward=false",
        "shut",
    ),
    (
        "closure.gates.contacted",
        "a plan that is not agreed asks for no first contact again",
        f"{MORNING}\n{CALLED}\n{NOT_AGREED}",
        "open",
    ),
    ("closure.gates.plan_agreed", "no word of the customer", MORNING, "shut"),
    ("closure.gates.plan_agreed", "agreed", f"{MORNING}\n{AGREED}", "open"),
    ("closure.gates.plan_agreed", "not agreed", f"{MORNING}\n{NOT_AGREED}", "shut"),
    (
        "closure.ineffective",
        "a plan that is not agreed begins another round",
        f"{MORNING}\n{NOT_AGREED}",
        "cycle 2",
    ),
    ("closure.ineffective", "an agreed one does not", f"{MORNING}\n{AGREED}", "cycle 1"),
    ("closure.ineffective", "it goes to the next rung", "then", "escalate"),
)
REST: tuple[Row, ...] = (
    ("scope", "what it is about", "subjects", "complaint"),
    ("scope", "which complaints", "complaint_kinds", "product service"),
    ("escalation.rungs.handler", "alone", "roles", "handler"),
    ("escalation.rungs.managers", "the managers", "roles", "managers"),
    ("forms.complaint_form", "by the service centre", "filled_by", "asc_staff"),
    ("intake", "letter, CAC, ASC or FMC", "channels", "letter CAC ASC FMC"),
    ("intake", "the service centre takes it in", "roles", "asc_staff"),
    ("forms.complaint_form", "the complaint handling form", "name", "顾客投诉处理表"),
    ("forms.complaint_form", "its columns are not in the source", "fields", ""),
    ("duties.callback_check", "callback records are checked daily", "period", "day"),
    ("duties.callback_check", "by the customer-service manager", "role", "cs_manager"),
    ("duties.adviser_score", "advisers are scored weekly", "period", "week"),
    ("duties.adviser_score", "by the service manager", "role", "service_manager"),
    ("duties.case_study", "case studies, without a stated rhythm", "irregular", "True"),
)

ROWS: tuple[Row, ...] = (*CLOCK, *LADDER, *CLOSURE, *REST)

test_clauses = table("S26", ROWS)
