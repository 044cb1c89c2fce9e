"""S30, clause by clause: the flow of defect information and the closing of an 8D."""

from tests.rulebooks.clause import Row, table

BEGUN = "2025-01-31 10:00 received"
SPECIAL = "2025-01-31 10:00 fact_established fact=special_circumstances value=true"
USUAL = "2025-01-31 10:00 fact_established fact=special_circumstances value=false"
PLANNED = "2025-02-19 10:00 action_planned action=A1 text=x"
DONE = f"{PLANNED}\n2025-02-20 17:00 action_implemented action=A1"
REVIEWED = "2025-02-26 14:00 review_held"
STEPS = "\n".join(
    f"2025-02-27 09:0{nth} evidence_accepted criterion=d{nth}" for nth in range(8)
)
ALL_BUT_D7 = STEPS.rpartition("\n")[0]
REPORTED = "2025-02-27 10:00 replied part=report"
FOLLOWS = "2025-02-27 11:00 fact_established fact=customer_follows value=true"
SILENT = "2025-02-27 11:00 fact_established fact=customer_follows value=false"
AGREED = "2025-03-01 10:00 customer_confirmed result=accepted"
WATCHED = f"{DONE}\n{STEPS}\n{REPORTED}\n{FOLLOWS}\n{AGREED}"
TOLD = "2025-02-02 09:00 contacted channel=phone"
LAST_DAY = "2025-04-19 23:59:59 noted text=x"
NEXT_DAY = "2025-04-20 00:00:00 noted text=x"
NOT_JUSTIFIED = "2025-02-01 09:00 screened outcome=not_justified"
JUSTIFIED = "2025-02-01 09:00 screened outcome=justified"
ANALYSED = "2025-02-02 10:00 duty_done duty=not_justified_analysis"
AGAIN = "2025-04-02 09:00 recurred observed=x"
CLOSING = "signed decision=close_8d"
PROPOSED = f"2025-02-28 09:00 {CLOSING} meaning=proposed as=quality_engineer"

FLOW: tuple[Row, ...] = (
    ("scope", "what it is about", "subjects", "complaint"),
    ("scope", "about a product", "complaint_kinds", "product"),
    ("screening", "who judges", "decided_by", "quality_engineer"),
    (
        "screening.outcomes.not_justified",
        "not justified: its analysis is written and the representative is told",
        NOT_JUSTIFIED,
        "ends contacted duty_done, counts in nothing",
    ),
    (
        "screening.outcomes.not_justified",
        "both done: it ends",
        f"{NOT_JUSTIFIED}\n{TOLD}\n{ANALYSED}",
        "ends, counts in nothing",
    ),
    ("screening.outcomes.not_justified", "it is not ours", "grounded", "False"),
    ("screening.outcomes.justified", "it is", "grounded", "True"),
    (
        "screening.outcomes.justified",
        "justified: it goes on to the gates",
        JUSTIFIED,
        "goes on, counts in kpi clocks repeats",
    ),
    (
        "screening.outcomes.justified",
        "and asks for containment and a word to the representative",
        f"{JUSTIFIED}\n2025-02-01 10:00 closed",
        "refused: contained contacted disciplines report_sent observed customer_agrees",
    ),
    (
        "declares.duties.not_justified_analysis",
        "an analysis why it is not justified",
        ANALYSED,
        "recorded",
    ),
)
CLOCKS: tuple[Row, ...] = (
    (
        "clocks.CLK-8D",
        "one month from the 31st ends with February",
        USUAL,
        "2025-02-28 23:59:59 running",
    ),
    (
        "clocks.CLK-8D",
        "the report of the last second is in time",
        f"{USUAL}\n2025-02-28 23:59:59 replied part=report",
        "2025-02-28 23:59:59 met",
    ),
    (
        "clocks.CLK-8D",
        "of the second after it is late",
        f"{USUAL}\n2025-03-01 00:00:00 replied part=report",
        "2025-02-28 23:59:59 late",
    ),
    (
        "clocks.CLK-8D",
        "another answer is no report",
        f"{USUAL}\n2025-02-10 09:00 replied part=corrective",
        "2025-02-28 23:59:59 running",
    ),
    (
        "clocks.CLK-8D",
        "special circumstances: the month that ran is void",
        SPECIAL,
        "void",
    ),
    (
        "declares.facts.special_circumstances",
        "which they are is not stated, so it is asked",
        {},
        "flag, asked",
    ),
    (
        "clocks.CLK-weekly-review",
        "a review at least every week after the measures",
        DONE,
        "2025-02-27 23:59:59 running",
    ),
    (
        "clocks.CLK-weekly-review",
        "the next week counts from the review",
        f"{DONE}\n{REVIEWED}",
        "2025-02-27 23:59:59 met; 2025-03-05 23:59:59 running",
    ),
    (
        "clocks.CLK-weekly-review",
        "until horizontal deployment is complete",
        f"{DONE}\n{REVIEWED}\n2025-02-28 10:00 deployed target=x",
        "2025-02-27 23:59:59 met; void",
    ),
)
CLOSURE: tuple[Row, ...] = (
    (
        "closure.gates.disciplines",
        "seven of eight are not enough",
        ALL_BUT_D7,
        "shut",
    ),
    ("closure.gates.disciplines", "D0 to D7, with evidence", STEPS, "open"),
    (
        "closure.gates.disciplines",
        "in the order of their numbers",
        "2025-02-01 09:00 evidence_accepted criterion=d1",
        "refused: d0",
    ),
    ("closure.gates.report_sent", "not sent", STEPS, "shut"),
    ("closure.gates.report_sent", "sent", REPORTED, "open"),
    (
        "closure.gates.observed",
        "two months after the measures: not on the day before",
        f"{WATCHED}\n{LAST_DAY}",
        "shut",
    ),
    ("closure.gates.observed", "on the day", f"{WATCHED}\n{NEXT_DAY}", "open"),
    (
        "closure.gates.observed",
        "the defect came back: not on the day either",
        f"{WATCHED}\n{AGAIN}\n{NEXT_DAY}",
        "shut",
    ),
    (
        "closure.gates.observed",
        "a customer who states nothing special: waived",
        f"{DONE}\n{SILENT}",
        "waived",
    ),
    ("closure.gates.customer_agrees", "no word", FOLLOWS, "shut"),
    ("closure.gates.customer_agrees", "agreed", f"{FOLLOWS}\n{AGREED}", "open"),
    ("closure.gates.customer_agrees", "silent", SILENT, "waived"),
    ("closure", "all but the watch", f"{WATCHED}\n{LAST_DAY}", "shut: observed"),
    ("closure", "watched to its end", f"{WATCHED}\n{NEXT_DAY}", "closed"),
    (
        "closure",
        "a silent customer lets the plant close by itself",
        f"{DONE}\n{STEPS}\n{REPORTED}\n{SILENT}",
        "closed",
    ),
    (
        "closure.ineffective",
        "a quality event under observation keeps the 8D open",
        f"{WATCHED}\n{AGAIN}",
        "cycle 2",
    ),
    (
        "closure.ineffective",
        "and so does a customer who does not agree",
        f"{DONE}\n2025-03-01 10:00 customer_confirmed result=rejected",
        "cycle 2",
    ),
    ("closure.ineffective", "it stays open", "then", "stay_open"),
    (
        "approvals.close_8d",
        "the engineer asks, the customer closes",
        f"{FOLLOWS}\n{PROPOSED}",
        "next: customer",
    ),
    (
        "approvals.close_8d",
        "a silent one: the plant closes",
        f"{SILENT}\n{PROPOSED}",
        "next: plant",
    ),
    (
        "approvals.close_8d",
        "closed by the plant",
        (f"{SILENT}\n{PROPOSED}\n2025-02-28 10:00 {CLOSING} meaning=approved as=plant"),
        "effective",
    ),
    (
        "approvals.close_8d",
        "quality assurance does not ask for it",
        f"2025-02-28 09:00 {CLOSING} meaning=proposed as=quality_assurance",
        "refused: role",
    ),
)


