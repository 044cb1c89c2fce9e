"""What readers ask of figures: cells of some months, and the lines under one of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from psycopg import Connection, sql
from psycopg.rows import class_row

from domain.kpi.contribution import begin_of_month, next_month
from domain.kpi.definition import Definition, Side
from domain.kpi.figure import Figure
from domain.kpi.tally import (
    STOCK,
    TIMES,
    Counted,
    Tally,
    by_measure,
    ends_of,
    unknown_side,
)

TREND = 24  # months a figure is shown for
BACK = 11  # and so many more before them, which a rolling rate looks at
LINES_MAX = 10_000
MOMENT = timedelta(microseconds=1)

Part = Literal["numerator", "denominator", "excluded", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which lines: what the ledger held at a position, judged at an instant."""

    at: datetime
    position: int | None = None
    zone: str  # of the plant: it says when a month ends
    site: str | None = None
    customer: str | None = None
    product: str | None = None

    def words(self) -> dict[str, Any]:
        """As a statement takes them."""
        return {
            "at": self.at,
            "position": self.position,
            "site": self.site,
            "customer": self.customer,
            "product": self.product,
        }

    def until(self, month: str) -> datetime:
        """The instant at which a stock of this month is taken."""
        return min(self.at, begin_of_month(next_month(month), self.zone) - MOMENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line under a cell, and the event it came by."""

    stream_id: UUID
    number: str
    measure: str
    subject: str
    month: str
    effective_at: datetime
    amount: int
    labels: list[str]
    reasons: list[str]
    customer: str | None
    product: str | None
    version: int
    topic: str
    position: int
    recorded_at: datetime


_WHERE = sql.SQL(
    "coalesce(position <= %(position)s, true)"
    " AND coalesce(site = %(site)s, %(site)s IS NULL)"
    " AND coalesce(customer = %(customer)s, %(customer)s IS NULL)"
    " AND coalesce(product = %(product)s, %(product)s IS NULL)"
)
_TALLY = sql.SQL(
    "SELECT measure, CASE WHEN measure <> %(stock)s THEN month END AS month,"
    "       labels, reasons, CASE WHEN measure = ANY(%(times)s) THEN amount END AS took,"
    "       CASE WHEN measure = %(stock)s"
    "            THEN width_bucket(effective_at, %(ends)s::timestamptz[]) END AS step,"
    "       sum(sign * amount)::bigint AS amount, sum(sign)::bigint AS lines"
    "  FROM reading.kpi_lines WHERE {} AND effective_at <= %(at)s"
    "   AND (month >= %(first)s OR measure = %(stock)s) AND month <= %(last)s"
    " GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(sign) <> 0 OR sum(sign * amount) <> 0"
).format(_WHERE)


def tally(conn: Connection[Any], asked: Asked, months: Sequence[str]) -> Tally:
    """Every sum of these months, by one look at the lines."""
    words = asked.words() | {
        "stock": STOCK,
        "times": list(TIMES),
        "ends": ends_of(months, asked.zone),
        "first": next_month(months[0], -BACK),
        "last": months[-1],
    }
    with conn.cursor(row_factory=class_row(Counted)) as cur:
        return by_measure(cur.execute(_TALLY, words), months)


def cell(conn: Connection[Any], asked: Asked, definition: Definition, month: str) -> Figure:
    """One figure of one month."""
    return tally(conn, asked, [month]).figure(definition, month)


_LINES = sql.SQL(
    "SELECT stream_id, number, measure, {subject} AS subject, month,"
    "       min(effective_at) AS effective_at, {amount}::bigint AS amount,"
    "       labels, reasons, customer, product,"
    "       (array_agg(version ORDER BY position DESC))[1] AS version,"
    "       (array_agg(topic ORDER BY position DESC))[1] AS topic,"
    "       max(position) AS position, max(recorded_at) AS recorded_at"
    "  FROM reading.kpi_lines WHERE {where} AND measure = %(measure)s"
    "   AND effective_at <= %(at)s AND month BETWEEN %(first)s AND %(last)s"
    "   AND (cardinality(%(picks)s::text[]) = 0 OR labels && %(picks)s::text[])"
    "   AND (reasons && %(excludes)s::text[]) = %(left_out)s"
    " GROUP BY stream_id, number, measure, month, labels, reasons, customer, product"
    "          {apart} HAVING sum({left}) <> 0"
    " ORDER BY month, number, stream_id, 4, 6 LIMIT %(limit)s"
)
# Each line stands for itself; but a stock is what is left of all that came and went.
_EACH = _LINES.format(
    where=_WHERE,
    subject=sql.SQL("subject"),
    amount=sql.SQL("amount"),
    apart=sql.SQL(", subject, amount, kpi_lines.effective_at"),
    left=sql.SQL("sign"),
)
_LEFT = _LINES.format(
    where=_WHERE,
    subject=sql.SQL("''"),
    amount=sql.SQL("sum(sign * amount)"),
    apart=sql.SQL(""),
    left=sql.SQL("sign * amount"),
)


def lines(
    conn: Connection[Any],
    asked: Asked,
    definition: Definition,
    month: str,
    part: Part,
    *,
    limit: int | None = LINES_MAX,
) -> list[Line]:
    """Exactly what is counted in one part of a cell."""
    side = _side(definition, part)
    if side is None:
        return []
    stock = side.counts == STOCK
    words = asked.words() | {
        "at": asked.until(month) if stock else asked.at,
        "measure": side.counts,
        "first": "" if stock else next_month(month, 1 - side.months),
        "last": month,
        "picks": list(side.picks),
        "excludes": list(definition.excludes),
        "left_out": part == "excluded",
        "limit": limit,
    }
    with conn.cursor(row_factory=class_row(Line)) as cur:
        return cur.execute(_LEFT if stock else _EACH, words).fetchall()


def _side(definition: Definition, part: Part) -> Side | None:
    match part:
        case "denominator":
            return definition.denominator
        case "unknown":
            return unknown_side(definition)
        case "excluded" if definition.is_part:
            return definition.denominator
        case _:
            return definition.numerator


def months(conn: Connection[Any], now: str) -> list[str]:
    """From the first month that has anything up to this one, the latest first."""
    row = conn.execute("SELECT min(month) FROM reading.kpi_lines").fetchone()
    first = row[0] if row and row[0] else now
    found = [now]
    while found[-1] > first and len(found) < TREND * 10:
        found.append(next_month(found[-1], -1))
    return found


def newest(conn: Connection[Any]) -> str | None:
    """The last month in which something was received or sent."""
    row = conn.execute(
        "SELECT max(month) FROM reading.kpi_lines WHERE measure IN ('received', 'shipped')"
    ).fetchone()
    return row[0] if row else None


def choices(
    conn: Connection[Any], column: Literal["site", "customer", "product"]
) -> list[str]:
    """What a figure can be narrowed to, by what was received and sent."""
    found = conn.execute(
        sql.SQL(
            "SELECT DISTINCT {0} FROM reading.kpi_lines"
            " WHERE measure IN ('received', 'shipped') AND {0} IS NOT NULL"
            " ORDER BY {0} LIMIT 200"
        ).format(sql.Identifier(column))
    )
    return [row[0] for row in found]
