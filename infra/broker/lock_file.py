"""A lock that lives exactly as long as the processes that hold the file open."""

import fcntl
from io import TextIOWrapper
from pathlib import Path


def take(path: Path) -> TextIOWrapper | None:
    """The file, locked and open until it is closed or we die; None if another has it.

    A process that inherits the descriptor shares the lock: it stays with the last of them.
    """
    opened = path.open("a+", encoding="ascii")
    try:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        opened.close()
        return None
    return opened


def is_taken(path: Path) -> bool:
    """Whether some process holds it now."""
    try:
        with path.open(encoding="ascii") as opened:
            # Shared, so that two who ask at once do not take each other for the holder.
            fcntl.flock(opened, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False
