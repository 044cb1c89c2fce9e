"""No clause without its test: every path of a regulation has a row in the table of it."""

from importlib import import_module
from pathlib import Path

import pytest

from domain.rulebooks.page import clauses
from tests.rulebooks.clause import BOOKS, Row

HERE = Path(__file__).parent
# Regulations whose table is still to be written. It may only shrink.
# fmt: off
FIRST_HALF = (
    "S8", "S10", "S13", "S14",
    "S17", "S18", "S19", "S20", "S22", "S23",
)
SECOND_HALF: tuple[str, ...] = ()
# fmt: on
NOT_YET = {*FIRST_HALF, *SECOND_HALF}


def rows(book: str) -> tuple[Row, ...]:
    found: tuple[Row, ...] = import_module(f"tests.rulebooks.test_{book.lower()}").ROWS
    return found


@pytest.mark.parametrize("book", sorted(set(BOOKS) - NOT_YET))
def test_every_clause_of_a_regulation_has_a_row(book: str) -> None:
    told = {path for path, *_ in rows(book)}
    assert [path for path, *_ in clauses(BOOKS[book]) if path not in told] == []


def test_the_list_of_what_is_still_to_be_told_only_shrinks() -> None:
    assert set(BOOKS) >= NOT_YET
    assert {b for b in NOT_YET if (HERE / f"test_{b.lower()}.py").exists()} == set()
