"""What the tracking table shows of deadlines: the next one, and how the others ended."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from domain.deadline import Deadline, next_due
from projections.tracking_kept import Said

SET, MOVED = "complaint.deadline_set", "complaint.deadline_moved"
STOPPED = "complaint.deadline_stopped"


def deadlines_of(said: Iterable[Said]) -> list[Deadline]:
    """Each deadline as it was recorded last."""
    found: dict[tuple[str, int], Deadline] = {}
    for one in said:
        if one["topic"] == SET:
            made = _set(one)
            found[made.key] = made
        elif one["topic"] in {MOVED, STOPPED} and (known := found.get(_key(one))):
            found[known.key] = (
                _moved(known, one) if one["topic"] == MOVED else _ended(known, one)
            )
    return list(found.values())


def columns_of(said: Iterable[Said], *, ended: bool) -> dict[str, Any]:
    """Columns of a row. What has ended owes nothing more; what was late stays late."""
    deadlines = deadlines_of(said)
    coming = None if ended else next_due(deadlines)
    verdicts = [one.verdict for one in deadlines]
    return {
        "next_clock": coming.clock if coming else None,
        "next_rulebook": coming.clause.partition("#")[0] if coming else None,
        "next_due_at": coming.due_at if coming else None,
        "next_provisional": coming.provisional if coming else None,
        "deadlines_met": verdicts.count("met"),
        "deadlines_late": verdicts.count("late") + verdicts.count("missed"),
    }


def _key(one: Mapping[str, Any]) -> tuple[str, int]:
    return one["clock"], one["cycle"]


def _set(one: Said) -> Deadline:
    return Deadline(
        clock=one["clock"],
        cycle=one["cycle"],
        state=one["state"],
        fact=one["fact"],
        starts_at=_instant(one["starts_at"]),
        due_at=_maybe(one.get("due_at")),
        provisional=one["provisional"],
        clause=one["clause"],
        calendar=0,
        told=one["version"],
    )


def _moved(known: Deadline, one: Said) -> Deadline:
    return replace(
        known,
        state=one["state"],
        starts_at=_instant(one["starts_at"]),
        due_at=_maybe(one.get("new")),
        provisional=one["provisional"],
        told=one["version"],
    )


def _ended(known: Deadline, one: Said) -> Deadline:
    return replace(
        known,
        stopped_by=one.get("fact"),
        stopped_at=_maybe(one.get("stopped_at")),
        missed=one["missed"],
    )


def _maybe(text: str | None) -> datetime | None:
    return None if text is None else _instant(text)


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
