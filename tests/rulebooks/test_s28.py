"""S28, clause by clause: the complaint flow of a board division."""

from tests.rulebooks.clause import Row, table

BEGUN = "2025-03-14 09:00 received"

ROWS: tuple[Row, ...] = (
    ("scope", "what it is about", "subjects", "complaint"),
    ("scope", "which complaints", "complaint_kinds", "product service"),
    ("forms.handling_sheet", "by the engineer", "filled_by", "service_engineer"),
    ("forms.complaint_list", "by the engineer", "filled_by", "service_engineer"),
    (
        "intake",
        "the customer-service engineer may assign staff of other departments",
        f"{BEGUN}\n2025-03-14 10:00 assigned as=service_engineer owner=p-wang",
        "recorded",
    ),
    (
        "intake",
        "nobody else may",
        f"{BEGUN}\n2025-03-14 10:00 assigned as=business owner=p-wang",
        "refused: role",
    ),
    ("intake", "the business department brings problems in", "roles", "business"),
    ("spokesperson.0", "and keeps the contact", {}, "business"),
    (
        "declares.facts.phase_of_use",
        "dissatisfaction before, during or after use",
        {},
        "code before during after, asked",
    ),
    (
        "declares.facts.phase_of_use",
        "is a complaint whichever it is",
        f"{BEGUN}\n2025-03-14 10:00 fact_established fact=phase_of_use value=before",
        "recorded",
    ),
    (
        "forms.handling_sheet",
        "the sheet has its number",
        "name",
        "客户投诉处理单 YDF-BK/PZ-006-001",
    ),
    (
        "forms.complaint_list",
        "and so has the list",
        "name",
        "客户投诉一览表 YDF-BK/PZ-006-002",
    ),
    ("forms.complaint_list", "its columns are not in the source", "fields", ""),
)

test_clauses = table("S28", ROWS)
