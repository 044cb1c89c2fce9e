"""S5, clause by clause: complaint handling on two tracks, small problems and 8D."""

from tests.rulebooks.clause import Row, table

CRITERIA = (
    "declares.criteria.d0",
    "declares.criteria.d1",
    "declares.criteria.d2",
    "declares.criteria.d3",
    "declares.criteria.d4",
    "declares.criteria.d5",
    "declares.criteria.d6",
    "declares.criteria.d7",
    "declares.criteria.d8",
)
EIGHT_D = tuple(path[-2:] for path in CRITERIA)
D0 = "2025-03-09 fact_established fact=fits_8d"
LARGE = f"{D0} value=true\n2025-03-10 graded scheme=S5 code=large"
SMALL = f"{D0} value=false\n2025-03-10 graded scheme=S5 code=small"
ACTED = (
    "2025-03-12 action_planned action=A1 text=t\n2025-03-13 action_implemented action=A1"
)
VERIFIED = f"{ACTED}\n2025-03-14 verified result=effective side_effect=false"
CLEAN = "2025-03-15 batch_checked shipment_batch=B2 result=clean"
AGREED = "2025-03-11 customer_confirmed result=accepted"
STANDARD = "2025-03-16 duty_done duty=standardised"
CAUSED = '2025-03-14 root_caused causes=[{"branch":"occurrence","code":"%s"}]'


def told(*parts: str) -> str:
    return "\n".join(parts)


def shown(*steps: str) -> str:
    """These steps of 8D are evidenced, one each day."""
    days = enumerate(steps, start=10)
    return "\n".join(
        f"2025-03-{day} evidence_accepted criterion={step}" for day, step in days
    )


ROWS: tuple[Row, ...] = (
    # two tracks
    ("grading.grades.large", "8D fits", {"fits_8d": True}, "large"),
    (
        "grading.grades.small",
        "too small, or a matter of price",
        {"fits_8d": False},
        "small",
    ),
    ("grading.grades.small", "D0 is still to come", {}, "no grade, perhaps large small"),
    (
        "grading.grades.large",
        "nobody grades before D0",
        {},
        "no grade, perhaps large small",
    ),
    (
        "declares.facts.fits_8d",
        "decided in D0",
        "2025-03-10 fact_established fact=fits_8d value=true",
        "recorded",
    ),
    ("declares.facts.fits_8d", "yes or no", "kind", "flag"),
    ("grading", "what is unknown is asked first", "on_unknown", "ask_first"),
    # 8D gates
    *(
        (path, "with all before it", shown(*EIGHT_D[: nth + 1]), "recorded")
        for nth, path in enumerate(CRITERIA)
    ),
    *(
        (
            path,
            "while the step before is not shown",
            shown(*EIGHT_D[: nth - 1], step),
            f"refused: {before}",
        )
        for nth, (path, step, before) in enumerate(
            zip(CRITERIA, EIGHT_D, ("", *EIGHT_D), strict=False)
        )
        if before
    ),
    ("closure.gates.disciplines", "eight of nine steps", shown(*EIGHT_D[:8]), "shut"),
    ("closure.gates.disciplines", "all nine", shown(*EIGHT_D), "open"),
    ("closure.gates.disciplines", "a small problem has none", SMALL, "not asked for"),
    # small: the customer agrees, the true cause is found and standardised
    ("closure.gates.agreed", "proposed, not agreed", SMALL, "shut"),
    ("closure.gates.agreed", "the customer agrees", f"{SMALL}\n{AGREED}", "open"),
    ("closure.gates.agreed", "on the track of 8D", LARGE, "not asked for"),
    ("closure.gates.standardised", "not standardised", SMALL, "shut"),
    ("closure.gates.standardised", "standardised", f"{SMALL}\n{STANDARD}", "open"),
    # order of work
    ("closure.gates.verified", "acted, not verified", ACTED, "shut"),
    ("closure.gates.verified", "verified", VERIFIED, "open"),
    (
        "closure.gates.verified",
        "verified without effect",
        f"{ACTED}\n2025-03-14 verified result=ineffective side_effect=false",
        "shut",
    ),
    ("closure.gates.tail_shipments", "no shipment watched", VERIFIED, "shut"),
    ("closure.gates.tail_shipments", "no anomaly", CLEAN, "open"),
    (
        "closure.gates.tail_shipments",
        "another problem is an anomaly too",
        "2025-03-15 batch_checked shipment_batch=B2 result=other_problem",
        "shut",
    ),
    (
        "closure.gates.tail_shipments",
        "the tail pieces show it again",
        "2025-03-15 batch_checked shipment_batch=B2 result=same_problem",
        "shut",
    ),
    (
        "closure",
        "small: all of it",
        told(SMALL, AGREED, VERIFIED, CLEAN, STANDARD),
        "closed",
    ),
    (
        "closure",
        "small, but the tail is not watched",
        told(SMALL, AGREED, VERIFIED, STANDARD),
        "shut: tail_shipments",
    ),
    (
        "closure",
        "large: 8D, verified, watched",
        told(LARGE, VERIFIED, CLEAN, shown(*EIGHT_D)),
        "closed",
    ),
    (
        "closure",
        "large, the customer's consent alone does not do",
        told(LARGE, AGREED, VERIFIED, CLEAN, STANDARD),
        "shut: disciplines",
    ),
    (
        "closure",
        "large, and nobody verified",
        told(LARGE, ACTED, CLEAN, shown(*EIGHT_D)),
        "shut: verified",
    ),
    # observations: old problems recur
    (
        "closure.ineffective",
        "the old problem again is a new analysis",
        "2025-03-15 recurred observed=leak",
        "back to the unit, cycle 2",
    ),
    (
        "closure.ineffective",
        "an anomaly of the tail",
        "2025-03-15 batch_checked shipment_batch=B2 result=same_problem",
        "back to the unit, cycle 2",
    ),
    ("closure.ineffective", "a clean shipment", CLEAN, "cycle 1"),
    # stock, causes, figures
    (
        "declares.duties.stock_reinspected",
        "stock and work in progress",
        "2025-03-10 duty_done duty=stock_reinspected",
        "recorded",
    ),
    ("declares.duties.standardised", "true cause standardised", STANDARD, "recorded"),
    *(
        ("causes", f"4M1E: {one}", CAUSED % one, "recorded")
        for one in ("people", "machine", "material", "method", "environment")
    ),
    (
        "causes",
        "measurement is no cause of 4M1E",
        CAUSED % "measurement",
        "refused: causes",
    ),
    ("kpis.ppm", "fewer are better", "direction", "lower"),
    ("kpis.ppm", "no target, no formula", "target", "None"),
)

test_clauses = table("S5", ROWS)
