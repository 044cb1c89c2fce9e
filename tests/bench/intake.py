"""Intake: messages decided and recorded one by one, and a hundred in one call."""

import asyncio
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter
from uuid import UUID

from consumers.opening import Opened, opened
from domain.batch import take_in
from domain.complaint import contact
from domain.complaint.intake import receive
from domain.complaint.reception import received
from domain.ledger import Request
from infra.postgres import schema
from infra.postgres.launcher import EmbeddedPostgres
from tests.bench.commands import fresh
from tests.builders import CRM, TUESDAY, message, one_id, reading, reception, when

SIZES = (1, 10, 100)
MESSAGES = 1_500
ROUNDS = 3


def measure(postgres: EmbeddedPostgres, home: Path) -> dict[int, float]:
    """Messages a second for each size of a batch; a third of them are new complaints."""
    done: dict[int, list[float]] = {size: [] for size in SIZES}
    for _ in range(ROUNDS):
        dsn = fresh(postgres, "bench_intake")
        schema.migrate(dsn)
        for size in SIZES:
            done[size].append(asyncio.run(once(dsn, home, size)))
    return {size: median(rates) for size, rates in done.items()}


async def once(dsn: str, home: Path, size: int) -> float:
    """All messages in batches of one size."""
    with opened(dsn, master=home / "master.key") as mine:
        requests = prepared(mine)
        began = perf_counter()
        for first in range(0, len(requests), size):
            batch = requests[first : first + size]
            answers = await take_in(mine.ledger, batch, mine.ledger.append)
            assert not [answer for answer in answers if isinstance(answer, Exception)]
        elapsed = perf_counter() - began
        await mine.appender.close()
    return len(requests) / elapsed


def prepared(mine: Opened) -> list[Request]:
    """A complaint, and two facts about it, and so on."""
    parties: dict[UUID, dict[str, str]] = {one_id(): {} for _ in range(MESSAGES // 3)}
    mine.keys.admit(parties)
    requests: list[Request] = []
    for party_id in parties:
        stream = one_id()
        event = received(
            reception(contact=None),
            reading(source_key=str(stream)),
            who=CRM,
            at=TUESDAY,
            party_id=party_id,
        )
        begins = partial(receive, stream, event)
        requests.append(Request(message("crm"), stream, None, _nothing, begins))
        requests += [Request(message("crm"), stream, None, _call) for _ in range(2)]
    return requests


def _call(complaint: object, rules: object) -> None:
    said = {"who": CRM, "when": when(), "channel": "phone", "summary": "来电"}
    contact.contacted(complaint, rules, **said)  # type: ignore[arg-type]  # one shape for all


def _nothing(_complaint: object, _rules: object) -> None:
    """A complaint that begins decides nothing."""
