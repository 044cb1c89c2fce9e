"""One process of a crowd: many tasks, few complaints, every answer noted for the judge."""

import asyncio
import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from pathlib import Path
from random import Random
from time import monotonic
from typing import Any
from uuid import UUID

from consumers.opening import Opened, opened
from domain import batch
from domain.complaint import assignment, closure, contact, grading, intake
from domain.complaint.state import Complaint
from domain.entry import Message, Receipt, settle
from domain.errors import RefusedError
from domain.event import Stream, When
from domain.ledger import Request
from domain.rulebooks.rulebook import Rules
from tests.builders import LI, TUESDAY, WANG

TASKS = 12
TURNS = 40
SHARED = 60  # messages that every process sends


def command(spec: dict[str, Any]) -> Callable[[Complaint, Rules], Stream | None]:
    """What a noted message asks for."""
    what = spec["what"]
    match spec["do"]:
        case "call":
            when = When(occurred_at=TUESDAY)
            return partial(
                contact.contacted, who=LI, when=when, channel=what, summary=spec["key"]
            )
        case "grade":
            return partial(
                grading.grade, who=LI, at=TUESDAY, scheme="S46", code=what, reason="r"
            )
        case "screen":
            outcome = "ours" if what in "AB" else "nobody's"
            return partial(intake.screen, who=LI, at=TUESDAY, outcome=outcome)
        case "assign":
            return partial(
                assignment.assign, who=WANG, at=TUESDAY, owner=f"p-{what.lower()}"
            )
    return partial(closure.close, who=WANG, at=TUESDAY)


def request(spec: dict[str, Any]) -> Request:
    """The message as it is sent."""
    said = Message("crowd", spec["key"], json.dumps(spec).encode())
    return Request(said, UUID(spec["about"]), spec["on"], command(spec))


class Member:
    """Asks at random; what it believes about versions is often old."""

    def __init__(self, mine: Opened, name: str, ids: list[str], notes: Path) -> None:
        self.mine, self.name, self.ids = mine, name, ids
        self.chance = Random(name)  # noqa: S311  # to be the same each time
        self.believed = dict.fromkeys(ids, 1)
        self.said: list[dict[str, Any]] = []
        self.notes = notes.open("w")

    def thought_up(self, chance: Random, key: str, about: str, on: int) -> dict[str, Any]:
        kinds = ["call", "grade", "screen", "assign", "close"]
        do = chance.choices(kinds, [12, 16, 8, 8, 2])[0]
        on_version = None if do == "call" else on
        what = chance.choice("AABBCZ")
        return {"key": key, "about": about, "do": do, "what": what, "on": on_version}

    def next(self, key: str, about: str, nth: int) -> dict[str, Any]:
        """The nth of a batch is meant for what those before it will have left."""
        kind = self.chance.random()
        if kind < 0.15 and self.said:
            return self.chance.choice(self.said)  # said before
        if kind < 0.25:
            n = self.chance.randrange(SHARED)
            shared = Random(n)  # noqa: S311
            return self.thought_up(shared, f"shared-{n}", shared.choice(self.ids), 1 + n)
        on = max(1, self.believed[about] + nth - self.chance.choice([0, 0, 0, 1]))
        self.said.append(self.thought_up(self.chance, f"{self.name}-{key}", about, on))
        return self.said[-1]

    async def work(self, task: int) -> None:
        for turn in range(TURNS):
            size = self.chance.choice([1, 1, 1, 1, 4])
            about = self.chance.choice(self.ids)
            specs = [self.next(f"{task}-{turn}-{n}", about, n) for n in range(size)]
            began = monotonic()
            answers = await self.asked([request(spec) for spec in specs])
            for spec, answer in zip(specs, answers, strict=True):
                self.note(spec, began, answer)

    async def asked(self, requests: list[Request]) -> list[Receipt | Exception]:
        ledger = self.mine.ledger
        try:
            if len(requests) == 1:
                return [await ledger.take(requests[0])]
            said = await batch.take_in(ledger, requests, ledger.append)
        except RefusedError as refused:
            return [refused] * len(requests)
        return [
            settled(asked, answer) for asked, answer in zip(requests, said, strict=True)
        ]

    def note(self, spec: dict[str, Any], began: float, answer: Receipt | Exception) -> None:
        times = {"spec": spec, "began": began, "ended": monotonic()}
        told: dict[str, Any] = {"error": type(answer).__name__}
        if isinstance(answer, Receipt):
            told = {"receipt": asdict(answer)}
        elif isinstance(answer, RefusedError):
            told |= {"lacks": [asdict(lack) for lack in answer.lacks]}
        version = getattr(answer, "version", None)
        if version:
            self.believed[spec["about"]] = max(self.believed[spec["about"]], version)
        self.notes.write(
            json.dumps(times | told | {"version": version}, default=str) + "\n"
        )


def settled(asked: Request, answer: batch.Outcome) -> Receipt | Exception:
    """What its sender is told."""
    try:
        receipt = settle(asked.message, answer)
    except Exception as error:  # noqa: BLE001  # noted, and judged
        return error
    assert receipt is not None
    return receipt


async def crowd(member: Member) -> None:
    """All tasks of this process."""
    await asyncio.gather(*(member.work(task) for task in range(TASKS)))
    await member.mine.appender.close()
    member.notes.close()


if __name__ == "__main__":
    database, master, name, notes, *ids = sys.argv[1:]
    with opened(database, master=Path(master)) as mine:
        asyncio.run(crowd(Member(mine, name, ids, Path(notes))))
