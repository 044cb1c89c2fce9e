"""Noting: what was done to the ledger itself is an event too, whoever else notes one."""

import hashlib
from collections.abc import Callable
from typing import TypeVar
from uuid import uuid4

from domain.entry import Message, settle
from domain.errors import BusyError, Lack
from domain.event import Stream, Who
from domain.ledger import Ledger, Request, aside
from domain.rulebooks.rulebook import Rules

TRIES_MAX = 3
NOT_NOTED = "it was done, but too many did at once to note who"
S = TypeVar("S", bound=Stream)


async def note(
    ledger: Ledger,
    who: Who,
    begun: Callable[[], S],
    does: Callable[[S], None],
    message: Message | None = None,
) -> None:
    """Say it in the stream that *begun* makes when it is not there yet.

    *message*: of a person who may send it again; it is answered once.
    """
    message = message or _message(who)
    for _ in range(TRIES_MAX):
        if await _said(ledger, message, begun(), does):
            return
    raise BusyError(Lack("", NOT_NOTED))


def _message(who: Who) -> Message:
    name = str(uuid4())
    return Message(f"operating:{who.by}", name, hashlib.sha256(name.encode()).digest())


async def _said(
    ledger: Ledger, message: Message, first: S, does: Callable[[S], None]
) -> bool:
    if await aside(ledger.found, first.id) is not None:

        def decide(stream: S, _rules: Rules) -> None:
            does(stream)

        asked = Request(message, first.id, None, decide, on_what_stands=True)
        await ledger.take(asked)
        return True
    does(first)
    [answer] = await ledger.append([ledger.entry(message, first, decided_on=0)])
    return settle(message, answer) is not None
