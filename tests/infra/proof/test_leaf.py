"""Leaves: whatever is another in a row, is another leaf."""

import random
from typing import Any
from uuid import UUID

from infra.proof import leaf
from infra.proof.leaf import AnswerRow, EventRow

EVENT = EventRow(7, 1_772_500_000_000_001, UUID(int=9), 3, "complaint.graded", b'{"a":1}')
ANSWER = AnswerRow(
    7, 1_772_500_000_000_001, "http", "m-1", b"d", "accepted", b"s" * 16, 3, None
)


def test_every_column_counts() -> None:
    others: dict[str, Any] = {
        "position": 8,
        "recorded_us": EVENT.recorded_us + 1,
        "stream": UUID(int=8),
        "version": 4,
        "topic": "complaint.closed",
        "state": b'{"a":2}',
    }
    hashes = {leaf.of_event(EVENT._replace(**{n: v})) for n, v in others.items()}

    assert others.keys() == set(EventRow._fields)
    assert len(hashes | {leaf.of_event(EVENT)}) == len(others) + 1


def test_every_column_of_an_answer_counts() -> None:
    others: dict[str, Any] = {
        "position": 8,
        "recorded_us": 1,
        "source": "htt",
        "message_id": "m-2",
        "digest": b"e",
        "outcome": "refused",
        "stream": None,
        "version": None,
        "detail": "",
    }
    hashes = {
        leaf.of_answer(AnswerRow(**ANSWER._asdict() | {n: v})) for n, v in others.items()
    }

    assert others.keys() == set(AnswerRow._fields)
    assert len(hashes | {leaf.of_answer(ANSWER)}) == len(others) + 1


def test_two_rows_never_give_equal_bytes() -> None:
    """Letters that wander from one column into the next make another leaf."""
    chance = random.Random(3)  # noqa: S311
    text = "complaint.graded{}{}{}"
    seen = set()
    for _ in range(300):
        cut = chance.randrange(len(text))
        seen.add(leaf.of_event(EVENT._replace(topic=text[:cut], state=text[cut:].encode())))
    assert len(seen) == len({*range(len(text))})
    assert leaf.of_answer(
        ANSWER._replace(source="httpm", message_id="-1")
    ) != leaf.of_answer(ANSWER)


def test_an_instant_is_exact_to_the_microsecond() -> None:
    assert leaf.microseconds(EVENT.recorded_at) == EVENT.recorded_us
