"""Waits for what announces nothing: asked again and again until it holds, or time is up."""

import time
from collections.abc import Callable


def within(seconds: float, condition: Callable[[], object], *, every: float) -> bool:
    """Whether it came to hold within that time; asked once more when the time is over.

    For the state of other processes, ports and brokers, which nobody tells us of. Inside
    one process an event or a queue says so itself, and is the better way.
    """
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            return False
        time.sleep(every)  # so that asking does not cost what is waited for
    return True
