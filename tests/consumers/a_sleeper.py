"""A process that owns a partition and sits inside a transaction, to be frozen there."""

import sys
import threading

from consumers.ownership import Member
from consumers.projecting import prepare
from consumers.store_feed import NAME
from projections import progress
from projections.stages import stages


def main(dsn: str) -> None:
    """It holds the lease, and the row of the cursor."""
    prepare(dsn, [stages])
    with Member(dsn) as member, member.session() as conn:
        progress.prepare(conn, "stages_g1", NAME, [0])
        assert member.take("stages_g1/store/0")
        with conn.transaction():
            progress.place(conn, "stages_g1", NAME, 0, hold=True)
            print(member.id, flush=True)
            threading.Event().wait()


if __name__ == "__main__":
    main(*sys.argv[1:])
