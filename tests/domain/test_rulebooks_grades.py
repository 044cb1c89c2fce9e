"""What each regulation makes of facts: its grades, on both sides of every threshold."""

import pytest

from consumers.opening import rulebooks
from domain.assess.verdict import verdict
from domain.rulebooks.predicates import Facts, Tallies

BOOKS = rulebooks()
UNHURT: Facts = {"injury": False, "safety_hazard": False, "function_effect": "none"}
FEN = 100

Case = tuple[Facts, Tallies, str | None, tuple[str, ...]]

S46: list[Case] = [
    ({"function_effect": "lost"}, {}, "A", ()),
    ({"injury": True}, {}, "A", ()),
    ({"safety_hazard": True}, {}, "A", ()),
    ({"customer_loss": "major"}, {}, "A", ()),
    ({"legal_breach": True}, {}, "A", ()),
    ({"reputation_harm": True}, {}, "A", ()),
    ({**UNHURT, "function_effect": "reduced", "customer_loss": "none"}, {}, "B", ()),
    ({"function_effect": "reduced"}, {}, "B", ("A",)),  # was anybody hurt?
    ({"function_effect": "reduced", "injury": True}, {}, "A", ()),
    ({**UNHURT, "customer_loss": "direct"}, {}, "B", ()),
    ({**UNHURT, "customer_loss": "none", "trust_hurt": True}, {}, "B", ()),
    ({**UNHURT, "customer_loss": "none", "customer_use_affected": True}, {}, "B", ()),
    ({**UNHURT, "customer_loss": "none"}, {}, "C", ()),
    ({}, {}, "C", ("A", "B")),
]
OK37: Facts = {
    "vehicle_fire": False,
    "airbag_or_belt": False,
    "steering_or_brake_accident": False,
    "media_involved": False,
    "product_quality": False,
}
NONE37: Tallies = {"same_customer_same_problem": 1}
S37: list[Case] = [
    *(({**OK37, fact: True}, NONE37, "important", ()) for fact in list(OK37)[:4]),
    ({**OK37, "leaders_attention": True}, NONE37, "important", ()),
    (OK37, {"same_customer_same_problem": 2}, "general", ()),
    (OK37, {"same_customer_same_problem": 3}, "upgraded", ()),
    (
        {**OK37, "product_quality": True, "drastic_behaviour": True},
        NONE37,
        "upgraded",
        (),
    ),
    (
        {**OK37, "product_quality": True, "drastic_behaviour": False},
        NONE37,
        "general",
        (),
    ),
]
OK45: Facts = {"safety_hazard": False, "function_effect": "none", "unit_price": 9_999 * FEN}
FEW: Tallies = {"faulty_of_batch": 1}
S45: list[Case] = [
    (OK45, FEW, "general", ()),
    ({**OK45, "unit_price": 10_000 * FEN - 1}, FEW, "general", ()),
    ({**OK45, "unit_price": 10_000 * FEN}, FEW, "important", ()),
    ({**OK45, "function_effect": "lost", "unit_price": 300 * FEN}, FEW, "important", ()),
    ({**OK45, "function_effect": "slight"}, FEW, "general", ()),
    ({**OK45, "function_effect": "lost"}, {"faulty_of_batch": 9}, "important", ()),
    ({**OK45, "function_effect": "lost"}, {"faulty_of_batch": 10}, "urgent", ()),
    ({**OK45, "media_or_authority_threat": True}, FEW, "urgent", ()),
    ({**OK45, "safety_hazard": True}, FEW, "urgent", ()),
]
S29: list[Case] = [
    ({"legal_or_safety": True}, {}, "special", ()),
    ({"legal_or_safety": False, "several_departments": True}, {}, "high", ()),
    (
        {
            "legal_or_safety": False,
            "several_departments": False,
            "needs_coordination": True,
        },
        {},
        "middle",
        (),
    ),
    ({}, {}, "low", ("special", "high", "middle")),
]
CASES = {
    "S46": S46,
    "S37": S37,
    "S45": S45,
    "S29": S29,
}


@pytest.mark.parametrize(
    ("scheme", "facts", "tallies", "code", "might_be"),
    [(scheme, *case) for scheme, cases in CASES.items() for case in cases],
)
def test_the_worst_grade_that_holds(
    scheme: str,
    facts: Facts,
    tallies: Tallies,
    code: str | None,
    might_be: tuple[str, ...],
) -> None:
    grading = BOOKS[f"{scheme}@1"].grading
    assert grading is not None
    said = verdict(grading, {1: facts}, {1: tallies})

    assert (said.code, said.might_be) == (code, might_be)
    assert said.grade is None or said.grade.clause.startswith(f"{scheme}@1#")
