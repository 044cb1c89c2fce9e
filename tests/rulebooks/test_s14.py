"""S14, clause by clause: supplied lots that deviate, classed, disposed of, charged.

The order of sheet, meeting and decision is told in domain/test_disposition.py.
"""

import pytest

from domain.rulebooks.fines import candidates
from tests.domain.fining import catalog
from tests.rulebooks.clause import Row, signs, table

MEETING = (
    "procurement approved",
    "process_engineering approved",
    "quality_manager approved",
    "development approved",
    "development_director approved",
    "plant_head approved",
)
CONFIRMED = "2025-03-12 10:00 duty_done duty=confirmed"
CONCESSION = "concession"


GRADE = {
    "A": "grading.grades.A",
    "B": "grading.grades.B",
    "C": "grading.grades.C",
}


def classed(characteristic: str, deviation: str, code: str) -> Row:
    facts = {"characteristic": characteristic, "deviation": deviation}
    return GRADE[code], f"{characteristic}, {deviation}", facts, code


ROWS: tuple[Row, ...] = (
    # defect classes: of an important characteristic or a serious deviation
    classed("extremely_important", "slight", "A"),
    classed("extremely_important", "extremely_serious", "A"),
    classed("ordinary", "extremely_serious", "A"),
    classed("important", "slight", "B"),
    classed("ordinary", "serious", "B"),
    classed("important", "extremely_serious", "A"),
    classed("ordinary", "slight", "C"),
    (
        "grading.grades.C",
        "how far it deviates is unknown",
        {"characteristic": "ordinary"},
        "C, perhaps A B",
    ),
    (
        "grading.grades.C",
        "how important it is is unknown",
        {"deviation": "slight"},
        "C, perhaps A B",
    ),
    ("grading", "who classes", "decided_by", "quality_centre"),
    ("grading.grades.C", "nothing is known", {}, "no grade, perhaps A B C"),
    (
        "declares.facts.characteristic",
        "three ranks",
        "values",
        "extremely_important important ordinary",
    ),
    (
        "declares.facts.deviation",
        "three ranks",
        "values",
        "extremely_serious serious slight",
    ),
    ("declares.facts.kind_of_defect", "two kinds", "values", "appearance performance"),
    (
        "declares.facts.concession_by",
        "five kinds of concession",
        "values",
        "sorting added_parts added_process lowered_requirement machining",
    ),
    # stages
    ("declares.duties.confirmed", "by engineer and head", CONFIRMED, "recorded"),
    (
        "clocks.CLK-correction-sheet",
        "confirmed: at once, no number",
        CONFIRMED,
        "immediate",
    ),
    (
        "clocks.CLK-correction-sheet",
        "issued the next week: never late",
        f"{CONFIRMED}\n2025-03-20 duty_done duty=correction_sheet",
        "immediate, done 2025-03-20",
    ),
    (
        "clocks.CLK-correction-sheet",
        "not confirmed yet",
        "2025-03-12 received",
        "no time runs",
    ),
    (
        "declares.duties.correction_sheet",
        "the sheet is issued",
        "2025-03-12 duty_done duty=correction_sheet",
        "recorded",
    ),
    (
        "declares.duties.need_date_confirmed",
        "when the lot is needed on the line",
        "2025-03-12 duty_done as=production_control duty=need_date_confirmed",
        "recorded",
    ),
    (
        "approvals.concession",
        "the quality centre leads the meeting",
        signs(CONCESSION, "procurement proposed"),
        "refused: role",
    ),
    (
        "approvals.concession",
        "all but the plant head",
        signs(CONCESSION, "quality_centre proposed", *MEETING[:-1]),
        "next: plant_head",
    ),
    (
        "approvals.concession",
        "all who are named",
        signs(CONCESSION, "quality_centre proposed", *MEETING),
        "effective",
    ),
    # deduction
    ("penalties", "what a deduction rests on", "authority", "concession"),
    ("penalties", "20 yuan an hour stand in a catalog", "catalog", "S14"),
)

test_clauses = table("S14", ROWS)


def charged(**facts: str | int) -> list[int | None]:
    """What concession use comes to, in fen, by each clause that fits."""
    act = {"role": "supplier", "act": "concession_use", **facts}
    return [one.amount for one in candidates(catalog("S14_v1"), act)]


@pytest.mark.parametrize(
    ("minutes", "fen"),
    [(1, 33), (59, 19_67), (60, 20_00), (61, 20_33), (90, 30_00), (600, 200_00)],
)
def test_a_concession_costs_the_supplier_20_yuan_an_hour(minutes: int, fen: int) -> None:
    """S14#deduction; in proportion to the minutes, to the fen."""
    assert charged(disposition="concession", labour_minutes=minutes) == [fen]


def test_a_lot_that_goes_back_costs_no_labour() -> None:
    assert charged(disposition="returned", labour_minutes=60) == []
