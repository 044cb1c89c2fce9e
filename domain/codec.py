"""Events to bytes and back: canonical, and sealed where a person is named."""

import json
from collections.abc import Iterable
from typing import Any, Protocol
from uuid import UUID

from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import Mapper, StoredEvent

from domain.errors import ErasedError, Lack, TooLargeError
from domain.event import Event, sealed_fields
from domain.registry import Registry, UnknownTopicError

HEAD = {"originator_id", "originator_version"}  # columns of their own
STATE_BYTES_MAX = 60 * 1024


class Vault(Protocol):
    """Seals with one person's key; *place* keeps a seal from being moved."""

    def seal(self, party_id: UUID, plain: str, *, place: str) -> str | None:
        """Seal a text; `None` when the person's key was destroyed, or never made."""
        ...

    def open(self, party_id: UUID, sealed: str, *, place: str) -> str:
        """Open a seal; the mark of erasure when the key is gone."""
        ...

    def lacking(self, party_ids: Iterable[UUID]) -> list[UUID]:
        """Those whose key has to be read before it seals."""
        ...

    def ready(self, party_ids: Iterable[UUID]) -> None:
        """Read the keys these seals will need, in one trip."""
        ...


class Codec(Mapper[UUID]):
    """Seals stay shut on reading: decisions, read models and logs see ciphertext."""

    def __init__(self, registry: Registry, vault: Vault | None = None) -> None:
        self._registry = registry
        self._vault = vault

    def to_stored_event(self, domain_event: DomainEventProtocol[UUID]) -> StoredEvent:
        """The event as the bytes that are kept for ever."""
        event = domain_event
        assert isinstance(event, Event)
        words = event.model_dump(mode="json", exclude=HEAD, exclude_none=True)
        for name in sealed_fields(type(event)):
            if name in words:
                words[name] = self._sealed(
                    UUID(words["party_id"]), words[name], event, name
                )
        state = canonical(words)
        if len(state) > STATE_BYTES_MAX:
            raise TooLargeError(
                Lack("", f"an event holds {STATE_BYTES_MAX} bytes; this has {len(state)}")
            )
        return StoredEvent(
            event.originator_id, event.originator_version, event.TOPIC, state
        )

    def to_domain_event(self, stored_event: StoredEvent) -> Event:
        """The event that these bytes are. An unknown topic stops the reader."""
        if stored_event.topic not in self._registry:
            raise UnknownTopicError(stored_event.topic)
        assert isinstance(stored_event.originator_id, UUID)
        kind = self._registry[stored_event.topic]
        return kind.model_validate_json(stored_event.state).placed(
            stored_event.originator_id, stored_event.originator_version
        )

    def read(self, stream: UUID, version: int, topic: str, state: bytes) -> Event:
        """The event at one place of the store."""
        return self.to_domain_event(StoredEvent(stream, version, topic, state))

    def opened(self, event: Event) -> Event:
        """The event with its seals open; only for those who may read them."""
        words: dict[str, Any] = dict(event)
        names = [n for n in sealed_fields(type(event)) if words.get(n) is not None]
        return event.model_copy(
            update={
                name: self._keys().open(
                    words["party_id"], words[name], place=place(event, name)
                )
                for name in names
            }
        )

    def lacking(self, parties: Iterable[UUID]) -> list[UUID]:
        """Those whose key is not at hand; none when nothing is sealed."""
        return [] if self._vault is None else self._vault.lacking(parties)

    def fetch(self, parties: Iterable[UUID]) -> None:
        """Read their keys, in one trip (blocking)."""
        self._keys().ready(parties)

    def _sealed(self, party_id: UUID, plain: str, event: Event, name: str) -> str:
        sealed = self._keys().seal(party_id, plain, place=place(event, name))
        if sealed is None:
            raise ErasedError(Lack(name, "receive it as a complaint of a new party"))
        return sealed

    def _keys(self) -> Vault:
        if self._vault is None:
            raise TypeError("this codec has no keys: it reads, it does not write")
        return self._vault


def canonical(words: dict[str, Any]) -> bytes:
    """The same words are always the same bytes: sorted, UTF-8, no spaces, no NaN."""
    return json.dumps(
        words, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    ).encode()


def place(event: Event, name: str) -> str:
    """Where a seal belongs: moved elsewhere it does not open."""
    return f"{event.originator_id}:{event.originator_version}:{name}"
