"""The story that read models are held to."""

from consumers.opening import Opened
from domain.registry import REGISTRY
from tests.projections.story import recorded, tell


async def test_every_event_happens_in_it(ledger: Opened, database: str) -> None:
    await tell(ledger)

    told = {record.topic for record in recorded(database)}
    assert told == set(REGISTRY)
