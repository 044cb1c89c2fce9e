"""S10, clause by clause: production quality issues and their levels."""

from tests.rulebooks.clause import Row, table

OWNED = {
    "hidden_danger": False,
    "customer_use_affected": False,
    "function_effect": "none",
    "required_accessory_missing": False,
    "clear_owner": True,
    "shipment_affected": False,
    "sporadic": False,
}
SPORADIC = {**OWNED, "clear_owner": False, "sporadic": True}
AGAIN = "2025-03-13 batch_checked shipment_batch=B9 result=same_problem"
CONTAINED = '2025-03-12 contained actions=["t"]'
ACTED = (
    "2025-03-12 action_planned action=A1 text=t\n2025-03-13 action_implemented action=A1"
)
CAUSED = '2025-03-14 root_caused causes=[{"branch":"occurrence","code":"%s"}]'


def at_level(code: str, story: str = "") -> str:
    return f"2025-03-11 graded scheme=S10 code={code} reason=r\n{story}"


LEVELS: tuple[Row, ...] = (
    ("grading.grades.general", "clear owner, no effect", OWNED, "general"),
    (
        "grading.grades.general",
        "slight effect",
        {**OWNED, "function_effect": "slight"},
        "general",
    ),
    (
        "grading.grades.general",
        "the shipment is affected",
        {**OWNED, "shipment_affected": True},
        "no grade",
    ),
    (
        "grading.grades.general",
        "sporadic, with a clear owner",
        {**OWNED, "sporadic": True},
        "general",
    ),
    (
        "grading.grades.important",
        "use at the customer is affected",
        {**OWNED, "customer_use_affected": True},
        "important",
    ),
    *(
        (
            "grading.grades.important",
            f"a function {effect}",
            {**OWNED, "function_effect": effect},
            "important",
        )
        for effect in ("reduced", "lost")
    ),
    (
        "grading.grades.important",
        "a hidden danger",
        {**OWNED, "hidden_danger": True},
        "important",
    ),
    (
        "grading.grades.important",
        "no power cable in the box",
        {**OWNED, "required_accessory_missing": True},
        "important",
    ),
    ("grading.grades.minor", "sporadic, no owner", SPORADIC, "minor"),
    (
        "grading.grades.minor",
        "not even sporadic",
        {**SPORADIC, "sporadic": False},
        "no grade",
    ),
    (
        "grading.grades.minor",
        "nobody has asked",
        {"sporadic": True},
        "minor, perhaps important general",
    ),
)
CLOSING: tuple[Row, ...] = (
    ("closure.gates.contained", "nothing was done", at_level("minor"), "shut"),
    ("closure.gates.contained", "temporary action", at_level("minor", CONTAINED), "open"),
    (
        "closure.gates.contained",
        "it stays taken, though the problem came again",
        at_level("minor", f"{CONTAINED}\n{AGAIN}"),
        "open",
    ),
    ("closure.gates.contained", "general needs more", at_level("general"), "not asked for"),
    ("closure.gates.corrected", "temporary only", at_level("general", CONTAINED), "shut"),
    ("closure.gates.corrected", "corrected", at_level("important", ACTED), "open"),
    ("closure.gates.corrected", "minor needs none", at_level("minor"), "not asked for"),
    ("closure", "minor: temporary action does", at_level("minor", CONTAINED), "closed"),
    ("closure", "general: it does not", at_level("general", CONTAINED), "shut: corrected"),
    (
        "closure",
        "important: nor there",
        at_level("important", CONTAINED),
        "shut: corrected",
    ),
    ("closure", "general: corrected", at_level("general", ACTED), "closed"),
    ("closure", "without a level: both", CONTAINED, "shut: corrected"),
)
FLOW: tuple[Row, ...] = (
    ("intake", "the reporter", "roles", "reporter"),
    ("forms.ticket", "filled by the reporter", "filled_by", "reporter"),
    (
        "declares.duties.existence_confirmed",
        "the handler confirms that it exists",
        "2025-03-12 duty_done as=handler duty=existence_confirmed",
        "recorded",
    ),
    ("declares.facts.hidden_danger", "yes or no", "kind", "flag"),
    ("declares.facts.required_accessory_missing", "yes or no", "kind", "flag"),
    ("declares.facts.sporadic", "yes or no", "kind", "flag"),
    ("declares.facts.clear_owner", "yes or no", "kind", "flag"),
    *(
        ("causes", f"4M1E and other: {one}", CAUSED % one, "recorded")
        for one in ("people", "machine", "material", "method", "environment", "other")
    ),
    ("causes", "measurement is none of them", CAUSED % "measurement", "refused: causes"),
)
ROWS = (*LEVELS, *CLOSING, *FLOW)

test_clauses = table("S10", ROWS)
