"""S29, clause by clause: slides on the tracking of complaints."""

from tests.rulebooks.clause import Row, table

EASY = {"legal_or_safety": False, "several_departments": False, "needs_coordination": False}
BEGUN = "2025-03-14 09:00 received"
SPECIAL = "2025-03-14 09:10 graded as=quality_manager scheme=S29 code=special reason=x"
HIGH = "2025-03-14 09:10 graded as=quality_manager scheme=S29 code=high reason=x"
ANSWERED = "2025-03-21 09:00 response_started"
CAUSE = '2025-03-16 09:00 root_caused causes=[{"branch":"occurrence","code":"wear"}]'
PLAN = "2025-03-17 09:00 action_planned action=A1 text=x"

GRADES: tuple[Row, ...] = (
    ("grading.grades.special", "law or safety", {"legal_or_safety": True}, "special"),
    (
        "grading.grades.special",
        "law or safety goes before several departments",
        {**EASY, "legal_or_safety": True, "several_departments": True},
        "special",
    ),
    (
        "grading.grades.high",
        "major, several departments, or hard",
        {**EASY, "several_departments": True},
        "high",
    ),
    (
        "grading.grades.high",
        "as long as nobody knows whether it is a matter of law, it may be special",
        {"several_departments": True},
        "high, perhaps special",
    ),
    (
        "grading.grades.middle",
        "complex, needs coordination",
        {**EASY, "needs_coordination": True},
        "middle",
    ),
    ("grading.grades.low", "ordinary and easy", EASY, "low"),
    (
        "grading.grades.low",
        "of which nothing is known: low so far, perhaps anything",
        {},
        "low, perhaps special high middle",
    ),
    (
        "declares.facts.legal_or_safety",
        "a question of its own",
        {},
        "flag, asked",
    ),
    ("declares.facts.several_departments", "another", {}, "flag, asked"),
    ("declares.facts.needs_coordination", "and a third", {}, "flag, asked"),
    (
        "clocks.CLK-special",
        "a special one is handled at once: no number, never overdue",
        f"{BEGUN}\n{SPECIAL}\n{ANSWERED}",
        "immediate, done 2025-03-21",
    ),
    ("clocks.CLK-special", "handled: begun", "stop.0.event", "response_started"),
    (
        "clocks.CLK-special",
        "a high one has no clock: no hours are stated",
        f"{BEGUN}\n{HIGH}",
        "no time runs",
    ),
)
STAGES: tuple[Row, ...] = (
    ("stages.raised", "it is raised", BEGUN, "ended"),
    ("stages.confirmed", "not confirmed yet", BEGUN, "open"),
    (
        "stages.confirmed",
        "confirmed",
        f"{BEGUN}\n2025-03-14 10:00 accepted unit=x",
        "ended",
    ),
    ("stages.assigned", "not assigned yet", BEGUN, "open"),
    (
        "stages.assigned",
        "assigned to a person",
        f"{BEGUN}\n2025-03-15 09:00 assigned owner=p-wang",
        "ended",
    ),
    ("stages.analysed", "the cause is not known", BEGUN, "open"),
    ("stages.analysed", "cause located", f"{BEGUN}\n{CAUSE}", "ended"),
    ("stages.planned", "no plan yet", f"{BEGUN}\n{CAUSE}", "open"),
    ("stages.planned", "improvement planned", f"{BEGUN}\n{PLAN}", "ended"),
    (
        "stages.followed",
        "progress is followed up until it is closed",
        f"{BEGUN}\n{PLAN}",
        "open",
    ),
    ("stages.followed", "the closing ends it", "ends.0.event", "closed"),
)
REST: tuple[Row, ...] = (
    (
        "intake",
        "phone, mail, social media, in person",
        "channels",
        "phone mail social_media in_person",
    ),
    (
        "forms.record",
        "who, when, why, how long each stage took, and milestones",
        "fields",
        (
            "customer complaint_time contact reason content"
            " handling_began handling_ended time_per_stage milestones"
        ),
    ),
    (
        "repeats.REP-flagged",
        "a complaint that is said to be a repeat",
        ({"customer_claims_repeat": True},),
        "mark_repeat",
    ),
    (
        "repeats.REP-flagged",
        "one that is said to be none",
        ({"customer_claims_repeat": False},),
        "nothing",
    ),
    (
        "repeats.REP-flagged",
        "one of which nobody says so, though it is the third",
        ({"defect": "leak"},) * 3,
        "nothing",
    ),
)

KPIS: tuple[Row, ...] = (
    ("kpis.resolution_rate", "success of handling", "name", "投诉解决率"),
    ("kpis.resolution_rate", "the higher the better", "direction", "higher"),
    ("kpis.resolution_rate", "no target is printed", "target", "None"),
    ("kpis.satisfaction", "satisfaction with the outcome", "name", "客户满意度"),
    ("kpis.satisfaction", "the higher the better", "direction", "higher"),
    ("kpis.repeat_rate", "quality of handling", "name", "重复投诉率"),
    ("kpis.repeat_rate", "the lower the better", "direction", "lower"),
    ("kpis.implementation", "measures carried out", "name", "改进措施实施情况"),
    ("kpis.implementation", "the higher the better", "direction", "higher"),
    ("kpis.implementation", "read as a share in percent", "unit", "percent"),
)
ROWS: tuple[Row, ...] = (*GRADES, *STAGES, *REST, *KPIS)

test_clauses = table("S29", ROWS)
