"""As of any point of any history: what the program says is what a slow fold says."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from api.complaints import as_of
from api.complaints.as_of import Point
from api.complaints.difference import Difference, Reader, between, values
from api.complaints.history import Recorded
from api.complaints.standing import standing_of
from domain.complaint.happened import happened_at
from domain.complaint.intake import Accepted
from domain.errors import UnknownComplaintError
from domain.event import Consequence, Decision, Fact, When
from domain.registry import REGISTRY
from tests.api import slow_fold
from tests.api.histories import RULEBOOKS, Ledger, told
from tests.builders import LI, TUESDAY

HISTORIES = 200
READER = Reader(None, {}, RULEBOOKS)
in_lots = pytest.mark.parametrize("lot", range(10))


def lot_of(lot: int) -> Iterator[Ledger]:
    """The histories are told in lots, so that one that differs is found by its number."""
    for seed in range(lot * HISTORIES // 10, (lot + 1) * HISTORIES // 10):
        yield told(seed)


def point(position: int, ledger: Ledger, **more: Any) -> Point:
    words: dict[str, Any] = {
        "instant": None,
        "occurred_by": None,
        "checkpoint": None,
        **more,
    }
    return Point(
        position=position,
        recorded_at=ledger.recorded[position - 1].recorded_at,
        head_position=len(ledger.recorded),
        **words,
    )


def as_told(history: list[Recorded]) -> dict[str, Any]:
    """What the program says, in the words of the slow fold."""
    said = standing_of(history, None, {}, RULEBOOKS)
    other = said.duplicate_of
    found = {
        name: getattr(said, name)
        for name in ("closed", "withdrawn", "owner", "cycle", "grades", "items")
    }
    plain = {*slow_fold.CORE, *slow_fold.SETTLED}
    return found | {
        "duplicate_of": other,
        "facts": {name: one for name, one in said.facts.items() if name in plain},
        "loss": said.loss,
        "version": said.version,
        "received_at": said.received["received_at"],
    }


def slowly(history: list[Recorded]) -> list[slow_fold.Words]:
    return [slow_fold.words_of(at.event) for at in history]


@in_lots
def test_as_of_every_position_it_is_what_a_slow_fold_of_that_part_says(lot: int) -> None:
    looked = 0
    for ledger in lot_of(lot):
        for complaint in ledger.complaints:
            history = ledger.of(complaint)
            for position in range(history[0].position, len(ledger.recorded) + 1):
                part = [at for at in ledger.recorded if at.position <= position]
                mine = [at for at in part if at.event.originator_id == complaint.id]
                seen = as_of.seen(history, point(position, ledger))

                assert as_told(seen) == slow_fold.folded(slowly(mine))
                looked += 1
    assert looked > HISTORIES // 10 * 20


@in_lots
def test_what_had_happened_by_an_instant_is_what_a_slow_fold_says(lot: int) -> None:
    kept = 0
    for ledger in lot_of(lot):
        history = ledger.of(ledger.complaints[0])
        for hours in range(-48, 49, 12):
            by, head = TUESDAY + timedelta(hours=hours), len(ledger.recorded)
            expected = slow_fold.happened(slowly(history), by)
            if not expected:
                with pytest.raises(UnknownComplaintError):
                    as_of.seen(history, point(head, ledger, occurred_by=by))
                continue
            seen = as_of.seen(history, point(head, ledger, occurred_by=by))

            assert as_told(seen) == slow_fold.folded(expected)
            kept += 1 < len(expected) < len(history)
    assert kept > HISTORIES // 20, "most instants cut a history in two"


def test_before_it_was_recorded_there_was_no_such_complaint() -> None:
    ledger = told(1)
    history = ledger.of(ledger.complaints[1])

    with pytest.raises(UnknownComplaintError):
        as_of.seen(history, point(history[0].position - 1, ledger))


@in_lots
def test_a_difference_turns_the_one_standing_into_the_other(lot: int) -> None:
    """And the event that is named for a change is the one after which it stood so."""
    changes = 0
    for ledger in lot_of(lot):
        history = ledger.of(ledger.complaints[0])
        ends = [
            history[0].position,
            history[len(history) // 2].position,
            len(ledger.recorded),
        ]
        for one, other in pairwise(ends):
            found = between(history, point(one, ledger), point(other, ledger), READER)
            a, b = (as_of.seen(history, point(p, ledger)) for p in (one, other))
            turned = dict(values(a, READER))
            for change in found.changes:
                assert turned.pop(change.field, None) == change.before
                if change.after is not None:
                    turned[change.field] = change.after
            assert turned == values(b, READER)
            assert [e.version for e in found.added] == [
                at.event.originator_version for at in b[len(a) :]
            ]
            assert found.gone == []
            assert_set_there(found, history)
            changes += len(found.changes)
    assert changes > HISTORIES // 10


def assert_set_there(found: Difference, history: list[Recorded]) -> None:
    for change in found.changes:
        assert change.by in {entry.version for entry in found.added}
        nth = next(
            n for n, at in enumerate(history) if at.event.originator_version == change.by
        )
        was, now = (values(history[:n], READER) for n in (nth, nth + 1))
        assert was.get(change.field) != now.get(change.field) == change.after


def test_every_event_of_a_complaint_has_a_business_time() -> None:
    kinds = [k for topic, k in REGISTRY.items() if topic.startswith("complaint.")]

    assert [
        k.TOPIC for k in kinds if not issubclass(k, Fact | Decision | Consequence)
    ] == []


def test_a_day_without_a_time_has_happened_when_it_is_over() -> None:
    day = When(occurred_at=TUESDAY, precision="day")

    at = happened_at(Accepted(who=LI, when=day, unit="quality"))

    assert at == TUESDAY.replace(hour=23, minute=59, second=59)
