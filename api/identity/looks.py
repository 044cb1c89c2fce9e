"""Looks: who looked at personal data, fines and exports, noted before it is shown."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from fastapi import Request
from psycopg import Connection
from psycopg.rows import class_row

from api.identity.permissions import Person
from infra.postgres.pool import Pool

What = Literal["personal", "penalties", "export", "bundle"]
WHY_MAX = 200
ROWS_MAX = 200


@dataclass(frozen=True, slots=True)
class Kind:
    """An address behind which something lies that not everybody sees."""

    address: re.Pattern[str]
    what: What
    right: str  # without it nothing of the kind is shown, so nothing was looked at
    asks: str = ""  # the question that opens it, where it is shut at first


# The first that fits counts.
KINDS = (
    Kind(re.compile(r"/complaints/[^/]+/bundle"), "bundle", "read"),
    Kind(
        re.compile(r"/(complaints|shipments|projects|backtests/.*)\.csv"), "export", "read"
    ),
    Kind(re.compile(r"/exports/tracking\..*"), "export", "read"),
    Kind(re.compile(r"/(kpis(/.*)?\.csv|exports/.*)"), "export", "read_all"),
    Kind(re.compile(r"/penalties.*\.csv"), "export", "read_penalties"),
    Kind(re.compile(r"/(penalties|statement)(/.*)?"), "penalties", "read_penalties"),
    Kind(re.compile(r"/complaints/[^/]+(/events(/\d+)?)?"), "personal", "read_personal"),
    Kind(re.compile(r"/complaints/[^/]+/difference"), "personal", "read_personal"),
    Kind(re.compile(r"/ledger/[^/]+(/difference)?"), "personal", "read_personal", "open"),
)
NOT_ONE = frozenset({"/complaints/counts", "/ledger/new"})  # no complaint is called so
NOTE = """
    INSERT INTO identity.look (at, person, role, what, about, why)
    VALUES (%s, %s, %s, %s, %s, %s)
"""
LATEST = """
    SELECT nth, at, person, role, what, about, why FROM identity.look
     WHERE nth < %(before)s AND (%(person)s = '' OR person = %(person)s)
     ORDER BY nth DESC LIMIT %(most)s
"""


@dataclass(frozen=True, slots=True)
class Look:
    """One look at something that not everybody sees."""

    nth: int
    at: datetime
    person: str
    role: str
    what: What
    about: str
    why: str | None


def kind_of(request: Request, person: Person) -> Kind | None:
    """What this request would show, if it shows anything of the kind to this person."""
    path = request.url.path
    if request.method != "GET" or path in NOT_ONE:
        return None
    wants_file = "text/csv" in request.headers.get("accept", "")
    if wants_file and path in {"/complaints", "/shipments", "/projects"}:
        return Kind(re.compile(path), "export", "read") if person.may("read") else None
    for kind in KINDS:
        if kind.address.fullmatch(path):
            asked = not kind.asks or request.query_params.get(kind.asks) == "1"
            return kind if asked and person.may(kind.right) else None
    return None


def note(pool: Pool, request: Request, person: Person, kind: Kind, at: datetime) -> None:
    """Write it down; when that cannot be done, nothing is shown. It waits."""
    why = request.query_params.get("why", "")[:WHY_MAX] or None
    about = request.url.path[: 10 * WHY_MAX]
    with pool.connection() as conn:
        conn.execute(NOTE, [at, person.id, person.role, kind.what, about, why])


def latest(conn: Connection[Any], *, before: int, person: str) -> list[Look]:
    """The last looks, or those before one of them; of one person if named."""
    asked = {"before": before, "person": person, "most": ROWS_MAX}
    with conn.cursor(row_factory=class_row(Look)) as cur:
        return cur.execute(LATEST, asked).fetchall()
