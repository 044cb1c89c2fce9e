"""S13, clause by clause: a team that compares, replies in writing, and may recall."""

from tests.rulebooks.clause import Row, done, signs, table

ALIKE = {"defect": "mould", "batch": "20250211", "product": "P7"}
RECALL = (
    "2025-03-12 09:00 recall_requested as=complaint_team recall=R1"
    ' batches=["20250211"] reason=mould'
)
CRISIS, REPLY = "crisis", "written_reply"

ROWS: tuple[Row, ...] = (
    # team: who decides and who speaks
    ("intake", "marketing, and quality in the same way", "roles", "marketing quality"),
    ("spokesperson.0", "serious: both explain", {"serious": True}, "marketing quality"),
    ("spokesperson.1", "general: marketing answers", {"serious": False}, "marketing"),
    (
        "spokesperson.1",
        "unknown: both it might be",
        {},
        "marketing quality, or marketing",
    ),
    ("grading.grades.serious", "serious", {"serious": True}, "serious"),
    ("grading.grades.general", "general", {"serious": False}, "general"),
    (
        "grading.grades.general",
        "no criteria in the source: a person says",
        {},
        "no grade, perhaps serious general",
    ),
    ("declares.facts.serious", "yes or no", "kind", "flag"),
    ("approvals.recall", "asked for by the team", RECALL, "recorded"),
    (
        "approvals.recall",
        "marketing alone does not ask",
        RECALL.replace("complaint_team", "marketing"),
        "refused: role",
    ),
    (
        "approvals.recall",
        "quality does not decide",
        f"{RECALL}\n2025-03-12 10:00 recall_approved as=quality recall=R1",
        "refused: role",
    ),
    (
        "approvals.recall",
        "the top layer does",
        f"{RECALL}\n2025-03-12 10:00 recall_approved as=top_layer recall=R1",
        "recorded",
    ),
    (
        "approvals.crisis",
        "not the team",
        signs(CRISIS, "complaint_team proposed", "complaint_team/p-2 approved"),
        "refused: role",
    ),
    (
        "approvals.crisis",
        "the top layer",
        signs(CRISIS, "complaint_team proposed", "top_layer approved"),
        "effective",
    ),
    # written handling document
    (
        "approvals.written_reply",
        "unsigned",
        signs(REPLY, "quality proposed"),
        "next: quality_or_company_head",
    ),
    (
        "approvals.written_reply",
        "signed by hand",
        signs(REPLY, "quality proposed", "quality_or_company_head approved"),
        "effective",
    ),
    (
        "approvals.written_reply",
        "who drafted it does not sign it",
        signs(REPLY, "quality/p-1 proposed", "quality_or_company_head/p-1 approved"),
        "refused: by",
    ),
    (
        "forms.handling_document",
        "its columns",
        "fields",
        (
            "filing_number filing_date complainant product cause"
            " solution_and_improvement signature"
        ),
    ),
    (
        "forms.complaint_record",
        "its columns",
        "fields",
        (
            "filing_number filing_date complainant contacts product quantity"
            " production_lot place_of_purchase circumstances recorder"
        ),
    ),
    ("forms.complaint_record", "by who took it in", "filled_by", "marketing quality"),
    # repeat checks: compared, without a number
    ("repeats.REP-same-type", "alone", [ALIKE], "1: evidence"),
    (
        "repeats.REP-same-type",
        "another batch, the same type",
        [ALIKE, {**ALIKE, "batch": "20250301"}],
        "2: evidence",
    ),
    (
        "repeats.REP-same-batch",
        "the same batch, another type",
        [ALIKE, {**ALIKE, "defect": "taste"}],
        "2: evidence",
    ),
    (
        "repeats.REP-same-period",
        "how many of this product",
        [ALIKE, {**ALIKE, "defect": "taste", "batch": "20250301"}],
        "2: evidence",
    ),
    ("tallies.same_type", "another type", [ALIKE, {**ALIKE, "defect": "taste"}], "1"),
    ("tallies.same_batch", "another batch", [ALIKE, {**ALIKE, "batch": "20250301"}], "1"),
    ("tallies.same_product", "another product", [ALIKE, {**ALIKE, "product": "P8"}], "1"),
    done("declares.duties.retained_sample_checked", "the retained sample"),
    done("declares.duties.production_records_given", "production gives its records"),
    done("declares.duties.hazard_analysis", "quality analyses the hazard for the team"),
)

test_clauses = table("S13", ROWS)
