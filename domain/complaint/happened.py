"""Happened: what of a history had happened by an instant, whenever it was recorded."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from domain.complaint.correction import Corrected
from domain.complaint.intake import Received
from domain.event import Consequence, Decision, Event, Fact


def happened_by(history: Sequence[Event], instant: datetime) -> list[Event]:
    """The events of one complaint that had happened by then, in the order of recording.

    Their times are those that the whole history gives them: a correction belongs to what
    it corrects, since the world was so all along. Nothing of a complaint has happened
    before it was received.
    """
    known = _as_corrected(history)
    had = {v for v, event in known.items() if happened_at(event) <= instant}
    if not any(isinstance(known[v], Received) for v in had):
        return []
    return list(_with_what_follows(history, had, instant))


def _with_what_follows(
    history: Sequence[Event], had: set[int], instant: datetime
) -> Iterator[Event]:
    """These, and what the ledger recorded behind each: it stands and falls with it.

    What follows from time alone stands behind any event, and comes when its time does.
    """
    stays = False
    for event in history:
        of_time = isinstance(event, Consequence) and event.of_time
        if not isinstance(event, Consequence):
            stays = _subject(event) in had
        if happened_at(event) <= instant if of_time else stays:
            yield event


def happened_at(event: Event) -> datetime:
    """From when on it is certain to have happened: a day's event when that day is over."""
    match event:
        case Received():
            return event.received_at
        case Fact():
            at = event.when.occurred_at
            return _end_of_day(at) if event.when.precision else at
        case Decision():
            return event.decided_at
        case Consequence():
            return event.follows_at
        case _:
            raise TypeError(f"{event.TOPIC} has no business time")


def _end_of_day(at: datetime) -> datetime:
    """Its last second, on the clock its source wrote."""
    return at.replace(hour=0, minute=0, second=0) + timedelta(days=1, seconds=-1)


def _subject(event: Event) -> int:
    """The version of what it says something about: itself, or what it corrects."""
    return event.corrects if isinstance(event, Corrected) else event.originator_version


def _as_corrected(history: Sequence[Event]) -> dict[int, Event]:
    """Each event but the corrections, as it was last put right."""
    stream = None
    for event in history:
        stream = event.mutate(stream)
    known: dict[int, Event] = stream.happened if stream else {}
    return {v: event for v, event in known.items() if not isinstance(event, Corrected)}
