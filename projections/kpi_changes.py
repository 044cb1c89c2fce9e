"""Why a figure changed: line by line from what was shown to what is known."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from psycopg import Connection

from domain.kpi.definition import Kpi
from projections.kpi_query import Asked, Line, Part, lines

Kind = Literal[
    "added",  # it became known later
    "removed",  # a duplicate, withdrawn, not ours
    "moved",  # into another month, or from there
    "due",  # nothing new was said: its instant came
    "re_judged",  # it counts as before, and stands otherwise above the line
    "denominator",  # shipments
    "definition",  # the figure is another one
]
Key = tuple[UUID, str]
Seen = Mapping[Key, Line]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One line of the account: what it does above and below, and the event behind it."""

    kind: Kind
    number: str
    subject: str
    above: int
    below: int
    reasons: list[str]
    topic: str | None = None
    version: int | None = None
    position: int | None = None
    recorded_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Look:
    """What is counted in one cell at one place and time."""

    above: Seen
    below: Seen
    left_out: Seen

    def of(self, key: Key) -> Line | None:
        return self.below.get(key) or self.above.get(key) or self.left_out.get(key)


def changes(
    conn: Connection[Any],
    kpi: Kpi,
    month: str,
    before: Asked,
    after: Asked,
    *,
    now: Kpi | None = None,
) -> list[Change]:
    """From the one to the other; with *now* another version of the figure at the end."""
    first, last = _look(conn, kpi, month, before), _look(conn, kpi, month, after)
    made = list(_between(first, last))
    streams = {key[0] for key in _keys(first, last)}
    events = _events(conn, kpi, streams, before, after)
    known = _known(conn, kpi, streams, before), _known(conn, kpi, streams, after)
    told = [_told(key, one, first, last, known, events.get(key)) for key, one in made]
    if now is not None and now.sha256 != kpi.sha256:
        other = _look(conn, now, month, after)
        told += [replace(one, kind="definition") for _, one in _between(last, other)]
    return sorted(told, key=lambda one: (one.position or 0, one.number, one.subject))


def _look(conn: Connection[Any], kpi: Kpi, month: str, asked: Asked) -> _Look:
    def part(name: Part) -> Seen:
        found = lines(conn, asked, kpi.definition, month, name)
        return {(one.stream_id, one.subject): one for one in found}

    return _Look(part("numerator"), part("denominator"), part("excluded"))


def _keys(*looks: _Look) -> set[Key]:
    return {key for look in looks for seen in (look.above, look.below) for key in seen}


def _between(first: _Look, last: _Look) -> Iterator[tuple[Key, Change]]:
    """Whatever counts otherwise; of what kind that is, is seen afterwards."""
    for key in _keys(first, last):
        above = _amount(last.above, key) - _amount(first.above, key)
        below = _amount(last.below, key) - _amount(first.below, key)
        if above or below:
            line = last.of(key) or first.of(key)
            assert line is not None
            yield (
                key,
                Change(
                    kind="re_judged",
                    number=line.number,
                    subject=line.subject,
                    above=above,
                    below=below,
                    reasons=line.reasons,
                ),
            )


def _amount(seen: Seen, key: Key) -> int:
    line = seen.get(key)
    return 0 if line is None else line.amount


def _told(
    key: Key,
    made: Change,
    first: _Look,
    last: _Look,
    known: tuple[set[Key], set[Key]],
    event: tuple[int, str, int, datetime] | None,
) -> Change:
    """With its kind, and the event by which it came about."""
    if event is not None:
        version, topic, position, recorded_at = event
        made = replace(
            made,
            version=version,
            topic=topic,
            position=position,
            recorded_at=recorded_at,
        )
    line = last.of(key) or first.of(key)
    assert line is not None
    if line.measure in {"shipped", "came_back"}:
        return replace(made, kind="denominator" if made.below else "re_judged")
    was = key in first.below or (not first.below and key in first.above)
    is_ = key in last.below or (not last.below and key in last.above)
    return replace(made, kind=_kind(key, known, last, was=was, is_=is_, event=event))


def _kind(
    key: Key,
    known: tuple[set[Key], set[Key]],
    last: _Look,
    *,
    was: bool,
    is_: bool,
    event: object,
) -> Kind:
    if was and is_:
        return "re_judged" if event is not None else "due"
    if is_:
        if event is None:
            return "due"
        return "moved" if key in known[0] else "added"
    if key in last.left_out:
        return "removed"
    return "moved" if key in known[1] else "removed"


_EVENTS = (
    "SELECT DISTINCT ON (stream_id, subject)"
    "       stream_id, subject, version, topic, position, recorded_at"
    "  FROM reading.kpi_lines"
    " WHERE measure = ANY(%(measures)s) AND stream_id = ANY(%(streams)s)"
    "   AND position > %(after)s AND coalesce(position <= %(upto)s, true)"
    " ORDER BY stream_id, subject, position DESC, nth DESC"
)
_KNOWN = (
    "SELECT DISTINCT stream_id, subject FROM reading.kpi_lines"
    " WHERE measure = ANY(%(measures)s) AND stream_id = ANY(%(streams)s)"
    "   AND coalesce(position <= %(upto)s, true)"
    " GROUP BY stream_id, subject, measure, month HAVING sum(sign) > 0"
)


def _measures(kpi: Kpi) -> list[str]:
    of = kpi.definition.denominator
    return [kpi.definition.numerator.counts, *([of.counts] if of else [])]


def _events(
    conn: Connection[Any], kpi: Kpi, streams: Iterable[UUID], before: Asked, after: Asked
) -> dict[Key, tuple[int, str, int, datetime]]:
    """The last event by which something of it came or went since."""
    words = {
        "measures": _measures(kpi),
        "streams": list(streams),
        "after": before.position or 0,
        "upto": after.position,
    }
    found = conn.execute(_EVENTS, words).fetchall()
    return {(row[0], row[1]): (row[2], row[3], row[4], row[5]) for row in found}


def _known(
    conn: Connection[Any], kpi: Kpi, streams: Iterable[UUID], asked: Asked
) -> set[Key]:
    """What stood in any month by then."""
    words = {
        "measures": _measures(kpi),
        "streams": list(streams),
        "upto": asked.position,
    }
    return {(row[0], row[1]) for row in conn.execute(_KNOWN, words).fetchall()}
