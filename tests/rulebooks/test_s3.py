"""S3, clause by clause: a mobile network operator keeps promised times (S4: a copy)."""

from tests.rulebooks.clause import Row, table

PROMISED = "2025-03-12 10:00 promised until=2025-03-13T15:00:00+08:00"
SOLVED = "2025-03-19 solution_executed"
CALLED = f"{SOLVED}\n2025-03-20 called_back reached=true satisfied=true"
LESSONS = "2025-03-21 duty_done duty=lessons_summary"
CAUSED = '2025-03-14 root_caused causes=[{"branch":"occurrence","code":"%s"}]'

ROWS: tuple[Row, ...] = (
    # rules: answered at the promised time, whatever the progress
    (
        "clocks.CLK-promise",
        "answered on the promised instant, without progress",
        f"{PROMISED}\n2025-03-13 15:00:00 contacted channel=phone",
        "2025-03-13 15:00:00 met",
    ),
    (
        "clocks.CLK-promise",
        "a second later is late",
        f"{PROMISED}\n2025-03-13 15:00:01 contacted channel=phone",
        "2025-03-13 15:00:00 late",
    ),
    (
        "clocks.CLK-promise",
        "the customer who calls us is not answered by it",
        f"{PROMISED}\n2025-03-13 14:00 contacted channel=phone outward=false",
        "2025-03-13 15:00:00 running",
    ),
    (
        "clocks.CLK-promise",
        "a reply is an answer",
        f"{PROMISED}\n2025-03-13 14:00 replied part=report",
        "2025-03-13 15:00:00 met",
    ),
    (
        "clocks.CLK-promise",
        "a new promise in the contact is a new time, until it is solved",
        (
            f"{PROMISED}\n2025-03-13 14:00 contacted channel=phone"
            "\n2025-03-13 14:01 promised until=2025-03-20T09:00:00+08:00"
        ),
        "2025-03-13 15:00:00 met; 2025-03-20 09:00:00 running",
    ),
    (
        "clocks.CLK-promise",
        "a new promise without a contact puts nothing off",
        f"{PROMISED}\n2025-03-13 14:01 promised until=2025-03-20T09:00:00+08:00",
        "2025-03-13 15:00:00 running",
    ),
    ("clocks.CLK-promise", "no promise", "2025-03-12 received", "no time runs"),
    # second reply, lessons
    (
        "closure.gates.called_back",
        "completed, not called back",
        SOLVED,
        "shut",
    ),
    (
        "closure.gates.called_back",
        "called, and nobody there",
        f"{SOLVED}\n2025-03-20 called_back reached=false",
        "shut",
    ),
    (
        "closure.gates.called_back",
        "called before it was completed: no second reply",
        f"2025-03-18 called_back reached=true satisfied=true\n{SOLVED}",
        "shut",
    ),
    ("closure.gates.called_back", "asked for satisfaction", CALLED, "open"),
    ("closure.gates.summarised", "no lessons drawn", CALLED, "shut"),
    ("closure.gates.summarised", "lessons summarised", LESSONS, "open"),
    (
        "closure",
        "one that waits for construction",
        "2025-03-12 received",
        "shut: called_back summarised",
    ),
    ("closure", "called back, no lessons", CALLED, "shut: summarised"),
    ("closure", "called back and summarised", f"{CALLED}\n{LESSONS}", "closed"),
    ("declares.duties.lessons_summary", "at the end", LESSONS, "recorded"),
    # cause buckets
    ("causes", "weak coverage", CAUSED % "weak_coverage", "recorded"),
    ("causes", "network optimisation", CAUSED % "optimisation", "recorded"),
    ("causes", "suspected base-station fault", CAUSED % "station_fault", "recorded"),
    ("causes", "no other bucket", CAUSED % "weather", "refused: causes"),
    ("duties.monthly_causes", "every month", "period", "month"),
    ("duties.monthly_causes", "for each team", "role", "team"),
    ("forms.work_order", "its columns are not in the source", "fields", ""),
)

test_clauses = table("S3", ROWS)
