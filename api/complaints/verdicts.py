"""Verdicts on one complaint: what its regulations propose, counted with its fellows."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from psycopg import Connection, sql

from api.complaints import as_of
from api.complaints.as_of import Point
from api.complaints.history import recorded
from api.complaints.standing import folded
from domain.assess.assessing import among
from domain.assess.case import Case, case_of
from domain.assess.members import Lacking, key_of
from domain.assess.verdict import Verdict
from domain.codec import Codec
from domain.complaint.state import Complaint
from domain.rulebooks.predicates import Facts
from domain.rulebooks.rulebook import Rulebook, Rules
from domain.rulebooks.tallies import Tally
from projections.tracking_row import label

FELLOWS_MAX = 200  # more are not counted for a page; the count says that there may be more
LABELS = {"product_model": "product", "batch": "batch", "defect": "defect"}


def verdicts(
    conn: Connection[Any],
    codec: Codec,
    complaint: Complaint,
    rules: Rules,
    point: Point | None = None,
) -> Mapping[str, Verdict]:
    """By scheme, what each regulation proposes, and why; with *point*, as known then."""
    case = case_of(complaint)
    found = {}
    for scheme in rules.schemes():
        book = rules.regulation(scheme)
        fellows, is_all = _fellows(conn, codec, book, case, point)
        found[scheme] = among(book, case, fellows, is_all=is_all)
    return found


def _fellows(
    conn: Connection[Any],
    codec: Codec,
    book: Rulebook,
    case: Case,
    point: Point | None,
) -> tuple[list[Case], bool]:
    """Who shares a key with it. The read model only says whom to look at."""
    conditions = [
        condition
        for tally in book.tallies.values()
        for view in case.views.values()
        if (condition := _shares(tally, view)) is not None
    ]
    if not conditions:
        return [], True
    ids = _candidates(conn, sql.SQL(" OR ").join(conditions), case.id)
    if ids is None:
        return [], False
    return [*_replayed(conn, codec, ids[:FELLOWS_MAX], point)], len(ids) <= FELLOWS_MAX


def _candidates(
    conn: Connection[Any], condition: sql.Composed, own: UUID
) -> list[UUID] | None:
    """None while the table is being made for the first time."""
    row = conn.execute("SELECT to_regclass('reading.tracking')").fetchone()
    if row is None or row[0] is None:
        return None
    query = sql.SQL(
        "SELECT complaint_id FROM reading.tracking"
        " WHERE complaint_id <> {} AND ({}) LIMIT {}"
    ).format(own, condition, FELLOWS_MAX + 1)
    return [found for (found,) in conn.execute(query)]


def _shares(tally: Tally, view: Facts) -> sql.Composed | None:
    """Which rows may have this key; none when the key is not whole."""
    key = key_of(tally, view)
    if isinstance(key, Lacking):
        return None
    parts = [*_conditions(dict(zip(tally.key, map(str, key), strict=True)))]
    if not parts:  # nothing a row is found by
        return sql.SQL("{}").format(True)
    return sql.SQL("({})").format(sql.SQL(" AND ").join(parts))


def _conditions(key: Mapping[str, str]) -> Iterator[sql.Composed]:
    for fact, value in key.items():
        if fact in LABELS:
            wanted = label(LABELS[fact], value)
            yield sql.SQL("labels @> ARRAY[{}]").format(wanted)
        elif fact == "customer":
            yield sql.SQL("customer = {}").format(value)


def _replayed(
    conn: Connection[Any], codec: Codec, ids: list[UUID], point: Point | None
) -> Iterator[Case]:
    for complaint_id in ids:
        history = recorded(conn, codec, complaint_id)
        complaint = folded(as_of.known(history, point) if point else history)
        if complaint is not None:  # none had been made by then
            yield case_of(complaint)
