"""S36, clause by clause: the complaint ledger of a housing estate."""

from tests.rulebooks.clause import Row, table

ROWS: tuple[Row, ...] = (
    ("scope", "what it is about", "subjects", "complaint"),
    ("scope", "which complaints", "complaint_kinds", "service construction product"),
    (
        "intake",
        "call centre, other departments, WeChat, forums",
        "channels",
        "call_centre other_department wechat forum",
    ),
    ("numbering", "the call centre: a plain number", {"channel": "call_centre"}, "#"),
    ("numbering", "another department: Q001", {"channel": "other_department"}, "Q###"),
    ("numbering", "WeChat: W001", {"channel": "wechat"}, "W###"),
    ("numbering", "a forum: L001", {"channel": "forum"}, "L###"),
    ("numbering", "of another channel it says nothing", {"channel": "letter"}, "C-2026-"),
    (
        "repeats.REP-said-before",
        "reported several times, or unsolved for long: a candidate",
        ({"customer_claims_repeat": True},),
        "mark_candidate",
    ),
    (
        "repeats.REP-said-before",
        "for the first time",
        ({"customer_claims_repeat": False},),
        "nothing",
    ),
    ("repeats.REP-said-before", "nobody has said", ({"defect": "leak"},), "nothing"),
    (
        "forms.ledger",
        "who, where, by which way, of which category, and what",
        "fields",
        (
            "number date complainant contact project area building building_unit room"
            " source category content"
        ),
    ),
)

test_clauses = table("S36", ROWS)
