"""Which complaints an address asks for. A name that means nothing is refused."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from domain.errors import InvalidError, Lack
from projections.tracking_filter import PAGE_MAX, SORTS, UNKNOWABLE, Query
from projections.tracking_row import STAGES

AS_IT_COMES = Query()
MANY = tuple(f.name for f in fields(Query) if f.default == ())
DAYS = ("received_from", "received_to")
FLAGS = {"true": True, "false": False}
WAITS = ("min_position", "min_version")
POSITION_MAX = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Wait:
    """What a reader has written, and wants to see in the list."""

    position: int = 0
    version: int = 0
    number: str = ""


def query_of(params: QueryParams, *, limit_max: int) -> Query:
    """The list that an address asks for."""
    known = {one.name for one in fields(Query)}
    strange = [
        Lack(name, "no such filter") for name in params if name not in {*known, *WAITS}
    ]
    twice = [
        Lack(name, "say it once")
        for name in known.difference(MANY)
        if len(params.getlist(name)) > 1
    ]
    if strange or twice:
        raise InvalidError(*strange, *twice)
    said = {name: _value(name, params) for name in known if name in params}
    limit = said.get("limit", AS_IT_COMES.limit)
    if limit > limit_max:
        raise InvalidError(Lack("limit", f"between 1 and {limit_max}"))
    return Query(**said)


def _value(name: str, params: QueryParams) -> Any:  # noqa: ANN401  # as Query has it
    text = params[name]
    if name in MANY:
        return tuple(params.getlist(name))
    try:
        if name in DAYS:
            return date.fromisoformat(text)
        if name in {"open", "overdue", "descending"}:
            return FLAGS[text]
        if name == "at":
            return datetime.fromisoformat(text)
        return _whole(name, text) if name == "limit" else text
    except (ValueError, KeyError) as error:
        fix = "a day, as 2026-03-31" if name in DAYS else "true or false"
        fix = "send a time with its offset" if name == "at" else fix
        raise InvalidError(Lack(name, fix)) from error


def wait_of(params: QueryParams, asked: Query) -> Wait | None:
    """What has to be in the list before it is answered, if anything has."""
    position, version = (_whole(n, params[n]) if n in params else 0 for n in WAITS)
    if version and not asked.number:
        raise InvalidError(Lack("number", "name the complaint whose version you wait for"))
    return Wait(position, version, asked.number) if position or version else None


def _whole(name: str, text: str) -> int:
    if not (text.isascii() and text.isdecimal()) or len(text) > len(str(POSITION_MAX)):
        raise InvalidError(Lack(name, "a whole number"))
    return min(int(text), POSITION_MAX)


def address(path: str, asked: Query, **changes: object) -> str:
    """The address of a list: everything that is not as it comes unasked."""
    words = {one.name: getattr(asked, one.name) for one in fields(Query)} | changes
    pairs = [
        (name, _said(one))
        for name, value in words.items()
        if value != getattr(AS_IT_COMES, name)
        for one in (value if isinstance(value, tuple) else (value,))
    ]
    return f"{path}?{urlencode(pairs)}" if pairs else path


def _said(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, date) else str(value)


def _parameters() -> Iterator[dict[str, Any]]:
    """How each filter is described."""
    text: dict[str, Any] = {"type": "string"}
    special: dict[str, dict[str, Any]] = {
        "stage": {"type": "string", "enum": list(STAGES)},
        "unknown": {"type": "string", "enum": list(UNKNOWABLE)},
        "sort": {"type": "string", "enum": list(SORTS), "default": AS_IT_COMES.sort},
        "limit": {"type": "integer", "minimum": 1, "maximum": PAGE_MAX},
        "open": {"type": "boolean"},
        "overdue": {"type": "boolean"},
        "at": {"type": "string", "format": "date-time"},
        "descending": {"type": "boolean"},
        **{day: {"type": "string", "format": "date"} for day in DAYS},
        **{wait: {"type": "integer", "minimum": 0} for wait in WAITS},
    }
    for name in (*(one.name for one in fields(Query)), *WAITS):
        schema = special.get(name, text)
        if name in MANY:
            schema = {"type": "array", "items": schema}
        yield {"name": name, "in": "query", "required": False, "schema": schema}


PARAMETERS = list(_parameters())
