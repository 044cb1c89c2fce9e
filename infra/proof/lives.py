"""Lives: a ledger put back to an older copy signs under a new name from then on."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from psycopg import Connection

from infra.proof.note import Checkpoint

FORKS = "SELECT position - 1 FROM ledger.event WHERE stream = %s ORDER BY version"


class Lives(NamedTuple):
    """What is recorded of them; *forks*: how many events each but the last left behind."""

    forks: tuple[int, ...] = ()

    @property
    def now(self) -> int:
        """The number of the present one."""
        return len(self.forks) + 1

    def covers(self, said: Checkpoint) -> bool:
        """Whether what it was signed over has to be here still.

        It has not where a later life began with fewer events: those are gone, and the
        event that began that life says so.
        """
        later = self.forks[life_of(said) - 1 :]
        return said.size <= min(later, default=said.size)


def recorded(conn: Connection[Any], stream: UUID) -> Lives:
    """The lives as the ledger itself tells them, in the stream where it notes them."""
    rows = conn.execute(FORKS, [stream]).fetchall()
    return Lives(tuple(row[0] for row in rows))


def life_of(said: Checkpoint) -> int:
    """The number at the end of its origin."""
    return int(said.origin.rpartition("/")[2])


def still_covering(signed: Sequence[Checkpoint], lives: Lives) -> list[Checkpoint]:
    """Without those whose events are gone with an earlier life."""
    return [one for one in signed if lives.covers(one)]
