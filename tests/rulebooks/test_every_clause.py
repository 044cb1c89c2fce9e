"""No clause without its test: every path of a regulation has a row in the table of it."""

from importlib import import_module
from pathlib import Path

import pytest

from domain.rulebooks.page import clauses, naming
from tests.rulebooks.clause import BOOKS, Row

HERE = Path(__file__).parent


def rows(book: str) -> tuple[Row, ...]:
    found: tuple[Row, ...] = import_module(f"tests.rulebooks.test_{book.lower()}").ROWS
    return found


@pytest.mark.parametrize("book", sorted(BOOKS))
def test_every_clause_of_a_regulation_has_a_row(book: str) -> None:
    told = {path for path, *_ in rows(book)}
    assert [path for path, *_ in clauses(BOOKS[book]) if path not in told] == []


@pytest.mark.parametrize("book", sorted(BOOKS))
def test_the_page_finds_the_row_of_every_clause(book: str) -> None:
    """It looks for the path as it stands between quotes."""
    name = f"rulebooks/test_{book.lower()}.py"
    text = {name: (HERE.parent / name).read_text("utf-8")}
    found = {
        path: naming(BOOKS[book], path, no, text) for path, no, _ in clauses(BOOKS[book])
    }
    assert [path for path, named in found.items() if named != [name]] == []
