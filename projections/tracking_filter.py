"""What is asked of the tracking table: which complaints, in which order, from where."""

import hashlib
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Literal, NamedTuple

from psycopg import sql

from domain.errors import InvalidError, Lack
from projections.tracking_row import ENDED, STAGES, label

PAGE_MAX = 200
VALUES_MAX = 50  # of one filter
TEXT_MAX = 200
CURSOR_MAX = 2_000
# A plan for any value is a bad one for a rare value, so these are planned each time.
PREPARE = False

# Columns with an index of their own: any of the values asked for.
INDEXED = ("customer", "stage", "owner")
# The labels: a complaint is found by what any of its items is, and by any of its grades.
LABELLED = (
    "product",
    "batch",
    "defect",
    "grade",
    "channel",
    "kind",
    "origin",
    "site",
    "source",
    "responsible_unit",
    "reply_result",
)
FILTERS = (*INDEXED, *LABELLED)
# What can be asked for as unknown.
UNKNOWABLE = (
    "customer",
    "channel",
    "kind",
    "product",
    "batch",
    "defect",
    "quantity",
    "grade",
    "owner",
    "responsible_unit",
    "root_caused_at",
    "loss_minor",
)


class Sort(NamedTuple):
    """A column that a list can be sorted by; ties go by number, in the same direction."""

    column: str
    kind: Literal["text", "whole", "instant"]
    nullable: bool = False


