"""A ledger on paper: rows, trees, notes and bundles in memory, made in a second."""

import base64
import json
import random
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from infra.keys import COMMITTED, PartyKey
from infra.proof import leaf, merkle
from infra.proof.leaf import EventRow
from infra.proof.note import Checkpoint
from infra.proof.tiles import nodes
from infra.proof.verify import FORMAT
from tests.infra.proof.trees import Kept
from tests.proof.sealed import KEY, TOPICS

ORIGIN = f"{KEY.verifying.name}/1"
BEGAN = datetime(2026, 3, 3, tzinfo=UTC)
PARTY = PartyKey(b"p" * 32)


class Paper:
    """So many complaints, sealed twice."""

    def __init__(self, *, seed: int, complaints: int = 40) -> None:
        chance = random.Random(seed)  # noqa: S311 the same every time
        self.rows: list[EventRow] = []
        self.texts: dict[tuple[UUID, int], str] = {}
        self.streams = [
            UUID(int=chance.getrandbits(128), version=4) for _ in range(complaints)
        ]
        line = [s for s in self.streams for _ in range(chance.randrange(1, 7))]
        chance.shuffle(line)
        for stream in line:
            self._record(stream, chance)
        self.tree = Kept()
        self.tree.add([leaf.of_event(row) for row in self.rows])
        self.node = nodes(self.tree.tile)
        self.held = self.note(len(self.rows) // 2)
        self.now = self.note(len(self.rows))

    def note(self, size: int) -> str:
        """A signed checkpoint over so many events."""
        at = BEGAN + timedelta(seconds=size)
        root = merkle.root(self.node, size)
        return KEY.signed(Checkpoint(ORIGIN, size, root, 0, merkle.EMPTY, at))

    def bundle(self, stream: UUID) -> dict[str, Any]:
        """As the API makes it."""
        rows = [row for row in self.rows if row.stream == stream]
        size, held = len(self.rows), len(self.rows) // 2
        return {
            "format": FORMAT,
            "number": f"C-{self.streams.index(stream)}",
            "stream": str(stream),
            "checkpoint": self.now,
            "events": [self._event(row, size) for row in rows],
            "disclosed": [self._disclosed(row) for row in rows],
            "consistency": [
                {"size": held, "path": texts(merkle.consistency(self.node, held, size))}
            ],
            "statement": {"versions": len(rows), "position": size},
        }

    def _record(self, stream: UUID, chance: random.Random) -> None:
        version = 1 + sum(row.stream == stream for row in self.rows)
        said = {"who": {"by": "p-li"}, "n": chance.randrange(10**6)}
        self.texts[stream, version] = f"漏水 {chance.randrange(10**6)}"
        place = f"{stream}:{version}:words"
        said |= {"words": PARTY.sealed(self.texts[stream, version], place)}
        if version == 1:
            said |= {"number": f"C-{self.streams.index(stream)}"}
        position = len(self.rows) + 1
        self.rows.append(
            EventRow(
                position,
                leaf.microseconds(BEGAN) + position * 7,
                stream,
                version,
                chance.choice(TOPICS),
                json.dumps(said, ensure_ascii=False).encode(),
            )
        )

    def _event(self, row: EventRow, size: int) -> dict[str, Any]:
        return {
            "position": row.position,
            "recorded_at": row.recorded_at.isoformat(timespec="microseconds"),
            "version": row.version,
            "topic": row.topic,
            "state": base64.b64encode(row.state).decode(),
            "path": texts(merkle.inclusion(self.node, row.position - 1, size)),
        }

    def _disclosed(self, row: EventRow) -> dict[str, Any]:
        sealed = json.loads(row.state)["words"]
        assert sealed.startswith(COMMITTED)
        text, salt = PARTY.opened(sealed, f"{row.stream}:{row.version}:words")
        assert text == self.texts[row.stream, row.version]
        said = {"version": row.version, "field": "words", "text": text}
        return said | {"salt": base64.b64encode(salt).decode()}


def texts(path: list[bytes]) -> list[str]:
    return [base64.b64encode(one).decode() for one in path]
