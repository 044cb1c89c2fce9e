"""Listing: what is asked of the tracking table in an address, and back again."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from api.pages import moments
from api.pages.typed import NO_DAY
from domain.errors import InvalidError, Lack
from projections.tracking_query import Query

MANY = tuple(one.name for one in fields(Query) if one.default == ())
DAYS = ("received_from", "received_to")
TEXTS = ("number", "sort", "cursor")
FLAGS = ("open", "descending")
FIRST_ORDER = Query()  # as a list comes when nobody asks for another order


@dataclass(frozen=True, slots=True)
class Tag:
    """One filter that is on, and the same list without it."""

    name: str
    value: str
    without: str


def query_of(params: QueryParams) -> Query:
    """The list that an address asks for. A name we do not know asks nothing."""
    said: dict[str, Any] = {
        name: tuple(v.strip() for v in params.getlist(name) if v.strip()) for name in MANY
    }
    single = {name: params.get(name, "").strip() for name in (*DAYS, *TEXTS, *FLAGS)}
    days = {name: moments.day(single[name]) for name in DAYS if single[name]}
    unread = [name for name, day in days.items() if day is None]
    if unread:
        raise InvalidError(*(Lack(name, NO_DAY) for name in unread))
    said |= days
    said |= {name: single[name] for name in TEXTS if single[name]}
    said |= {name: single[name] == "true" for name in FLAGS if single[name]}
    return Query(**said)


def asked(query: Query, **changes: object) -> dict[str, Any]:
    """What an address says of a list: everything that is not as it comes unasked."""
    words = {one.name: getattr(query, one.name) for one in fields(Query)} | changes
    return {
        name: value
        for name, value in words.items()
        if value != getattr(FIRST_ORDER, name) and name != "limit"
    }


def address(path: str, query: Query, **changes: object) -> str:
    """The address of a list. Another filter or order begins at its first page."""
    if changes and "cursor" not in changes:
        changes["cursor"] = ""
    pairs = [
        (name, _said(one))
        for name, value in asked(query, **changes).items()
        for one in (value if isinstance(value, tuple) else (value,))
    ]
    said = urlencode(pairs)
    return f"{path}?{said}" if said else path


def tags(path: str, query: Query) -> list[Tag]:
    """Every filter that is on, each value for itself."""
    found = []
    for name, value in asked(query).items():
        if name in {"sort", "descending", "cursor"}:
            continue
        for one in value if isinstance(value, tuple) else (value,):
            rest = tuple(v for v in value if v != one) if isinstance(value, tuple) else None
            without = rest if rest is not None else getattr(FIRST_ORDER, name)
            found.append(Tag(name, _said(one), address(path, query, **{name: without})))
    return found


def _said(value: Any) -> str:  # noqa: ANN401  # whatever a filter holds
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, date) else str(value)


def views(me: str) -> Mapping[str, Query]:
    """The lists people come back to, each with a name and an address of its own."""
    return {
        "mine": Query(owner=(me,), open=True),
        "unassigned": Query(unknown=("owner",), open=True),
        "ungraded": Query(unknown=("grade",), open=True),
        "to_verify": Query(stage=("action_implemented",)),
        "batch_unknown": Query(unknown=("batch",)),
        "open": Query(open=True),
        "closed": Query(stage=("closed",)),
        "all": Query(),
    }
