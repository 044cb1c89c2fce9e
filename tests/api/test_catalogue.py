"""The catalogue of events in the docs is the one the program has."""

from pathlib import Path

from api.catalogue import catalogue

PAGE = Path(__file__).parents[2] / "docs" / "events.md"


def test_the_docs_show_the_events_there_are() -> None:
    """Written anew by `python -m api.catalogue > docs/events.md`."""
    assert PAGE.read_text(encoding="utf-8") == catalogue()
