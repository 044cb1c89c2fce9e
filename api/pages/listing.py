"""Listing: what an address asks of the tracking table, as a person may have typed it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import QueryParams

from api.complaints import query
from api.complaints.query import AS_IT_COMES, DAYS, MANY
from api.pages import moments
from api.pages.typed import NO_DAY, NO_MOMENT
from domain.errors import InvalidError, Lack
from projections.tracking_query import Query

TEXTS = ("number", "sort", "cursor")
FLAGS = ("open", "overdue", "descending")


@dataclass(frozen=True, slots=True)
class Tag:
    """One filter that is on, and the same list without it."""

    name: str
    value: str
    without: str


def query_of(params: QueryParams, zone: str) -> Query:
    """The list an address asks for. An empty field of the form asks nothing."""
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
    if at := params.get("at", "").strip():
        found = moments.moment(at, zone)
        if found is None:
            raise InvalidError(Lack("at", NO_MOMENT))
        said["at"] = found.at
    said |= {name: single[name] == "true" for name in FLAGS if single[name]}
    return Query(**said)


def address(path: str, asked: Query, **changes: object) -> str:
    """The address of a list. Another filter or order begins at its first page."""
    return query.address(path, asked, **{"cursor": "", **changes})


def tags(path: str, asked: Query) -> Iterator[Tag]:
    """Every filter that is on, each value for itself."""
    for name in (*MANY, "number", "open", "overdue", "at", *DAYS):
        value = getattr(asked, name)
        if isinstance(value, tuple):
            for one in value:
                rest = tuple(other for other in value if other != one)
                yield Tag(name, one, address(path, asked, **{name: rest}))
        elif value != (unasked := getattr(AS_IT_COMES, name)):
            without = address(path, asked, **{name: unasked})
            yield Tag(name, str(value), without)


def views(me: str) -> Mapping[str, Query]:
    """The lists people come back to, each with a name and an address of its own."""
    return {
        "mine": Query(owner=(me,), open=True),
        "overdue": Query(overdue=True),
        "unassigned": Query(unknown=("owner",), open=True),
        "ungraded": Query(unknown=("grade",), open=True),
        "to_verify": Query(stage=("action_implemented",)),
        "batch_unknown": Query(unknown=("batch",)),
        "open": Query(open=True),
        "closed": Query(stage=("closed",)),
        "all": Query(),
    }
