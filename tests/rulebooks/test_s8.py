"""S8, clause by clause: stop, survey, cause, plan, treat, accept, report.

Who is refused with which words is told in domain/test_rectification.py.
"""

from tests.rulebooks.clause import Row, done, table

STOP = "2025-03-03 inspection_stopped as=contractor part=三层梁"
SURVEYED = f"{STOP}\n2025-03-04 determined as=survey_team result=unknown"
CAUSED = (
    f"{SURVEYED}\n2025-03-05 root_caused as=survey_team"
    ' causes=[{"branch":"occurrence","code":"material"}]'
)
PLANNED = f"{STOP}\n2025-03-06 plan_decided as=contractor plan=凿除重浇"
AGREED = f"{PLANNED}\n2025-03-07 plan_accepted as=supervising_engineer"
TREATED = (
    f"{AGREED}\n2025-03-08 action_planned as=contractor action=A1 text=凿除重浇"
    "\n2025-03-10 action_implemented as=contractor action=A1"
)
ACCEPT = "2025-03-11 work_accepted as=supervising_engineer result="
ACCEPTED = f"{TREATED}\n{ACCEPT}accepted"
OWNER = "2025-03-12 duty_done as=supervising_engineer duty=report_to_owner"
AUTHORITY = "2025-03-12 duty_done as=supervising_engineer duty=report_to_authority"
TOO_EARLY = "2025-03-09 duty_done as=supervising_engineer duty=report_to_"
ARGUED = f"{STOP}\n2025-03-06 plan_decided as=survey_team plan=不处理 treatment=none"

STAGES: tuple[Row, ...] = (
    ("stages.stopped", "1: the affected part goes on", "2025-03-03 received", "open"),
    ("stages.stopped", "1: it is stopped", STOP, "ended"),
    ("stages.surveyed", "2: stopped, not surveyed", STOP, "open"),
    ("stages.surveyed", "2: extent, degree, nature, effect", SURVEYED, "ended"),
    ("stages.caused", "3: surveyed, no cause", SURVEYED, "open"),
    ("stages.caused", "3: the cause", CAUSED, "ended"),
    ("stages.planned", "4: the cause, no plan", CAUSED, "open"),
    ("stages.planned", "4: planned", PLANNED, "ended"),
    ("stages.treated", "5: agreed, not treated", AGREED, "open"),
    ("stages.treated", "5: treated", TREATED, "ended"),
    ("stages.accepted", "6: treated, not accepted", TREATED, "open"),
    ("stages.accepted", "6: accepted", ACCEPTED, "ended"),
)
PLANS: tuple[Row, ...] = (
    (
        "approvals.treatment_plan",
        "4: nothing is planned before the work stands still",
        "2025-03-06 plan_decided as=contractor plan=凿除重浇",
        "refused: inspection_stopped",
    ),
    ("approvals.treatment_plan", "4: planned by the contractor", PLANNED, "recorded"),
    (
        "approvals.treatment_plan",
        "4: or by those who surveyed",
        PLANNED.replace("decided as=contractor", "decided as=survey_team"),
        "recorded",
    ),
    (
        "approvals.treatment_plan",
        "a worker does not plan",
        f"{STOP}\n2025-03-06 plan_decided as=worker plan=凿除重浇",
        "refused: role",
    ),
    (
        "approvals.treatment_plan",
        "the contractor does not agree with itself",
        f"{PLANNED}\n2025-03-07 plan_accepted as=contractor",
        "refused: role",
    ),
    ("approvals.treatment_plan", "the engineer agrees", AGREED, "recorded"),
    ("approvals.treatment_plan", "5: always carried out by", "execute.roles", "contractor"),
    (
        "approvals.no_treatment",
        "4: no treatment without argument",
        ARGUED,
        "refused: argument",
    ),
    (
        "approvals.no_treatment",
        "4: fully argued by those who surveyed",
        f"{ARGUED} argument=复核计算满足设计",
        "recorded",
    ),
    (
        "approvals.no_treatment",
        "not by the contractor",
        f"{ARGUED} argument=省钱".replace("survey_team", "contractor"),
        "refused: role",
    ),
    (
        "approvals.no_treatment",
        "what needs none is accepted without any",
        f"{ARGUED} argument=复核计算满足设计\n{ACCEPT}accepted",
        "recorded",
    ),
    (
        "approvals.work_acceptance",
        "6: not before it is treated",
        f"{AGREED}\n{ACCEPT}accepted",
        "refused: action_implemented",
    ),
    (
        "approvals.work_acceptance",
        "6: nor by the contractor",
        ACCEPTED.replace("as=supervising_engineer result", "as=contractor result"),
        "refused: role",
    ),
    ("approvals.work_acceptance", "6: by the engineer", ACCEPTED, "recorded"),
)
CLOSING: tuple[Row, ...] = (
    ("closure.gates.accepted", "treated", TREATED, "shut"),
    (
        "closure.gates.accepted",
        "appraised, and rejected",
        f"{TREATED}\n{ACCEPT}rejected",
        "shut",
    ),
    ("closure.gates.accepted", "accepted", ACCEPTED, "open"),
    ("closure.gates.owner_has_report", "no report", ACCEPTED, "shut"),
    ("closure.gates.owner_has_report", "the owner has it", f"{ACCEPTED}\n{OWNER}", "open"),
    (
        "closure.gates.owner_has_report",
        "a report from before the acceptance is none on it",
        f"{TREATED}\n{TOO_EARLY}owner\n{ACCEPT}accepted",
        "shut",
    ),
    (
        "closure.gates.authority_has_report",
        "only the owner has it",
        f"{ACCEPTED}\n{OWNER}",
        "shut",
    ),
    (
        "closure.gates.authority_has_report",
        "the authority has it",
        f"{ACCEPTED}\n{AUTHORITY}",
        "open",
    ),
    (
        "closure.gates.authority_has_report",
        "from before the acceptance",
        f"{TREATED}\n{TOO_EARLY}authority\n{ACCEPT}accepted",
        "shut",
    ),
    ("closure", "one of both has it", f"{ACCEPTED}\n{OWNER}", "shut: authority_has_report"),
    ("closure", "both have it", f"{ACCEPTED}\n{OWNER}\n{AUTHORITY}", "closed"),
    ("forms.accident_report", "by the engineer", "filled_by", "supervising_engineer"),
    done("declares.duties.authority_told", "1: reported to the authority"),
    done("declares.duties.protected", "1: protective measures if needed"),
    done("declares.duties.observation_continued", "4: still observed"),
    done("declares.duties.cost_attributed", "5: not the contractor's fault: compensated"),
    ("declares.duties.report_to_owner", "6", OWNER, "recorded"),
    ("declares.duties.report_to_authority", "6", AUTHORITY, "recorded"),
)
ROWS = (*STAGES, *PLANS, *CLOSING)

test_clauses = table("S8", ROWS)
