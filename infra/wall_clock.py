"""The one reader of the clock: everybody else is handed what it says."""

from datetime import UTC, datetime


def now() -> datetime:
    """This instant, in UTC, with its zone."""
    return datetime.now(UTC)
