"""S44, clause by clause: how a software service looks back on its complaints."""

from tests.rulebooks.clause import Row, table

BEGUN = "2025-03-14 09:00 received"
SUPERIOR = "2025-03-14 10:00 escalated rung=superior because=x"
TECHNICAL = "2025-03-14 11:00 escalated rung=technical because=x"
SOLVED = "2025-03-20 10:00 called_back reached=true satisfied=true"
UNSOLVED = "2025-03-20 10:00 called_back reached=true satisfied=false"
NOT_REACHED = "2025-03-20 10:00 called_back reached=false"
LOGIN = {"category": "software", "defect": "login"}

ROWS: tuple[Row, ...] = (
    ("scope", "what it is about", "subjects", "complaint"),
    ("scope", "which complaints", "complaint_kinds", "product service"),
    ("repeats.REP-recurring", "who discusses it", "effects.0.role", "customer_service"),
    ("forms.record", "by customer service", "filled_by", "customer_service"),
    ("intake", "all channels", "channels", "phone wechat qq"),
    ("intake", "registered by customer service", "roles", "customer_service"),
    (
        "forms.record",
        "name, time, category, content, result",
        "fields",
        "name time category content result",
    ),
    ("escalation", "customer service has it", BEGUN, "at service, then superior"),
    ("escalation.rungs.service", "who registers it", "roles", "customer_service"),
    (
        "escalation.rungs.superior",
        "major or across departments: the direct superior decides",
        SUPERIOR,
        "at superior, then technical",
    ),
    ("escalation.rungs.technical", "no level is skipped", TECHNICAL, "refused: rung"),
    (
        "escalation.rungs.technical",
        "a defect of the software: superior, then technical department",
        f"{SUPERIOR}\n{TECHNICAL}",
        "at technical, then nobody",
    ),
    ("closure.gates.called_back", "not called back", BEGUN, "shut"),
    ("closure.gates.called_back", "nobody was reached", NOT_REACHED, "shut"),
    ("closure.gates.called_back", "called back and recorded", SOLVED, "open"),
    ("closure", "not called back", BEGUN, "shut: called_back"),
    ("closure", "called back", SOLVED, "closed"),
    ("closure.ineffective", "solved: nothing follows", SOLVED, "cycle 1"),
    ("closure.ineffective", "still unsolved: another round", UNSOLVED, "cycle 2"),
    ("closure.ineffective", "the superior orders quick action", "then", "escalate"),
    ("closure", "still unsolved: it stays open", UNSOLVED, "shut: called_back"),
    (
        "repeats.REP-recurring",
        "what recurs is discussed; how often is not stated",
        (LOGIN, LOGIN),
        "2: discuss",
    ),
    ("repeats.REP-recurring", "so there is no number", "threshold", "None"),
    ("tallies.same_problem", "the same problem", (LOGIN, LOGIN, LOGIN), "3"),
    (
        "tallies.same_problem",
        "of another category it is another",
        (LOGIN, LOGIN | {"category": "service"}),
        "1",
    ),
    ("duties.analysis", "complaints are analysed, no rhythm", "irregular", "True"),
    ("duties.analysis", "by customer service", "role", "customer_service"),
)

test_clauses = table("S44", ROWS)