def done(duty: str) -> str:
    return f"2025-03-01 09:00 duty_done duty={duty}"


def shown(nth: int) -> str:
    """The evidence of the earlier disciplines, and of this one."""
    return "\n".join([BEGUN, *STEPS.splitlines()[: nth + 1]])


DUTIES: tuple[Row, ...] = (
    (
        "declares.duties.similar_products_reviewed",
        "D7: similar products are reviewed",
        done("similar_products_reviewed"),
        "recorded",
    ),
    (
        "declares.duties.documents_updated",
        "FMEA, control plan and the other papers are updated",
        done("documents_updated"),
        "recorded",
    ),
    (
        "declares.duties.people_trained",
        "operators, inspectors and shift leads are trained",
        done("people_trained"),
        "recorded",
    ),
    (
        "declares.duties.observed_after_training",
        "and watched afterwards, or audited in layers",
        done("observed_after_training"),
        "recorded",
    ),
    ("declares.duties.lessons_shared", "lessons", done("lessons_shared"), "recorded"),
    (
        "declares.duties.external_problem_table",
        "the external problem table is updated after closing",
        done("external_problem_table"),
        "recorded",
    ),
    (
        "declares.duties.external_problem_table",
        "a duty of no regulation is none",
        done("coffee_made"),
        "refused: duty",
    ),
    ("declares.criteria.d0", "D0 emergency response", shown(0), "recorded"),
    ("declares.criteria.d1", "D1 team", shown(1), "recorded"),
    ("declares.criteria.d2", "D2 description", shown(2), "recorded"),
    ("declares.criteria.d3", "D3 containment", shown(3), "recorded"),
    ("declares.criteria.d4", "D4 root cause", shown(4), "recorded"),
    ("declares.criteria.d5", "D5 action chosen", shown(5), "recorded"),
    ("declares.criteria.d6", "D6 carried out and confirmed", shown(6), "recorded"),
    ("declares.criteria.d7", "D7 recurrence prevented", shown(7), "recorded"),
    (
        "forms.report_8d",
        "the minutes of the reviews are part of the 8D",
        "name",
        "8D 报告, 附评审记录",
    ),
    ("forms.report_8d", "by the engineer", "filled_by", "quality_engineer"),
    (
        "forms.external_problem_table",
        "quality assurance keeps the table of external problems",
        "filled_by",
        "quality_assurance",
    ),
    (
        "archive.0",
        "the 8D alone is not all",
        '2025-05-01 09:00 archived by_role=quality_assurance keeps=["report_8d"]',
        "lacking: review_minutes external_problem_table",
    ),
    (
        "archive.0",
        "with the minutes and the table it is filed",
        (
            "2025-05-01 09:00 archived by_role=quality_assurance"
            ' keeps=["report_8d","review_minutes","external_problem_table"]'
        ),
        "recorded",
    ),
    ("archive.0", "for how long is not stated", "retention_years", "None"),
)

ROWS: tuple[Row, ...] = (*FLOW, *CLOCKS, *CLOSURE, *DUTIES)

test_clauses = table("S30", ROWS)
