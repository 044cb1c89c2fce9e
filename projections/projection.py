"""What a read model is: its tables, and what a batch of events does to them."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import Connection

from domain.event import Event


@dataclass(frozen=True, slots=True)
class Recorded:
    """One event, at the place the ledger gave it. Its seals are shut."""

    stream_id: UUID
    version: int
    position: int
    recorded_at: datetime
    event: Event


class UnhandledError(TypeError):
    """A read model does not say what an event means to it. It stops until it does."""


@dataclass(frozen=True, slots=True)
class Projection:
    """A read model. *project* gets each event once, in order within a stream.

    *tables_sql* and *project* write table names unqualified: which generation they mean
    is said outside. *project* uses the batch and its own tables, nothing else: no clock,
    no other read model, nothing it remembers. A batch is one transaction, and of one
    partition: a row belongs to one stream, joins are made on reading.
    """

    name: str
    tables_sql: str
    project: Callable[[Connection[Any], Sequence[Recorded]], None]
    streams: tuple[str, ...] = ("complaint",)  # topics it follows, up to their first dot
    revision: int = 1  # one more when old rows would now come out differently
    sparse: bool = False  # streams may leave no row, and all of them together none

    @property
    def definition(self) -> str:
        """Tells tables made by other words or an older meaning from ours."""
        words = f"{self.revision}\n{self.tables_sql}"
        return hashlib.sha256(words.encode()).hexdigest()

    def follows(self, topic: str) -> bool:
        """Whether events of this topic are its business."""
        return topic.partition(".")[0] in self.streams
