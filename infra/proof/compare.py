"""Comparing what is stored with what was sealed: which row is another, and what in it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from infra.proof import leaf
from infra.proof.leaf import AnswerRow
from infra.proof.merkle import HASH_BYTES
from infra.proof.store import Row, Tree

TIME, STREAM, VERSION, TOPIC = 1, 2, 3, 4
NAMES = {
    TIME: "recorded_at",
    STREAM: "the stream",
    VERSION: "the version",
    TOPIC: "the topic",
}


class Finding(NamedTuple):
    """Something that is not as it was sealed."""

    tree: Tree
    position: int
    what: str  # changed, missing, tile, root, gap
    words: str


class Changed(NamedTuple):
    """An event whose columns do not give the leaf that was sealed."""

    row: Row
    sealed: bytes


def changed(rows: Sequence[Row], hashes: bytes, first: int) -> Iterator[Changed | Finding]:
    """What differs between rows and the leaves of the positions from *first* on."""
    at = 0
    for position, start in enumerate(range(0, len(hashes), HASH_BYTES), start=first):
        sealed = hashes[start : start + HASH_BYTES]
        if at == len(rows) or rows[at][0] != position:
            yield Finding("events", position, "missing", "the event is not there any more")
            continue
        row = rows[at]
        at += 1
        if hashed(row) != sealed:
            yield Changed(row, sealed)


def hashed(row: Row) -> bytes:
    """Its leaf."""
    position, recorded_us, stream, version, topic, state = row
    return leaf.hashed_event(position, recorded_us, stream, version, topic.encode(), state)


def explained(
    found: Sequence[Changed], *, answered_us: Mapping[int, int], topics: Iterable[str]
) -> Iterator[Finding]:
    """What is another in each of these events, by trying what it may have been.

    *answered_us*: by position, the time that the answer to its message gives.
    """
    for one in found:
        yield Finding(
            "events", one.row[0], "changed", _differs(one, found, answered_us, topics)
        )


def _differs(
    one: Changed,
    found: Sequence[Changed],
    answered_us: Mapping[int, int],
    topics: Iterable[str],
) -> str:
    row, rows = one.row, [other.row for other in found]
    for other in rows:
        if hashed((row[0], *other[1:])) == one.sealed:
            return f"what was sealed here stands at position {other[0]} now"
    times = [answered_us[row[0]]] if row[0] in answered_us else []
    tried: Mapping[int, Iterable[object]] = {
        TIME: [*times, *(other[TIME] for other in rows)],
        TOPIC: topics,
        VERSION: [row[3] - 1, row[3] + 1, *(other[VERSION] for other in rows)],
        STREAM: [other[STREAM] for other in rows],
    }
    for column, values in tried.items():
        for value in values:
            was = (*row[:column], value, *row[column + 1 :])
            if hashed(was) == one.sealed:  # type: ignore[arg-type]  # one column, of its type
                said = value.hex() if isinstance(value, bytes) else value
                if column == TIME:
                    said = leaf.instant(int(str(value))).isoformat()
                return f"{NAMES[column]} is another; it was {said}"
    return "its stored bytes are others, or more than one column is"


def unanswered(rows: Sequence[AnswerRow], hashes: bytes, before: int) -> Finding | None:
    """The first answer that is not as it was sealed; *before*: position of the last."""
    expected = [hashes[at : at + HASH_BYTES] for at in range(0, len(hashes), HASH_BYTES)]
    for nth, sealed in enumerate(expected):
        if nth < len(rows) and leaf.of_answer(rows[nth]) == sealed:
            before = rows[nth].position
            continue
        here = rows[nth] if nth < len(rows) else None
        if here is None or leaf.of_answer(here) in expected[nth + 1 :]:
            words = "the answer to a message is not there any more"
            return Finding("answers", before + 1, "missing", words)
        words = "the answer to the message that led to this event is another"
        return Finding("answers", here.position, "changed", words)
    if len(rows) > len(expected):
        words = "an answer to a message was added"
        return Finding("answers", rows[len(expected)].position, "added", words)
    return None
