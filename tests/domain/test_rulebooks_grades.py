"""What each regulation makes of facts: its grades, on both sides of every threshold."""

import pytest

from consumers.opening import rulebooks
from domain.assess.verdict import verdict
from domain.rulebooks.predicates import NA, Facts, Tallies

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
OK6: Facts = {"injury": False, "loss": 0, "scrap_minutes": 0, "rework_minutes": 0}
NONE6: Tallies = {"returned_of_shipment": 0, "same_model_and_day": 0}
S6: list[Case] = [
    (OK6, {**NONE6, "returned_of_shipment": 499}, "general", ()),
    (OK6, {**NONE6, "returned_of_shipment": 500}, "major", ()),
    ({**OK6, "loss": 19_999_99}, NONE6, "general", ()),
    ({**OK6, "loss": 20_000 * FEN}, NONE6, "major", ()),
    ({**OK6, "injury": True}, NONE6, "major", ()),
    ({**OK6, "reputation_harm": True}, NONE6, "major", ()),
    (OK6, {**NONE6, "same_model_and_day": 49}, "general", ()),
    (OK6, {**NONE6, "same_model_and_day": 50}, "batch", ()),
    ({**OK6, "scrap_minutes": 29}, NONE6, "general", ()),
    ({**OK6, "scrap_minutes": 30}, NONE6, "batch", ()),
    ({**OK6, "rework_minutes": 59}, NONE6, "general", ()),
    ({**OK6, "rework_minutes": 60}, NONE6, "batch", ()),
    (OK6, {}, "general", ("major", "batch")),  # nobody has counted yet
    ({**OK6, "loss": NA}, NONE6, "general", ()),
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
OK20: Facts = {
    "customer_penalty": False,
    "low_grade_problem": False,
    "reliability_hazard": False,
}
S20: list[Case] = [
    (OK20, {"pieces_at_assembly": 4}, "not_major", ()),
    (OK20, {"pieces_at_assembly": 5}, "major", ()),
    *(({**OK20, fact: True}, {"pieces_at_assembly": 0}, "major", ()) for fact in OK20),
    ({**OK20, "other_major_effect": True}, {"pieces_at_assembly": 0}, "major", ()),
    ({}, {"pieces_at_assembly": 0}, "not_major", ("major",)),
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
S13: list[Case] = [
    ({"serious": True}, {}, "serious", ()),
    ({"serious": False}, {}, "general", ()),
    ({}, {}, None, ("serious", "general")),  # a person has to say
]
S14: list[Case] = [
    ({"characteristic": "extremely_important", "deviation": "slight"}, {}, "A", ()),
    ({"characteristic": "ordinary", "deviation": "extremely_serious"}, {}, "A", ()),
    ({"characteristic": "important", "deviation": "slight"}, {}, "B", ()),
    ({"characteristic": "ordinary", "deviation": "serious"}, {}, "B", ()),
    ({"characteristic": "ordinary", "deviation": "slight"}, {}, "C", ()),
    ({"characteristic": "ordinary"}, {}, "C", ("A", "B")),
    ({}, {}, None, ("A", "B", "C")),
]
OK22: Facts = {
    "main_structure_damaged": False,
    "foundation_defect": False,
    "dimension_or_appearance": False,
    "equipment_function": False,
}
S22: list[Case] = [
    ({**OK22, "rework_loss": 9_999 * FEN + 99}, {}, None, ()),  # ungraded by the source
    ({**OK22, "rework_loss": 10_000 * FEN}, {}, "general", ()),
    ({**OK22, "rework_loss": 99_999 * FEN + 99}, {}, "general", ()),
    ({**OK22, "rework_loss": 100_000 * FEN}, {}, "major", ()),
    *(({**OK22, fact: True, "rework_loss": 0}, {}, "major", ()) for fact in OK22),
    ({"rework_loss": 18_000 * FEN}, {}, "general", ("major",)),
]
S5: list[Case] = [
    ({"fits_8d": True}, {}, "large", ()),
    ({"fits_8d": False}, {}, "small", ()),
    ({}, {}, None, ("large", "small")),
]
OK10: Facts = {
    "hidden_danger": False,
    "customer_use_affected": False,
    "function_effect": "none",
    "required_accessory_missing": False,
    "clear_owner": True,
    "shipment_affected": False,
    "sporadic": True,
}
S10: list[Case] = [
    (OK10, {}, "general", ()),
    ({**OK10, "clear_owner": False}, {}, "minor", ()),
    ({**OK10, "clear_owner": False, "sporadic": False}, {}, None, ()),
    ({**OK10, "function_effect": "reduced"}, {}, "important", ()),
    ({**OK10, "function_effect": "slight"}, {}, "general", ()),
    ({**OK10, "customer_use_affected": True}, {}, "important", ()),
    ({**OK10, "hidden_danger": True}, {}, "important", ()),
    ({**OK10, "required_accessory_missing": True}, {}, "important", ()),
]
CASES = {
    "S46": S46,
    "S6": S6,
    "S37": S37,
    "S45": S45,
    "S20": S20,
    "S29": S29,
    "S13": S13,
    "S14": S14,
    "S22": S22,
    "S5": S5,
    "S10": S10,
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


def test_every_scheme_of_grades_is_tried() -> None:
    assert {book.id for book in BOOKS if book.grading} == set(CASES)
