"""S18, clause by clause: eight groups of causes in construction, and how one is proved."""

from tests.rulebooks.clause import Row, table

CAUSED = '2025-03-14 root_caused causes=[{"branch":"occurrence","code":"%s"}]'
SHOWN = "2025-03-14 evidence_accepted criterion="
GROUPS = (
    "procedure_skipped",
    "law_breached",
    "survey_false",
    "design_error",
    "construction_failure",
    "material_nonconforming",
    "natural_environment",
    "improper_use",
)

ROWS: tuple[Row, ...] = (
    ("causes", "eight groups, in this order", "", " ".join(GROUPS)),
    *(("causes", f"group: {one}", CAUSED % one, "recorded") for one in GROUPS),
    ("causes", "a ninth there is not", CAUSED % "machine", "refused: causes"),
    # method
    ("declares.criteria.site_studied", "the site", f"{SHOWN}site_studied", "recorded"),
    ("declares.criteria.data_collected", "the data", f"{SHOWN}data_collected", "recorded"),
    (
        "declares.criteria.candidates_listed",
        "candidate causes",
        f"{SHOWN}candidates_listed",
        "recorded",
    ),
    (
        "declares.criteria.cause_proved",
        "calculated or simulated, from the origin point",
        f"{SHOWN}cause_proved",
        "recorded",
    ),
    (
        "declares.criteria.cause_proved",
        "no other heading",
        f"{SHOWN}treated",
        "refused: criterion",
    ),
)

test_clauses = table("S18", ROWS)
