"""Numbered: a complaint takes its number from the series that its regulation names."""

from domain import numbering
from domain.complaint.intake import Received
from domain.event import Event
from domain.rulebooks.rulebook import Rulebooks


def numbered(first: Event, rulebooks: Rulebooks) -> tuple[Event, str | None]:
    """The first event of a stream, and the series its number is from.

    A number that waits is of the series of its channel, where a regulation numbers so. One
    that was brought along is kept, and its series goes on behind it.
    """
    if isinstance(first, Received):
        pinned = first.rulebooks.get("numbering")
        rule = rulebooks[pinned].numbering if pinned else None
        if not numbering.waits(first.number):
            return first, numbering.kept_in(rule, first.channel, first.number)
        series = numbering.series_for(rule, first.channel, else_=first.number)
        first = first.model_copy(update={"number": series})
    return first, first.series() or None
