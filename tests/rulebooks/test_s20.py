"""S20, clause by clause: the emergency plan of an engine supplier."""

from tests.rulebooks.clause import Row, done, signs, table

CALM = {
    "customer_penalty": False,
    "low_grade_problem": False,
    "reliability_hazard": False,
    "pieces_at_assembly": 0,
}
ON_THE_LINE = {"product": "M7", "found_at": "customer_assembly"}
RECEIVED = "2025-03-12 10:00 received"
MEASURES, NOTICE = "rectification_measures", "violation_notice"
AGREED = signs(MEASURES, "responsible_unit proposed", "technical_centre approved")
VERIFIED = (
    "2025-03-13 action_planned action=A1 text=t\n2025-03-14 action_implemented action=A1"
    "\n2025-03-15 verified side_effect=false result="
)
PERMANENT = "2025-03-16 duty_done duty=made_permanent"

MAJOR: tuple[Row, ...] = (
    *(
        ("grading.grades.major", words, {**CALM, fact: value}, "major")
        for words, fact, value in (
            ("a complaint with a penalty", "customer_penalty", True),
            ("five pieces of a batch at assembly", "pieces_at_assembly", 5),
            ("a low-grade problem at assembly", "low_grade_problem", True),
            ("a reliability hazard in use", "reliability_hazard", True),
            ("another major effect or loss", "other_major_effect", True),
        )
    ),
    (
        "grading.grades.not_major",
        "four pieces",
        {**CALM, "pieces_at_assembly": 4},
        "not_major",
    ),
    ("grading.grades.not_major", "none of it", CALM, "not_major"),
    ("grading.grades.not_major", "nobody has asked", {}, "not_major, perhaps major"),
    (
        "repeats.REP-assembly-batch",
        "three pieces and one",
        [{**ON_THE_LINE, "quantity": 3}, {**ON_THE_LINE, "quantity": 1}],
        "4",
    ),
    (
        "repeats.REP-assembly-batch",
        "three pieces and two: major, and a meeting is called",
        [{**ON_THE_LINE, "quantity": 3}, {**ON_THE_LINE, "quantity": 2}],
        "5: regrade! call_meeting",
    ),
    (
        "repeats.REP-assembly-batch",
        "of another product",
        [{**ON_THE_LINE, "quantity": 3}, {**ON_THE_LINE, "quantity": 2, "product": "M8"}],
        "2",
    ),
    (
        "repeats.REP-assembly-batch",
        "the responsible unit convenes it",
        "effects.1.role",
        "responsible_unit",
    ),
    (
        "grading",
        "who says that it is major",
        "decided_by",
        "management_department technical_centre",
    ),
    (
        "tallies.pieces_at_assembly",
        "found elsewhere than at assembly",
        [{**ON_THE_LINE, "quantity": 5, "found_at": "customer_use"}],
        "0",
    ),
    (
        "tallies.pieces_at_assembly",
        "nobody has said where",
        [{"product": "M7", "quantity": 5}],
        "at least 0",
    ),
    ("declares.facts.customer_penalty", "yes or no", "kind", "flag"),
    ("declares.facts.low_grade_problem", "yes or no", "kind", "flag"),
    ("declares.facts.reliability_hazard", "yes or no", "kind", "flag"),
    ("declares.facts.other_major_effect", "yes or no", "kind", "flag"),
)
STAGES: tuple[Row, ...] = (
    ("clocks.CLK-report", "reported at once, without a number", RECEIVED, "immediate"),
    (
        "clocks.CLK-report",
        "reported after a month: no number says that it is late",
        f"{RECEIVED}\n2025-04-12 duty_done duty=reported",
        "immediate, done 2025-04-12",
    ),
    (
        "spokesperson.0",
        "4.1.5, 4.3.5: both speak to the customer",
        {},
        "responsible_unit technical_centre",
    ),
    (
        "approvals.rectification_measures",
        "the unit proposes, the technical centre approves",
        AGREED,
        "effective",
    ),
    (
        "approvals.rectification_measures",
        "the management department supervises, and approves nothing",
        signs(MEASURES, "responsible_unit proposed", "management_department approved"),
        "refused: role",
    ),
    (
        "approvals.rectification_measures",
        "no rectification before",
        signs(MEASURES, "responsible_unit proposed", "responsible_unit executed"),
        "refused: role",
    ),
    (
        "approvals.violation_notice",
        "drafted by the management department",
        signs(NOTICE, "management_department proposed"),
        "next: company_leaders",
    ),
    (
        "approvals.violation_notice",
        "not by the technical centre",
        signs(NOTICE, "technical_centre proposed"),
        "refused: role",
    ),
    (
        "approvals.violation_notice",
        "approved by the leaders, published",
        signs(
            NOTICE,
            "management_department proposed",
            "company_leaders approved",
            "management_department executed",
        ),
        "executed",
    ),
    ("penalties", "a fine rests on the notice", "authority", "violation_notice"),
    (
        "closure.gates.measures_approved",
        "proposed",
        signs(MEASURES, "responsible_unit proposed"),
        "shut",
    ),
    ("closure.gates.measures_approved", "approved", AGREED, "open"),
    ("closure.gates.effective", "no effect", f"{VERIFIED}ineffective", "shut"),
    ("closure.gates.effective", "effective", f"{VERIFIED}effective", "open"),
    ("closure.gates.permanent", "not made permanent", f"{VERIFIED}effective", "shut"),
    ("closure.gates.permanent", "made permanent", PERMANENT, "open"),
    (
        "closure",
        "effective, not yet permanent",
        f"{AGREED}\n{VERIFIED}effective",
        "shut: permanent",
    ),
    ("closure", "all of it", f"{AGREED}\n{VERIFIED}effective\n{PERMANENT}", "closed"),
    done("declares.duties.emergency_meeting", "convened by the responsible unit"),
    done("declares.duties.goods_agreed", "disposition agreed with the customer"),
    done("declares.duties.interim_supervised", "interim disposition supervised"),
    done("declares.duties.reported", "leaders, technical centre, management told"),
    done("declares.duties.rectification_notice", "issued by the technical centre"),
    done("declares.duties.made_permanent", "made permanent"),
    done("declares.duties.violation_notice", "published"),
)
ROWS = (*MAJOR, *STAGES)

test_clauses = table("S20", ROWS)
