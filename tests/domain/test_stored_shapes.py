"""The bytes of every event ever shipped: readable for ever, and stored again the same."""

from pathlib import Path
from uuid import UUID

import pytest
from eventsourcing.persistence import StoredEvent

from domain.codec import Codec, canonical
from domain.event import sealed_fields
from domain.registry import REGISTRY, UnknownTopicError, by_topic

SHAPES = Path(__file__).parents[1] / "stored_shapes"
STREAM = UUID(int=1)
FILES = sorted(SHAPES.glob("*.json"))


class GlassVault:
    """Lets what is sealed stay as it is: these shapes are sealed already."""

    def seal(self, party_id: UUID, plain: str, *, place: str) -> str:
        return plain

    def open(self, party_id: UUID, sealed: str, *, place: str) -> str:
        return sealed

    def lacking(self, party_ids: object) -> list[UUID]:
        """Every key is at hand."""
        return []

    def ready(self, party_ids: object) -> None:
        """Nothing to read."""


def stored(path: Path) -> StoredEvent:
    """`complaint.graded.v1.json` holds one stored state of that topic, byte by byte."""
    topic = path.name.rsplit(".v", 1)[0]
    return StoredEvent(STREAM, 1, topic, path.read_bytes().rstrip(b"\n"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_shipped_shape_is_read_and_stored_again_as_the_same_bytes(path: Path) -> None:
    codec = Codec(REGISTRY, GlassVault())

    event = codec.to_domain_event(stored(path))

    assert codec.to_stored_event(event) == stored(path)


def test_every_event_has_its_shape() -> None:
    """A new event comes with the bytes it is stored as."""
    assert {stored(path).topic for path in FILES} == set(REGISTRY)


def test_an_event_that_may_name_a_person_says_whose_key_seals_it() -> None:
    for kind in REGISTRY.values():
        assert not sealed_fields(kind) or "party_id" in kind.model_fields


def test_an_unknown_topic_stops_the_reader() -> None:
    with pytest.raises(UnknownTopicError):
        Codec(REGISTRY).to_domain_event(StoredEvent(STREAM, 1, "os.system", b"{}"))


def test_two_events_under_one_topic_are_a_defect() -> None:
    kind = next(iter(REGISTRY.values()))
    with pytest.raises(ValueError, match="two events"):
        by_topic([kind, kind])


def test_the_same_words_are_the_same_bytes() -> None:
    assert canonical({"b": "诉", "a": 1}) == '{"a":1,"b":"诉"}'.encode()
    with pytest.raises(ValueError, match="Out of range"):
        canonical({"a": float("nan")})