SORTS: Mapping[str, Sort] = {
    "number": Sort("number", "text"),
    "received_at": Sort("received_at", "instant"),
    "recorded_at": Sort("recorded_at", "instant"),
    "updated_at": Sort("updated_at", "instant"),
    "stage": Sort("stage_nth", "whole"),
    "customer": Sort("customer", "text", nullable=True),
    "product": Sort("product", "text", nullable=True),
    "batch": Sort("batch", "text", nullable=True),
    "defect": Sort("defect", "text", nullable=True),
    "quantity": Sort("quantity", "whole", nullable=True),
    "grade": Sort("grade", "text", nullable=True),
    "owner": Sort("owner", "text", nullable=True),
    "closed_at": Sort("closed_at", "instant", nullable=True),
    "next_due_at": Sort("next_due_at", "instant", nullable=True),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """One list of complaints. Filters narrow together; several values of one widen it.

    A filter, a sort or a cursor that makes no sense is an InvalidError naming its field.
    """

    number: str = ""  # the whole number, or how it begins
    customer: tuple[str, ...] = ()
    product: tuple[str, ...] = ()
    batch: tuple[str, ...] = ()  # width, case, spaces and dashes do not matter
    defect: tuple[str, ...] = ()
    grade: tuple[str, ...] = ()  # scheme:code
    stage: tuple[str, ...] = ()
    channel: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    origin: tuple[str, ...] = ()
    owner: tuple[str, ...] = ()
    site: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    responsible_unit: tuple[str, ...] = ()
    reply_result: tuple[str, ...] = ()
    open: bool | None = None  # neither closed nor withdrawn
    overdue: bool | None = None  # past its next due instant, at `at`
    at: datetime | None = None  # at which instant overdue is asked; none: now
    unknown: tuple[str, ...] = ()  # these columns are unknown, all of them
    received_from: date | None = None  # days in the zone of each complaint's site
    received_to: date | None = None  # this day included
    sort: str = "received_at"
    descending: bool = True
    cursor: str = ""
    limit: int = 25

    def __post_init__(self) -> None:
        """Refuse what cannot be meant, all of it at once."""
        if lacks := [*_wrong_values(self), *_wrong_order(self)]:
            raise InvalidError(*lacks)

    @property
    def sorting(self) -> Sort:
        """The column that *sort* means."""
        return SORTS[self.sort]

    def mark(self) -> str:
        """Tells this list from others: a cursor of one says nothing in another."""
        same = replace(self, cursor="", limit=1)
        return hashlib.sha256(repr(same).encode()).hexdigest()[:12]


def _wrong_values(query: Query) -> Iterator[Lack]:
    for name in FILTERS:
        values = getattr(query, name)
        if len(values) > VALUES_MAX:
            yield Lack(name, f"name at most {VALUES_MAX} values")
        if not all(readable(value) for value in values):
            yield Lack(name, f"send 1 to {TEXT_MAX} characters, no control characters")
    if query.number and not readable(query.number):
        yield Lack("number", f"send 1 to {TEXT_MAX} characters, no control characters")
    if set(query.stage) - set(STAGES):
        yield Lack("stage", f"one of {', '.join(STAGES)}")
    if not all(":" in grade for grade in query.grade):
        yield Lack("grade", "name the scheme too, as S46:A")
    if set(query.unknown) - set(UNKNOWABLE):
        yield Lack("unknown", f"some of {', '.join(UNKNOWABLE)}")
    if query.at is not None and query.at.tzinfo is None:
        yield Lack("at", "send a time with its offset")
    if (
        query.received_from
        and query.received_to
        and query.received_to < query.received_from
    ):
        yield Lack("received_to", "a day on or after received_from")


def _wrong_order(query: Query) -> Iterator[Lack]:
    if query.sort not in SORTS:
        yield Lack("sort", f"one of {', '.join(SORTS)}")
    if not 1 <= query.limit <= PAGE_MAX:
        yield Lack("limit", f"between 1 and {PAGE_MAX}")
    if len(query.cursor) > CURSOR_MAX:
        yield Lack("cursor", "start again without a cursor")


def readable(text: str) -> bool:
    """Whether it is text that a column could hold."""
    return 0 < len(text) <= TEXT_MAX and not any(
        unicodedata.category(character) in {"Cc", "Cs"} for character in text
    )


class Where(NamedTuple):
    """A condition, and the values that stand in it as parameters."""

    condition: sql.Composed
    values: list[Any]


def where(query: Query) -> Where:
    """The rows of a list. Every word of it is ours; what was asked is only a parameter."""
    said = list(_conditions(query))
    condition = sql.SQL(" AND ").join([sql.SQL("true"), *(words for words, _ in said)])
    return Where(condition, [value for _, values in said for value in values])


def _conditions(query: Query) -> Iterator[tuple[sql.Composable, list[Any]]]:
    if query.number:
        begins = unicodedata.normalize("NFKC", query.number).strip()
        yield sql.SQL("number BETWEEN %s AND %s"), [begins, begins + "\U0010ffff"]
    for name in INDEXED:
        if values := getattr(query, name):
            yield sql.SQL("{} = ANY(%s)").format(sql.Identifier(name)), [list(values)]
    for name in LABELLED:
        if values := getattr(query, name):
            yield sql.SQL("labels && %s"), [[label(name, value) for value in values]]
    for name in query.unknown:
        yield sql.SQL("{} IS NULL").format(sql.Identifier(name)), []
    if query.open is not None:
        some = sql.SQL("<" if query.open else ">=")
        yield sql.SQL("stage_nth {} %s").format(some), [STAGES.index(ENDED[0])]
    yield from _of_time(query)


def _of_time(query: Query) -> Iterator[tuple[sql.Composable, list[Any]]]:
    if query.overdue is not None:
        late = "next_due_at < coalesce(%s::timestamptz, date_trunc('second', now()))"
        words = late if query.overdue else f"({late}) IS NOT TRUE"
        yield sql.SQL(words), [query.at]
    # The day is exact; the instants beside it, wide enough for any zone, use an index.
    if query.received_from:
        words = "received_on >= %s AND received_at >= %s::date - interval '2 days'"
        yield sql.SQL(words), [query.received_from] * 2
    if query.received_to:
        words = "received_on <= %s AND received_at < %s::date + interval '3 days'"
        yield sql.SQL(words), [query.received_to] * 2
