"""S38, clause by clause: the complaint forms of a foreign trader."""

from tests.rulebooks.clause import Row, table

BEGUN = "2025-03-14 09:00 received"
AGREED = "2025-03-14 10:00 promised until=2025-03-20T18:00:00+08:00"
LATER = "2025-03-18 10:00 promised until=2025-03-25T18:00:00+08:00"

ROWS: tuple[Row, ...] = (
    ("scope", "what it is about", "subjects", "complaint"),
    ("scope", "which complaints", "complaint_kinds", "product service delivery"),
    ("clocks.CLK-agreed-date", "no date was agreed", BEGUN, "no time runs"),
    (
        "clocks.CLK-agreed-date",
        "solved by the final date agreed with the customer",
        f"{BEGUN}\n{AGREED}",
        "2025-03-20 18:00:00 running",
    ),
    (
        "clocks.CLK-agreed-date",
        "in its last second",
        f"{BEGUN}\n{AGREED}\n2025-03-20 18:00:00 solution_executed on_the_spot=false",
        "2025-03-20 18:00:00 met",
    ),
    (
        "clocks.CLK-agreed-date",
        "a second later",
        f"{BEGUN}\n{AGREED}\n2025-03-20 18:00:01 solution_executed on_the_spot=false",
        "2025-03-20 18:00:00 late",
    ),
    (
        "clocks.CLK-agreed-date",
        "another agreement takes its place",
        f"{BEGUN}\n{AGREED}\n{LATER}\n2025-03-21 09:00 solution_executed on_the_spot=false",
        "2025-03-25 18:00:00 met",
    ),
    (
        "clocks.CLK-agreed-date",
        "what was solved on the spot needs no date",
        f"{BEGUN}\n2025-03-14 09:30 solution_executed on_the_spot=true\n{AGREED}",
        "no time runs",
    ),
    ("forms.registration", "number and complaint time", "fields", "number complaint_time"),
    (
        "forms.reception",
        "number, date, and remarks: there stands the agreed date",
        "fields",
        "number fill_date remarks",
    ),
    ("forms.survey", "date and number", "fields", "date number"),
    ("forms.analysis", "an analysis form", "name", "客户投诉分析表"),
    ("forms.analysis", "its columns are not in the source", "fields", ""),
)

test_clauses = table("S38", ROWS)
