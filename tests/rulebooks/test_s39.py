"""S39, clause by clause: the complaint rules of an exporter."""

from tests.rulebooks.clause import Row, table

BEGUN = "2025-03-14 09:00 received"
DOCUMENT = "signed decision=rulebook_change"
DRAFTED = f"2025-03-14 10:00 {DOCUMENT} meaning=proposed as=quality_service"
CHECKED = f"2025-03-15 10:00 {DOCUMENT} meaning=approved as=supply_chain"
REVIEWED = f"2025-03-16 10:00 {DOCUMENT} meaning=approved as=general_management"
APPROVED = f"2025-03-17 10:00 {DOCUMENT} meaning=approved as=international_marketing_head"
SHEET = "2025-03-14 10:00 signed decision=liability_sheet meaning=proposed"
MEASURES = "signed decision=feasibility"
BY_REGION = f"2025-03-14 10:00 {MEASURES} meaning=proposed as=business_regions"

ROWS: tuple[Row, ...] = (
    ("scope", "what it is about", "subjects", "complaint"),
    ("scope", "which complaints", "complaint_kinds", "product service delivery"),
    (
        "approvals.feasibility",
        "put forward by either",
        "propose.roles",
        "business_regions quality_service",
    ),
    ("intake", "the business regions accept", "roles", "business_regions"),
    ("spokesperson.0", "and negotiate", {}, "business_regions"),
    (
        "approvals.liability_sheet",
        "quality service issues the liability sheet by itself",
        f"{BEGUN}\n{SHEET} as=quality_service",
        "effective",
    ),
    (
        "approvals.liability_sheet",
        "nobody else does",
        f"{BEGUN}\n{SHEET} as=manufacturing_quality",
        "refused: role",
    ),
    ("penalties", "by that sheet a liability is fined", "authority", "liability_sheet"),
    ("penalties", "no catalog of amounts is in the source", "catalog", "None"),
    (
        "approvals.feasibility",
        "manufacturing quality judges feasibility and effect",
        BY_REGION,
        "next: manufacturing_quality",
    ),
    (
        "approvals.feasibility",
        "judged",
        (
            f"{BY_REGION}\n"
            f"2025-03-15 10:00 {MEASURES} meaning=approved as=manufacturing_quality"
        ),
        "effective",
    ),
    (
        "approvals.feasibility",
        "quality service does not judge it",
        (f"{BY_REGION}\n2025-03-15 10:00 {MEASURES} meaning=approved as=quality_service"),
        "refused: role",
    ),
    (
        "approvals.rulebook_change",
        "drafted: supply-chain management checks first",
        DRAFTED,
        "next: supply_chain",
    ),
    (
        "approvals.rulebook_change",
        "no joint review before it was checked",
        f"{DRAFTED}\n{REVIEWED}",
        "refused: role",
    ),
    (
        "approvals.rulebook_change",
        "checked and reviewed: the head of international marketing approves",
        f"{DRAFTED}\n{CHECKED}\n{REVIEWED}",
        "next: international_marketing_head",
    ),
    (
        "approvals.rulebook_change",
        "approved",
        f"{DRAFTED}\n{CHECKED}\n{REVIEWED}\n{APPROVED}",
        "effective",
    ),
    ("duties.monthly_analysis", "a summary analysis each month", "period", "month"),
    ("duties.monthly_analysis", "by quality service", "role", "quality_service"),
)

test_clauses = table("S39", ROWS)
