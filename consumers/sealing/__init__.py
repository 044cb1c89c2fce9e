"""Sealing: a process of its own signs what is recorded, and sees that it stays so."""

import threading
from collections.abc import Sequence
from typing import Any

from psycopg import Connection

from consumers.home import Home
from consumers.sealing import running
from consumers.sealing.anchors import Anchor, AnchorFile
from infra.proof import store
from infra.proof.note import SigningKey, VerifyingKey, signing_key

KIND, DEMO = "complaint-ledger", "demo-not-for-audit"


def key_of(home: Home, *, demo: bool = False) -> SigningKey:
    """The key of this ledger, made at the first start."""
    return signing_key(home.sealer_key, kind=DEMO if demo else KIND)


def own_key(home: Home, conn: Connection[Any]) -> VerifyingKey:
    """By our own file: who could change the ledger could change that too."""
    latest = store.latest(conn) or ""
    return key_of(home, demo=latest.startswith(DEMO)).verifying


def file_of(home: Home, key: VerifyingKey) -> AnchorFile:
    """Where its checkpoints are anchored. Another key has another file."""
    return AnchorFile(home.anchors / f"{key.name.replace('/', '-')}.checkpoints")


def run(
    home: Home,
    dsn: str,
    *,
    others: Sequence[Anchor] = (),
    demo: bool = False,
    stop: threading.Event,
) -> None:
    """Seal this ledger until told to stop."""
    key = key_of(home, demo=demo)
    running.run(
        dsn=dsn, key=key, file=file_of(home, key.verifying), others=others, stop=stop
    )
