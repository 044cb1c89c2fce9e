"""A complaint under a regulation of the test's choice, and people in its roles."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from consumers.opening import rulebooks
from domain.complaint.intake import receive
from domain.complaint.reception import received
from domain.complaint.state import Complaint
from domain.errors import RefusedError
from domain.event import When, Who
from tests.builders import CHINA, LI, TUESDAY, reading, reception

RULEBOOKS = rulebooks()
PARTY, COMPLAINT = UUID(int=7), UUID(int=1)

Command = Callable[..., object]


def on(text: str) -> datetime:
    """A moment in China: `2025-03-11 15:00`."""
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


def somebody(role: str, name: str = "") -> Who:
    """A person who speaks in a role."""
    return Who(by=f"p-{name or role.replace('_', '-')}", role=role, source="web")


def fact(do: Callable[..., object], who: Who, at: datetime, **said: Any) -> Command:
    """Somebody states what happened then."""
    return partial(do, who=who, when=When(occurred_at=at), **said)


def decision(do: Callable[..., object], who: Who, at: datetime, **said: Any) -> Command:
    """Somebody decides then."""
    return partial(do, who=who, at=at, **said)


def complaint(*given: Command, **topics: str) -> Complaint:
    """A complaint under these regulations, to which this happened since."""
    event = received(reception(), reading("C-1"), who=LI, at=TUESDAY, party_id=PARTY)
    made = receive(COMPLAINT, event.model_copy(update={"rulebooks": topics}))
    for command in given:
        command(made, RULEBOOKS.of(made))
    made.news.clear()
    return made


def words(made: Complaint, said: Command) -> list[str]:
    """The words of the events that follow."""
    said(made, RULEBOOKS.of(made))
    return [event.TOPIC.removeprefix("complaint.") for event in made.news]


def refusal(made: Complaint, said: Command) -> list[str]:
    """Why it is refused, line by line; nothing may have been recorded."""
    try:
        said(made, RULEBOOKS.of(made))
    except RefusedError as refused:
        assert made.news == []
        return [
            f"{lack.field}: {lack.fix} {lack.clause}".rstrip() for lack in refused.lacks
        ]
    raise AssertionError("it was not refused")
