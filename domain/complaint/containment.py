"""Containment: keeping the defect from the customer while its cause is sought (D3)."""

from typing import Annotated

from pydantic import Field

from domain.complaint.items import Quantity
from domain.complaint.state import Complaint
from domain.event import Fact, When, Who
from domain.rulebooks.rulebook import Rules
from domain.words import Line, Text

Actions = Annotated[tuple[Text, ...], Field(min_length=1, max_length=50)]


class Contained(Fact):
    """Interim actions stand between the defect and the customer."""

    TOPIC = "complaint.contained"

    actions: tuple[str, ...]


class StockSwept(Fact):
    """One place was searched for pieces of the kind. What was not counted is unknown."""

    TOPIC = "complaint.stock_swept"

    place: str
    shipped: int | None = None
    found: int | None = None
    sorted: int | None = None
    good: int | None = None
    bad: int | None = None


def contained(
    complaint: Complaint, _rules: Rules, *, who: Who, when: When, actions: Actions
) -> None:
    """Note the interim actions that were taken."""
    complaint.record(Contained(who=who, when=when, actions=actions))


def stock_swept(
    complaint: Complaint,
    _rules: Rules,
    *,
    who: Who,
    when: When,
    place: Line,
    shipped: Quantity | None = None,
    found: Quantity | None = None,
    sorted: Quantity | None = None,  # noqa: A002  # the word of the sweep sheet
    good: Quantity | None = None,
    bad: Quantity | None = None,
) -> None:
    """Note what a search of one place found."""
    complaint.record(
        StockSwept(
            who=who,
            when=when,
            place=place,
            shipped=shipped,
            found=found,
            sorted=sorted,
            good=good,
            bad=bad,
        )
    )
