"""Postings: what counts, line by line; a month that was stated never changes.

An approval posts the amount, a change the difference, a reversal its negative in the month
of the reversal. The sum over all postings of a notice is what the notice stands at.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Protocol
from uuid import UUID

from psycopg import Connection

from domain.penalty_after import Approved, Changed, Reversed
from projections.projection import Recorded

POSTINGS_SQL = """
CREATE TABLE penalty_postings (
    notice_id  uuid    NOT NULL,
    version    bigint  NOT NULL,
    nth        int     NOT NULL,                -- of the persons who share it
    position   bigint  NOT NULL,
    what       text    COLLATE "C" NOT NULL,    -- approved, changed, reversed
    posted_on  date    NOT NULL,                -- the day in the zone of the decision
    month      text    COLLATE "C" NOT NULL,    -- as in 2026-05
    account    text    COLLATE "C" NOT NULL,
    person     text    COLLATE "C" NOT NULL,
    unit       text    COLLATE "C",
    kind       text    COLLATE "C" NOT NULL,
    clause     text    COLLATE "C" NOT NULL,
    minor      bigint  NOT NULL,                -- negative when it is taken back
    currency   text    COLLATE "C",
    points     int     NOT NULL,
    PRIMARY KEY (notice_id, version, nth)
);
CREATE INDEX penalty_postings_month ON penalty_postings (month, position);
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """One line of the account of one person or unit."""

    notice_id: UUID
    version: int
    nth: int
    position: int
    what: str
    posted_on: date
    month: str
    account: str
    person: str
    unit: str | None
    kind: str
    clause: str
    minor: int
    currency: str | None
    points: int


class Standing(Protocol):
    """What a posting needs of a notice's row."""

    @property
    def account(self) -> str: ...
    @property
    def person(self) -> str: ...
    @property
    def unit(self) -> str | None: ...
    @property
    def kind(self) -> str: ...
    @property
    def clause(self) -> str | None: ...
    @property
    def amount_minor(self) -> int | None: ...
    @property
    def currency(self) -> str | None: ...
    @property
    def points(self) -> int | None: ...
    @property
    def shares(self) -> list[dict[str, Any]] | None: ...


def postings(before: Standing | None, after: Standing, at: Recorded) -> Iterator[Posting]:
    """What this event adds to the accounts: one line for each who bears a part."""
    sign = 1
    match at.event:
        case Approved(decided_at=when):
            lines = _lines(after)
        case Changed(decided_at=when, amount=amount):
            assert before is not None, "only what stands is changed"
            lines = [(after.person, amount.minor - (before.amount_minor or 0))]
        case Reversed(decided_at=when):
            lines, sign = _lines(after), -1
        case _:
            return
    for nth, (person, minor) in enumerate(lines, start=1):
        yield Posting(
            notice_id=at.stream_id,
            version=at.version,
            nth=nth,
            position=at.position,
            what=at.event.TOPIC.partition(".")[2],
            posted_on=when.date(),
            month=f"{when:%Y-%m}",
            account=after.account,
            person=person,
            unit=after.unit,
            kind=after.kind,
            clause=after.clause or "",
            minor=sign * minor,
            currency=after.currency,
            points=0 if isinstance(at.event, Changed) else sign * (after.points or 0),
        )


def _lines(row: Standing) -> list[tuple[str, int]]:
    if row.shares:
        return [(part["person"], part["amount"]["minor"]) for part in row.shares]
    return [(row.person, row.amount_minor or 0)]


def write_postings(conn: Connection[Any], made: Iterable[Posting]) -> None:
    """Add the lines; none is ever changed."""
    words = json.dumps([asdict(one) for one in made], default=str)
    conn.execute(
        "INSERT INTO penalty_postings"
        " SELECT * FROM jsonb_populate_recordset(NULL::penalty_postings, %s)"
        " ON CONFLICT DO NOTHING",
        [words],
    )
