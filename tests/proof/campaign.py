"""Changes at random, one at a time, to events, tree, notes and bundles: none is missed."""

import copy
import json
import random
from collections import Counter
from collections.abc import Callable
from typing import Any

from infra.proof import compare
from infra.proof.compare import Changed, Finding
from infra.proof.leaf import EventRow
from infra.proof.merkle import HASH_BYTES
from infra.proof.note import NoteError
from infra.proof.store import Row
from infra.proof.verify import verified
from tests.infra.proof.trees import Kept
from tests.proof.paper import Paper
from tests.proof.sealed import KEY, TOPICS

VERIFYING = str(KEY.verifying)
LETTERS = 'abcdefABCDEF0123456789+/=:.-{}" \n漏—'


class Campaign:
    """Makes changes, and keeps those that nobody noticed."""

    def __init__(self, *, seed: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311 the same every time
        self.paper = Paper(seed=seed)
        self.rows = [bare(row) for row in self.paper.rows]
        tree = self.paper.tree
        self.hashes = b"".join(tree.tiles[at] for at in sorted(tree.tiles) if at.level == 0)
        self.done: Counter[str] = Counter()
        self.missed: list[str] = []

    def run(self, changes: int) -> None:
        """So many, of all kinds in turn."""
        kinds: tuple[Callable[[], bool], ...] = (
            self.an_event,
            self.two_events,
            self.a_leaf,
            self.a_note,
            self.a_bundle,
        )
        for nth in range(changes):
            kind = kinds[nth % len(kinds)]
            self.done[kind.__name__] += 1
            if not kind():
                self.missed.append(f"{kind.__name__} {nth}")

    def clean(self) -> list[str]:
        """What is said against things that nobody changed."""
        said = [str(one) for one in compare.changed(self.rows, self.hashes, 1)]
        for stream in self.paper.streams:
            text = json.dumps(self.paper.bundle(stream))
            said += [
                f for v, f, _ in verified(text, VERIFYING, self.paper.held) if v == "FAIL"
            ]
        return said

    def an_event(self) -> bool:
        """One column of one row: found at its position."""
        at = self.chance.randrange(len(self.rows))
        column = self.chance.randrange(1, 6)
        rows = [*self.rows]
        rows[at] = self._with_another(rows[at], column)
        return self._first(rows) == at + 1

    def two_events(self) -> bool:
        """Changed places, one removed, or one more."""
        first, last = sorted(self.chance.sample(range(len(self.rows)), 2))
        rows = [*self.rows]
        match self.chance.randrange(3):
            case 0:
                rows[first], rows[last] = (
                    (first + 1, *rows[last][1:]),
                    (last + 1, *rows[first][1:]),
                )
            case 1:
                del rows[first]
            case _:
                rows = [*rows[:first], *((r[0] - 1, *r[1:]) for r in rows[first + 1 :])]
        return self._first(rows) == first + 1

    def a_leaf(self) -> bool:
        """A bit of the kept tree: found at its event, and by the signed root."""
        bit = self.chance.randrange(len(self.hashes) * 8)
        wrong = bytearray(self.hashes)
        wrong[bit // 8] ^= 1 << bit % 8
        found = next(iter(compare.changed(self.rows, bytes(wrong), 1)))
        position = found.row[0] if isinstance(found, Changed) else found.position
        tree = Kept()
        tree.add([bytes(wrong[n : n + 32]) for n in range(0, len(wrong), HASH_BYTES)])
        signed = KEY.verifying.checked(self.paper.now)
        return position == bit // 256 + 1 and tree.growing.root() != signed.root

    def a_note(self) -> bool:
        """A letter of a checkpoint."""
        try:
            KEY.verifying.checked(self._with_a_letter(self.paper.now))
        except NoteError:
            return True
        return False

    def a_bundle(self) -> bool:
        """Any one value of a bundle, or an event or hash more or less."""
        whole = self.paper.bundle(self.chance.choice(self.paper.streams))
        wrong = copy.deepcopy(whole)
        self._change(wrong)
        if wrong == whole:
            return True
        rows = verified(json.dumps(wrong), VERIFYING, self.paper.held)
        return any(verdict == "FAIL" for verdict, _, _ in rows)

    def _first(self, rows: list[Row]) -> int:
        found = next(iter(compare.changed(rows, self.hashes, 1)))
        return found.position if isinstance(found, Finding) else found.row[0]

    def _with_another(self, row: Row, column: int) -> Row:
        value: Any = row[column]
        match value:
            case int():
                value += self.chance.choice((-1, 1, 1000))
            case str():
                value = self.chance.choice([t for t in TOPICS if t != value])
            case bytes():
                at = self.chance.randrange(len(value))
                turned = value[at] ^ 1 << self.chance.randrange(8)
                value = value[:at] + bytes([turned]) + value[at + 1 :]
        return (*row[:column], value, *row[column + 1 :])

    def _with_a_letter(self, text: str) -> str:
        at = self.chance.randrange(len(text))
        other = self.chance.choice([c for c in LETTERS if c != text[at]])
        return self.chance.choice((text[:at] + other, text[:at])) + text[at + 1 :]

    def _change(self, part: dict[str, Any]) -> None:
        """Somewhere in it; in a list of whole events or hashes also one more or less."""
        holder: Any = part
        name: Any = self.chance.choice([*part])
        while isinstance(holder[name], dict | list) and holder[name]:
            inner = holder[name]
            if name in {"events", "path"} and self.chance.random() < 0.2:
                del inner[self.chance.randrange(len(inner))]
                return
            holder = inner
            name = self.chance.choice(
                [*inner] if isinstance(inner, dict) else range(len(inner))
            )
        value = holder[name]
        if isinstance(value, int):
            holder[name] = value + self.chance.choice((-1, 1, 2**40, -(2**40)))
        elif isinstance(value, str):
            holder[name] = self._with_a_letter(value)
        else:
            holder[name] = [{"size": 1}]


def bare(row: EventRow) -> Row:
    return (
        row.position,
        row.recorded_us,
        row.stream.bytes,
        row.version,
        row.topic,
        row.state,
    )
