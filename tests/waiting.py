"""Waiting for what another process does: as short as it takes, and never for ever."""

import time
from collections.abc import Callable

PATIENCE_S = 20.0
POLL_S = 0.02


def until(condition: Callable[[], object], patience_s: float = PATIENCE_S) -> None:
    """Come back when it holds; fail when it does not in that time."""
    deadline = time.monotonic() + patience_s
    while not condition():
        assert time.monotonic() < deadline, f"not within {patience_s} s"
        time.sleep(POLL_S)  # nothing tells us: the condition is another process's
