"""S32, clause by clause: the tracking table in six stages."""

from tests.rulebooks.clause import Row, table

BEGUN = "2025-03-03 09:00 received"
CAUSE = '2025-03-04 11:30 root_caused causes=[{"branch":"occurrence","code":"wear"}]'
PLAN = "2025-03-05 10:00 action_planned action=A1 text=x"
EXECUTED = "2025-03-07 16:00 solution_executed"
IMPLEMENTED = "2025-03-07 16:00 action_implemented action=A1"
CONFIRMED = "2025-03-10 09:00 customer_confirmed result=accepted"
CLOSED = "2025-03-10 15:00 closed"

ROWS: tuple[Row, ...] = (
    ("stages.receipt", "received, with its time and receiver", BEGUN, "ended"),
    ("stages.analysis", "not analysed", BEGUN, "open"),
    ("stages.analysis", "the cause is named", CAUSE, "ended"),
    ("stages.solution", "no solution drawn up", CAUSE, "open"),
    ("stages.solution", "drawn up", PLAN, "ended"),
    ("stages.execution", "not carried out", PLAN, "open"),
    ("stages.execution", "carried out", EXECUTED, "ended"),
    ("stages.execution", "or implemented", f"{PLAN}\n{IMPLEMENTED}", "ended"),
    ("stages.confirmation", "not confirmed", EXECUTED, "open"),
    ("stages.confirmation", "confirmed", CONFIRMED, "ended"),
    ("stages.closing", "not closed", CONFIRMED, "open"),
    ("stages.closing", "closed", f"{CONFIRMED}\n{CLOSED}", "ended"),
    (
        "closure",
        "not before the customer confirmed",
        CLOSED,
        "refused: customer_confirmed",
    ),
    ("closure", "the customer confirmed", CONFIRMED, "closed"),
    ("closure.gates.customer_confirmed", "not yet", BEGUN, "shut"),
    ("closure.gates.customer_confirmed", "confirmed", CONFIRMED, "open"),
    (
        "closure.gates.customer_confirmed",
        "which result is needed is not stated",
        "need.event.where",
        "",
    ),
    (
        "forms.tracking_table",
        "each stage has its time, its person and its result",
        "fields",
        (
            "date customer contact content"
            " received_at receiver"
            " analysed_at analyst analysis"
            " solution_at solution_owner solution"
            " executed_at executor execution_state"
            " confirmed_at confirmer confirmation"
            " closed_at closer closing_note remarks"
        ),
    ),
)

test_clauses = table("S32", ROWS)
