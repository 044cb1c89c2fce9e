"""S19, clause by clause: zeroing of quality problems, five criteria and a review."""

from collections.abc import Sequence

from tests.rulebooks.clause import Row, table

TECHNICAL = ("location", "mechanism", "reproduction", "measures", "extension")
REVIEWED = "2025-03-20 review_held result=passed"


def shown(criteria: Sequence[str]) -> str:
    """The evidence for each of these was accepted, one each day."""
    return "\n".join(
        f"2025-03-{day} evidence_accepted criterion={one}"
        for day, one in enumerate(criteria, start=10)
    )


ZEROED = shown(TECHNICAL)

ROWS: tuple[Row, ...] = (
    ("issued_on", "issued", "", "2019-01-10"),
    ("effective_on", "effective five days later", "", "2019-01-15"),
    ("governs_by", "what occurred before is not governed", "", "occurred"),
    # technical zeroing: five criteria, each with accepted evidence
    *(
        (
            "closure.gates.technical_zeroing",
            f"all but {lacking}",
            shown([one for one in TECHNICAL if one != lacking]),
            "shut",
        )
        for lacking in TECHNICAL
    ),
    ("closure.gates.technical_zeroing", "all five", ZEROED, "open"),
    (
        "closure.gates.technical_zeroing",
        "one no longer holds",
        f"{ZEROED}\n2025-03-19 evidence_accepted criterion=mechanism holds=false",
        "shut",
    ),
    # review
    ("closure.gates.review", "none yet", ZEROED, "shut"),
    (
        "closure.gates.review",
        "it failed",
        "2025-03-20 review_held result=failed",
        "shut",
    ),
    ("closure.gates.review", "a review without a result", "2025-03-20 review_held", "shut"),
    ("closure.gates.review", "it was passed", REVIEWED, "open"),
    # management zeroing: off until a plant asks for it
    (
        "closure.gates.management_zeroing",
        "its five criteria are not in the source",
        ZEROED,
        "not asked for",
    ),
    ("closure.gates.management_zeroing", "off", "in_force", "False"),
    (
        "closure.gates.management_zeroing",
        "what the field knows of it",
        "need.evidence",
        (
            "process_clear liability_clear management_measures strict_handling"
            " rules_completed"
        ),
    ),
    ("closure", "five criteria, no review", ZEROED, "shut: review"),
    ("closure", "a review, no criteria", REVIEWED, "shut: technical_zeroing"),
    ("closure", "five criteria and the review", f"{ZEROED}\n{REVIEWED}", "closed"),
    (
        "forms.technical_report",
        "the report documents each",
        "fields",
        " ".join(TECHNICAL),
    ),
    *(
        (path, "accepted", shown([path.rpartition(".")[2]]), "recorded")
        for path in (
            "declares.criteria.location",
            "declares.criteria.mechanism",
            "declares.criteria.reproduction",
            "declares.criteria.measures",
            "declares.criteria.extension",
            "declares.criteria.process_clear",
            "declares.criteria.liability_clear",
            "declares.criteria.management_measures",
            "declares.criteria.strict_handling",
            "declares.criteria.rules_completed",
        )
    ),
)

test_clauses = table("S19", ROWS)
