"""Instants: with a zone, in whole seconds, and with the offset their source gave."""

from datetime import MAXYEAR, MINYEAR, datetime
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, AwareDatetime, StringConstraints


def _whole_seconds(moment: datetime) -> datetime:
    """Whole seconds leave no gap between "due 23:59:59" and midnight.

    The first and the last year of the calendar are left out: in another zone they may have
    no instant, and what cannot be converted would stop every table.
    """
    if moment.microsecond:
        raise ValueError("a business time has whole seconds")
    if moment.year in (MINYEAR, MAXYEAR):
        raise ValueError(f"a year lies between {MINYEAR} and {MAXYEAR}")
    return moment


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"no time zone is called {name}") from error
    return name


Instant = Annotated[AwareDatetime, AfterValidator(_whole_seconds)]
Zone = Annotated[str, StringConstraints(max_length=64), AfterValidator(_known_zone)]
