"""S34, clause by clause: the scorecard of a project, one hundred points a year."""

from typing import Any

from tests.domain.calendars import at
from tests.rulebooks.clause import Row, table

YEAR_ENDS, YEAR_BEGINS = at("2024-12-31 23:59:59"), at("2025-01-01 00:00:00")
YEAR_ENDS_AGAIN = at("2025-12-31 23:59:59")
HERE: dict[str, Any] = {"project": "桂花园", "defect": "leak", "clear_liability": True}
ELSEWHERE = HERE | {"project": "梅园"}
OTHERS_FAULT = HERE | {"clear_liability": False}
OPEN = {"project": "桂花园", "defect": "leak"}

FILES: tuple[Row, ...] = (
    ("scope", "what it is about", "subjects", "project complaint"),
    ("scope", "which complaints", "complaint_kinds", "construction"),
    ("scorecard", "a hundred points in all", "total", "100"),
    ("scorecard.rows.row_2", "ledger, plan, record, survey: all there", {}, "15 of 15"),
    ("scorecard.rows.row_2", "two are missing", {"lost": 10}, "5 of 15"),
    ("scorecard.rows.row_2", "all four are: never below nothing", {"lost": 20}, "0 of 15"),
    ("scorecard.rows.row_2.deductions.0", "one is missing", {"times": 1}, "-5"),
    ("scorecard.rows.row_2.deductions.0", "four are", {"times": 4}, "-20"),
    (
        "scorecard.rows.row_2.deductions.1",
        "a record and a survey without signature or seal count as missing",
        {"times": 2},
        "-10",
    ),
    ("scorecard.rows.row_3", "both seasons were called", {}, "20 of 20"),
    ("scorecard.rows.row_3", "one was", {"lost": 10}, "10 of 20"),
    ("scorecard.rows.row_3", "none was", {"lost": 20}, "0 of 20"),
    ("scorecard.rows.row_3.deductions.0", "a season without calls", {"times": 1}, "-10"),
    ("scorecard.rows.row_4", "three ledgers and the repair record", {}, "15 of 15"),
    ("scorecard.rows.row_4", "all are missing", {"lost": 20}, "0 of 15"),
    ("scorecard.rows.row_4.deductions.0", "one is", {"times": 1}, "-5"),
    (
        "scorecard.rows.row_6",
        "the warranty-end letter was sent",
        {"warranty_letter_missing": False},
        "5 of 5",
    ),
    (
        "scorecard.rows.row_6",
        "not sent, and no reasonable explanation",
        {"warranty_letter_missing": True},
        "0 of 5",
    ),
    (
        "scorecard.rows.row_6",
        "nobody has said: it is asked",
        {},
        "5 of 5, asks warranty_letter_missing",
    ),
    (
        "declares.facts.warranty_letter_missing",
        "asked of a project",
        {},
        "flag, of a project",
    ),
    ("kpis.score_rate", "actual points by allocated points, in percent", "unit", "percent"),
    ("kpis.score_rate", "the more the better", "direction", "higher"),
)
HANDLING: tuple[Row, ...] = (
    (
        "scorecard.rows.row_5",
        "its points are not in the source",
        {"media_exposure": False, "authority_sanction": False},
        "points not stated",
    ),
    (
        "scorecard.rows.row_5",
        "exposed by the media: nothing is left of the row",
        {"media_exposure": True},
        "points not stated, zero",
    ),
    (
        "scorecard.rows.row_5",
        "summons, notice or credit deduction of an authority: nothing is left",
        {"authority_sanction": True},
        "points not stated, zero",
    ),
    (
        "scorecard.rows.row_5",
        "nobody has said whether",
        {"media_exposure": False},
        "points not stated, asks authority_sanction",
    ),
    ("scorecard.rows.row_5", "never below nothing", "floor", "0"),
    ("declares.facts.media_exposure", "asked of a project", {}, "flag, of a project"),
    ("declares.facts.authority_sanction", "asked of a project", {}, "flag, of a project"),
    ("declares.facts.clear_liability", "asked of a complaint", {}, "flag, asked"),
    ("scorecard.rows.row_5.deductions.0", "the same problem again", {"times": 1}, "-10"),
    ("scorecard.rows.row_5.deductions.0", "from the second time on", "threshold", "2"),
    ("scorecard.rows.row_5.deductions.1", "no notice board", {"times": 1}, "-5"),
    (
        "scorecard.rows.row_5.deductions.1",
        "that is lost once",
        {"times": 2},
        "refused: times",
    ),
    (
        "scorecard.rows.row_5.deductions.2",
        "feedback late or missing, each",
        {"times": 3},
        "-15",
    ),
    ("repeats.REP-project-problem", "brought once", (HERE,), "1"),
    ("repeats.REP-project-problem", "brought twice", (HERE, HERE), "2: score"),
    ("repeats.REP-project-problem", "in two projects", (ELSEWHERE, HERE), "1"),
    (
        "repeats.REP-project-problem",
        "liability is not ours",
        (HERE, OTHERS_FAULT),
        "not counted",
    ),
    ("tallies.same_project_same_problem", "two with clear liability", (HERE, HERE), "2"),
    (
        "tallies.same_project_same_problem",
        "one whose liability is open may count",
        (OPEN, HERE),
        "at least 1",
    ),
    (
        "tallies.same_project_same_problem",
        "those of last year do not count",
        (HERE | {"received_at": YEAR_ENDS}, HERE | {"received_at": YEAR_BEGINS}),
        "1",
    ),
    (
        "tallies.same_project_same_problem",
        "those of one year do",
        (HERE | {"received_at": YEAR_BEGINS}, HERE | {"received_at": YEAR_ENDS_AGAIN}),
        "2",
    ),
)
YEAR: tuple[Row, ...] = (
    ("scorecard.rows.row_7", "statistics, analysis and plans are there", {}, "10 of 10"),
    ("scorecard.rows.row_7", "false, without analysis, and late", {"lost": 15}, "0 of 10"),
    ("scorecard.rows.row_7.deductions.0", "false statistics", {"times": 1}, "-5"),
    (
        "scorecard.rows.row_7.deductions.0",
        "once, however many",
        {"times": 2},
        "refused: times",
    ),
    ("scorecard.rows.row_7.deductions.1", "no targeted analysis", {"times": 1}, "-5"),
    ("scorecard.rows.row_7.deductions.1", "once", {"times": 2}, "refused: times"),
    ("scorecard.rows.row_7.deductions.2", "late", {"times": 1}, "-5"),
    ("scorecard.rows.row_7.deductions.2", "once", {"times": 2}, "refused: times"),
    (
        "duties.annual_report",
        "by 30 December",
        "2025-12-30 09:00 report_filed report=annual_report year=2025",
        "due 2025-12-30",
    ),
    (
        "duties.annual_report",
        "of its own year, however late it is handed in",
        "2026-01-04 09:00 report_filed report=annual_report year=2025",
        "due 2025-12-30",
    ),
    (
        "duties.annual_report",
        "no other report is owed by a project",
        "2025-12-30 09:00 report_filed report=diary year=2025",
        "refused: report",
    ),
    (
        "forms.annual_report",
        "complaints, repair costs, main problems, prevention; next year's ledger and plan",
        "fields",
        (
            "complaint_statistics repair_cost_statistics main_problem_analysis"
            " prevention next_service_ledger next_callback_plan"
        ),
    ),
)
FORMS: tuple[Row, ...] = (
    ("forms.service_ledger", "row 2", "name", "客户服务台账"),
    ("forms.callback_plan", "row 2", "name", "工程回访计划表"),
    ("forms.callback_record", "row 2, signed", "name", "工程回访记录表, 业主签字或盖章"),
    (
        "forms.satisfaction_survey",
        "row 2, signed",
        "name",
        "客户满意度调查表, 业主签字或盖章",
    ),
    ("forms.rainy_season", "row 3", "name", "雨期专项回访表"),
    ("forms.heating_season", "row 3", "name", "供暖期专项回访表"),
    ("forms.complaint_ledger", "row 4", "name", "客户投诉台账"),
    ("forms.handling_ledger", "row 4", "name", "客户投诉处理台账"),
    ("forms.handling_record", "row 4", "name", "客户投诉处理记录表"),
    ("forms.repair_record", "row 4", "name", "工程维修记录表"),
    ("forms.notice_board", "row 5: a photo", "name", "工程质量投诉受理公告牌照片"),
    ("forms.warranty_letter", "row 6", "name", "保修期满告知函"),
)

ROWS: tuple[Row, ...] = (*FILES, *HANDLING, *YEAR, *FORMS)

test_clauses = table("S34", ROWS)
