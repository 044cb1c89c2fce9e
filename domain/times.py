"""Instants: with a zone, in whole seconds, and with the offset their source gave."""

from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, AwareDatetime, StringConstraints


def _whole_seconds(moment: datetime) -> datetime:
    """Whole seconds leave no gap between "due 23:59:59" and midnight."""
    if moment.microsecond:
        raise ValueError("a business time has whole seconds")
    return moment


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"no time zone is called {name}") from error
    return name


Instant = Annotated[AwareDatetime, AfterValidator(_whole_seconds)]
Zone = Annotated[str, StringConstraints(max_length=64), AfterValidator(_known_zone)]
