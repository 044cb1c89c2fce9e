"""S40, clause by clause: two templates of a summary."""

from tests.rulebooks.clause import Row, table

BEGUN = "2025-03-14 09:00 received"
ASSIGNED = "2025-03-14 10:00 assigned owner=p-wang"
EXECUTED = "2025-03-15 10:00 solution_executed"
PLANNED = "2025-03-15 09:00 action_planned action=A1 text=x"

ROWS: tuple[Row, ...] = (
    ("stages.assigned", "nobody has it", BEGUN, "open"),
    ("stages.assigned", "assigned", ASSIGNED, "ended"),
    ("stages.in_progress", "nothing was done", ASSIGNED, "open"),
    ("stages.in_progress", "carried out", EXECUTED, "ended"),
    (
        "stages.in_progress",
        "or implemented",
        f"{PLANNED}\n2025-03-15 10:00 action_implemented action=A1",
        "ended",
    ),
    ("stages.solved", "not closed", EXECUTED, "open"),
    ("stages.solved", "the closing ends it", "ends.0.event", "closed"),
    (
        "forms.view_1",
        "the first example",
        "fields",
        "number date source subject details handler status result remarks",
    ),
    (
        "forms.view_2",
        "the second, with three optional columns at its end",
        "fields",
        "number date complainant accused content progress result contact type channel",
    ),
)

test_clauses = table("S40", ROWS)
