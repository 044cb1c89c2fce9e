"""The story that read models are held to."""

from consumers.opening import Opened
from domain.registry import REGISTRY
from projections import PROJECTIONS
from tests.projections.story import recorded, tell


async def test_every_event_happens_in_it_that_a_read_model_follows(
    ledger: Opened, database: str
) -> None:
    """Of accounts and keys no read model tells; their own tests do."""
    await tell(ledger)

    told = {record.topic for record in recorded(database)}
    followed = {t for t in REGISTRY if any(one.follows(t) for one in PROJECTIONS)}
    assert followed - told == set()
    assert told - set(REGISTRY) == set()
