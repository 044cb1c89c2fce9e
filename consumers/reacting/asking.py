"""Asking: what the reactor says bears an id made of what it saw, so that twice is once."""

import hashlib
from uuid import UUID, uuid5

from domain.entry import Message
from domain.event import REACTOR


def asked_once(stream: UUID, what: str, seen: int) -> Message:
    """The same for whoever saw this version of the stream and asks for this.

    A later version is another question: what was right to leave then may be right to say.
    """
    once = str(uuid5(stream, f"{what}:{seen}"))
    return Message(REACTOR.source, once, hashlib.sha256(once.encode()).digest())
