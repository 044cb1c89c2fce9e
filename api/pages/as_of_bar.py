"""The as-of bar: from which point a complaint is looked at, and where to go from there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote

from api.complaints.as_of import POSITION_MAX, Asked, exact
from api.pages.case import Case, Then
from api.pages.moments import day, moment, plain
from api.pages.page import Page, address

Texts = Mapping[str, str]
NO_POINT = "say a position, or a time as 2026-03-03 11:05"
DAY = timedelta(days=1, seconds=-1)


@dataclass(frozen=True, slots=True)
class Bar:
    """What the bar shows. An address is missing where there is nothing to go to."""

    then: Then
    path: str
    as_of: str  # as it was typed
    occurred_by: str
    previous: str | None
    next: str | None
    compare: str | None  # with how it stands now
    happened: str | None  # what was known then, with what had happened by then
    json: str


def bar(found: Case, page: Page) -> Bar:
    """The bar of one complaint's page."""
    then, path = found.then, f"/ledger/{quote(found.number, safe='')}"
    at, seen = then.point, then.seen
    asks = page.asks
    before = then.positions[seen - 2] if seen > 1 else None
    after = then.positions[seen] if seen < len(then.positions) else None
    compare = happened = None
    if at is not None:
        until = at.occurred_by.isoformat() if at.occurred_by else None
        compare = address(
            f"{path}/difference", {"from": str(at.position), "from_occurred_by": until}
        )
        if then.later:
            by = (at.instant or at.recorded_at).isoformat()
            both = {"from": str(at.position), "to_occurred_by": by}
            happened = address(f"{path}/difference", both)
    return Bar(
        then=then,
        path=path,
        as_of=asks.get("as_of", ""),
        occurred_by=asks.get("occurred_by", ""),
        previous=page.at(as_of=str(before), event=None) if before else None,
        next=_to(after, then, page),
        compare=compare,
        happened=happened,
        json=_json(found),
    )


def typed_point(
    texts: Texts,
    now: datetime,
    zone: str,
    *,
    names: tuple[str, str] = ("as_of", "occurred_by"),
) -> Asked:
    """The point that a form asks for, on the clock of the place; nothing typed is now."""
    recorded, occurred_by = (plain(texts.get(name, "")) for name in names)
    return Asked(
        _recorded(names[0], recorded, zone, now) if recorded else None,
        _instant(names[1], occurred_by, zone) if occurred_by else None,
    )


def chosen_event(texts: Texts, positions: Sequence[int], page: Page) -> str | None:
    """Where the slider leads: to the position of that event; the last one is now."""
    said = plain(texts.get("event", ""))
    if not said.isascii() or not said.isdecimal():
        return None
    nth = min(max(int(said[:9]), 1), len(positions))
    at = str(positions[nth - 1]) if nth < len(positions) else None
    return page.at(as_of=at, event=None)


def _to(position: int | None, then: Then, page: Page) -> str | None:
    if position is None:
        return None
    last = position == then.positions[-1]
    return page.at(as_of=None if last else str(position), event=None)


def _recorded(name: str, said: str, zone: str, now: datetime) -> int | datetime | None:
    digits = said.replace(",", "")
    if digits.isascii() and digits.isdecimal():
        return min(int(digits[:20]), POSITION_MAX)
    instant = _instant(name, said, zone)
    today = instant - DAY < now < instant and day(said) is not None
    return None if today else instant


def _instant(name: str, said: str, zone: str) -> datetime:
    """What was typed, or stands in a link; a day alone is that day to its end."""
    found = moment(said, zone)
    if found is None:
        return exact(name, said, NO_POINT)
    return found.at + DAY if found.day_only else found.at


def _json(found: Case) -> str:
    path, at = f"/complaints/{quote(found.number, safe='')}", found.then.point
    if at is None:
        return path
    until = at.occurred_by.isoformat() if at.occurred_by else None
    return address(path, {"as_of": str(at.position), "occurred_by": until})
