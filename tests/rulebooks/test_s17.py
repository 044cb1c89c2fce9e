"""S17, clause by clause: visit reports, one of the ways a complaint reaches us."""

from tests.rulebooks.clause import Row, done, table

URGENT = "2025-03-12 10:00 received channel=urgent_visit_report"
REPORTED = "duty_done as=visit_staff duty=urgent_visit_report"
REPORT = "2025-03-12 report_filed year=2025 report="

ROWS: tuple[Row, ...] = (
    ("intake", "visit staff, or their manager", "roles", "visit_staff manager"),
    (
        "intake",
        "in a daily, monthly or urgent report",
        "channels",
        "daily_visit_report monthly_visit_report urgent_visit_report",
    ),
    # urgent matters: at once, without a number
    ("clocks.CLK-urgent-visit-report", "known: at once", URGENT, "immediate"),
    (
        "clocks.CLK-urgent-visit-report",
        "a week later: no number says that it is late",
        f"{URGENT}\n2025-03-19 {REPORTED}",
        "immediate, done 2025-03-19",
    ),
    done("declares.duties.urgent_visit_report", "reported"),
    # reports
    ("duties.daily_report", "every day", "period", "day"),
    ("duties.daily_report", "by visit staff", "role", "visit_staff"),
    ("duties.daily_report", "filed", f"{REPORT}daily_report", "recorded"),
    ("duties.daily_report", "no other report", f"{REPORT}diary", "refused: report"),
    ("duties.monthly_report", "every month", "period", "month"),
    ("duties.monthly_report", "by the manager", "role", "manager"),
    ("duties.monthly_report", "filed", f"{REPORT}monthly_report", "recorded"),
    (
        "forms.daily_report",
        "its columns",
        "fields",
        (
            "customer_and_time opinions_suggestions_wishes market_and_competitors"
            " effect_of_visit main_matters other"
        ),
    ),
    ("forms.daily_report", "by visit staff", "filled_by", "visit_staff"),
    ("forms.monthly_report", "by the manager", "filled_by", "manager"),
    ("forms.monthly_report", "its columns are not in the source", "fields", ""),
    ("forms.urgent_report", "by visit staff", "filled_by", "visit_staff"),
    ("forms.urgent_report", "its columns are not in the source", "fields", ""),
)

test_clauses = table("S17", ROWS)
