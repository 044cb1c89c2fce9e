"""The page of columns in the docs is the list that the views are described by."""

from pathlib import Path

from api.columns import page

PAGE = Path(__file__).parents[2] / "docs" / "columns.md"


def test_the_docs_show_the_columns_there_are() -> None:
    """Written anew by `python -m api.columns > docs/columns.md`."""
    assert PAGE.read_text(encoding="utf-8") == page()
