"""Where the sources contradict each other, a plant chooses: what then follows is told here.

Money (X4), units of time (X8), tiers (X27) and the boundary (X30). A row takes a shipped
text, puts one line of it otherwise, and says what becomes of a case. That every position
of the sources stands in a file is held by domain/test_rulebook_positions.py.
"""

import pytest

from domain.rulebooks.fines import candidates
from domain.rulebooks.predicates import Facts
from tests.domain.fining import catalog_of, text_of
from tests.domain.flow import changed
from tests.rulebooks.clause import Row, said, yuan

MAJOR, GENERAL = "grading.grades.major", "grading.grades.general"
IMPORTANT = "grading.grades.important"
SOUND: Facts = {
    "main_structure_damaged": False,
    "foundation_defect": False,
    "dimension_or_appearance": False,
    "equipment_function": False,
}
CALM: Facts = {
    "injury": False,
    "scrap_minutes": 0,
    "rework_minutes": 0,
    "returned_of_shipment": 0,
    "same_model_and_day": 0,
}
SAFE: Facts = {"safety_hazard": False, "function_effect": "none", "faulty_of_batch": 0}
FRIDAY = "2025-03-14 16:30 received"
INQUIRY = "clocks.CLK-inquiry"
A_WORKING_DAY = (
    "stop: [{event: inquiry_started}]\n    limit: {amount: 1, unit: working_day}"
)

# what is put otherwise (old, new), then a row of the regulation
Choice = tuple[str, str, str, Row]


def money(book: str, old: str, new: str, path: str, then: str, **facts: float) -> Choice:
    """X4: another amount, or the amount of another thing."""
    known = {"S6": CALM, "S22": SOUND, "S45": SAFE}[book]
    fen = {name: yuan(amount) for name, amount in facts.items()}
    return book, old, new, (path, f"{new}: {facts}", {**known, **fen}, then)


def unit(new: str, due: str) -> Choice:
    """X8: the limit of an inquiry in another unit, from half past four on a Friday."""
    limit = A_WORKING_DAY.replace("{amount: 1, unit: working_day}", new)
    return "S24", A_WORKING_DAY, limit, (INQUIRY, new, FRIDAY, due)


LOSS = '{fact: loss, op: ">=", yuan: 20000}'
REWORK = '{fact: rework_loss, op: ">=", yuan: 100000}'
PRICE = '{fact: unit_price, op: ">=", yuan: 10000}'
BOTH, HALF = "yuan: 100000", "yuan: 50000"  # where one class ends the other begins
SEVERE, MILD = "boundary: more_severe", "boundary: less_severe"
REST = """
    - {code: minor, name: {zh: 轻微, en: minor}, clause: own, when: {otherwise: true}}

closure:"""

CHOICES: tuple[Choice, ...] = (
    money("S6", LOSS, LOSS, MAJOR, "general", loss=19_999.99),
    money("S6", LOSS, LOSS, MAJOR, "major", loss=20_000),
    money("S6", LOSS, LOSS.replace("20000", "100000"), MAJOR, "general", loss=99_999.99),
    money("S6", LOSS, LOSS.replace("20000", "100000"), MAJOR, "major", loss=100_000),
    money("S6", LOSS, LOSS.replace(">=", ">"), MAJOR, "general", loss=20_000),
    money("S6", LOSS, LOSS.replace(">=", ">"), MAJOR, "major", loss=20_000.01),
    money("S6", LOSS, REWORK, MAJOR, "general", rework_loss=99_999.99, loss=20_000),
    money("S6", LOSS, REWORK, MAJOR, "major", rework_loss=100_000, loss=0),
    money("S22", REWORK, REWORK, MAJOR, "major", rework_loss=100_000),
    money("S22", BOTH, HALF, GENERAL, "general", rework_loss=49_999.99),
    money("S22", BOTH, HALF, MAJOR, "major", rework_loss=50_000),
    money("S45", PRICE, PRICE, IMPORTANT, "general", unit_price=9_999.99),
    money("S45", PRICE, PRICE, IMPORTANT, "important", unit_price=10_000),
    money("S45", PRICE, LOSS, IMPORTANT, "important", unit_price=1, loss=20_000),
    unit("{amount: 1, unit: working_day}", "2025-03-17 23:59:59 running"),
    unit("{amount: 1, unit: working_hour}", "2025-03-17 08:30:00 running"),
    unit("{amount: 2, unit: hour}", "2025-03-14 18:30:00 running"),
    unit("{amount: 30, unit: minute}", "2025-03-14 17:00:00 running"),
    unit("{amount: 1, unit: day}", "2025-03-15 23:59:59 running"),
    unit("{amount: 30, unit: day}", "2025-04-13 23:59:59 running"),
    unit("{amount: 1, unit: week}", "2025-03-21 23:59:59 running"),
    unit("{amount: 1, unit: month}", "2025-04-14 23:59:59 running"),
    unit("{immediate: true}", "immediate"),
    (
        "S22",
        SEVERE,
        SEVERE,
        (MAJOR, "in both", {**SOUND, "rework_loss": yuan(100_000)}, "major"),
    ),
    (
        "S22",
        SEVERE,
        MILD,
        (GENERAL, "in both", {**SOUND, "rework_loss": yuan(100_000)}, "general"),
    ),
    (
        "S22",
        SEVERE,
        MILD,
        (MAJOR, "in one", {**SOUND, "rework_loss": yuan(100_000.01)}, "major"),
    ),
    (
        "S22",
        SEVERE,
        SEVERE,
        (GENERAL, "in none", {**SOUND, "rework_loss": yuan(9_999.99)}, "no grade"),
    ),
    (
        "S22",
        "\n\nclosure:",
        REST,
        (GENERAL, "in the rest", {**SOUND, "rework_loss": yuan(9_999.99)}, "minor"),
    ),
    (
        "S22",
        "\n\nclosure:",
        REST,
        (GENERAL, "not in it", {**SOUND, "rework_loss": yuan(10_000)}, "general"),
    ),
)


@pytest.mark.parametrize(("book", "old", "new", "row"), CHOICES)
def test_what_becomes_of_a_case_under_another_position(
    book: str, old: str, new: str, row: Row
) -> None:
    path, words, given, then = row
    assert said(changed(book, (old, new)), path, given) == then, words


@pytest.mark.parametrize(
    ("mode", "pieces", "amount"),
    [
        ("flat", 10, 100),
        ("flat", 11, 200),
        ("flat", 21, 200),
        ("max", 10, 100),
        ("max", 11, 200),
        ("max", 20, 200),
        ("max", 21, 210),
        ("sum", 10, 100),
        ("sum", 11, 300),
        ("sum", 21, 300),
    ],
)
def test_more_than_ten_missed_pieces_in_a_shift(
    mode: str, pieces: int, amount: int
) -> None:
    """X27, S6 5.2.1.11: ten yuan each, above ten pieces 200: instead, at least, besides."""
    text = text_of("S6_v1")
    assert text.count("tier_mode: max") == 1
    chosen = catalog_of(text.replace("tier_mode: max", f"tier_mode: {mode}"))
    act: Facts = {"role": "patrol_inspector", "act": "missed_inspection", "pieces": pieces}
    found = candidates(
        chosen, {**act, "reached": "final_inspection", "caused_complaint": False}
    )

    fitting = {one.clause: one.amount for one in found}
    assert fitting["S6@1#5.2.1.11"] == yuan(amount)
