"""A correction changes a row exactly as if the fact had been said rightly."""

import json
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.amount import Amount
from domain.complaint import action, contact, effect, intake, items
from domain.complaint.correction import Corrected, correct
from domain.complaint.items import Item
from domain.complaint.state import Complaint
from domain.errors import RefusedError
from domain.event import Event, Fact
from domain.registry import REGISTRY
from domain.rulebooks.rulebook import Rules
from projections.projection import Recorded
from projections.tracking_columns import row_of
from tests.builders import LI, TUESDAY, when
from tests.projections.telling import (
    COMPLAINT,
    corrected,
    day,
    fact,
    kept,
    received,
    recorded_at,
    row,
    same_but_for_the_correction,
    told,
)

SHAPES = sorted((Path(__file__).parents[1] / "stored_shapes").glob("complaint.*.json"))


def call(nth: int, **said: Any) -> Event:
    return fact(contact.Contacted, day(nth), **{"channel": "phone", "outward": True} | said)


def swept(result: str) -> Event:
    return fact(effect.BatchChecked, day(2), shipment_batch="L1", result=result)


def planned(nth: int = 1, **said: Any) -> Event:
    words = {"action": "A1", "text": "改", "kind": "corrective", "cycle": 1}
    return fact(action.ActionPlanned, day(nth), **words | said)


def stated(number: int, nth: int = 1, **said: Any) -> Event:
    return fact(items.ItemStated, day(nth), number=number, item=Item(**said))


def loss(minor: int) -> Event:
    return fact(items.LossStated, day(1), loss=Amount(minor=minor, currency="CNY"))


def with_item(**said: Any) -> Event:
    return received(items=(Item(product="P-1"), Item(**said)))


# What was said, its version, what it should have been.
@pytest.mark.parametrize(
    ("wrong", "field", "new", "right"),
    [
        (call(3), "when.occurred_at", "2026-03-02T01:00:00Z", call(-1)),
        (call(3), "outward", False, call(3, outward=False)),
        (call(3), "channel", "mail", call(3, channel="mail")),
        (received(customer="Nord"), "customer", "Süd", received(customer="Süd")),
        (received(customer="Nord"), "customer", None, received()),
        (received(), "received_at", "2026-03-04 02:00+01:00", received(received_at=day(1))),
        (call(3), "when.precision", "day", call(3, precision="day")),
        (with_item(quantity=400), "items.2.quantity", 463, with_item(quantity=463)),
        (with_item(quantity=400), "items.2.quantity", None, with_item()),
        (with_item(), "items.2.unit", " pcs ", with_item(unit="pcs")),
        (with_item(batch="O1"), "items.2.batch", "01", with_item(batch="01")),
        (stated(1, batch="1"), "item.batch", None, stated(1)),
        (swept("same_problem"), "result", "clean", swept("clean")),
        (swept("clean"), "result", "same_problem", swept("same_problem")),
        (planned(due=day(5).date()), "due", "2026-03-20", planned(due=day(17).date())),
        (planned(), "text", "长" * 500, planned(text="长" * 500)),
        (loss(900), "loss.minor", 901, loss(901)),
    ],
)  # fmt: skip
@pytest.mark.parametrize("last", [True, False], ids=["at the end", "at once"])
def test_the_row_is_as_if_it_had_been_said_rightly(
    wrong: Event, field: str, new: Any, right: Event, *, last: bool
) -> None:
    others = (call(2), planned(4), loss(1))
    begun = () if isinstance(wrong, intake.Received) else (received(),)
    version = len(begun) + 1
    said_so = corrected(version, type(wrong), field, new)

    told_late = (
        (*begun, wrong, *others, said_so) if last else (*begun, wrong, said_so, *others)
    )
    made = row(*told_late)

    assert made.corrected == 1
    assert same_but_for_the_correction(made) == same_but_for_the_correction(
        row(*begun, right, *others)
    )


def test_the_later_of_two_corrections_counts() -> None:
    twice = (corrected(1, intake.Received, "customer", name) for name in ("Nord", "Süd"))

    made = row(received(), *twice)

    assert (made.customer, made.corrected) == ("Süd", 2)


def test_a_sealed_value_never_comes_near_a_row() -> None:
    """Neither the word that was wrong, nor the right one."""
    sealed = corrected(1, intake.Received, "complainant", None).model_copy(
        update={"new_sealed": "v1:right"}
    )

    said = kept(told(received(complainant="v1:wrong", words="v1:words"), sealed))

    assert "v1:" not in json.dumps([*said.said])
    assert "v1:" not in repr(row_of(said))


# --- Whatever happened, in whatever order it was told. ---------------------------------


def independent() -> list[Event]:
    """Facts that say nothing of one another, no two at the same time."""
    return [
        *(call(nth) for nth in (3, 1, 2)),
        call(0, outward=False),
        *(stated(nth, nth, quantity=nth) for nth in (1, 2)),
        stated(1, 9, batch="B", unit="pcs"),
        fact(contact.Replied, day(4), part="report", result="relief"),
        fact(contact.Replied, day(5), part="preventive", result="explained"),
        fact(contact.HandedOver, day(6), step="8D", to_unit="moulding"),
        fact(intake.Accepted, day(1), unit="quality"),
        fact(action.ActionImplemented, day(3), action="A1", cycle=1),
        fact(action.ActionImplemented, day(8), action="A1", cycle=1),
        planned(4, due=day(20).date()),
        fact(effect.BatchChecked, day(7), shipment_batch="L", result="same_problem"),
        fact(items.LossStated, day(2), loss=Amount(minor=5, currency="CNY")),
        fact(items.LossStated, day(6), loss=Amount(minor=7, currency="EUR")),
    ]  # fmt: skip


CORRECTIONS = (
    (0, "when.occurred_at", "2026-03-01T01:00:00Z"),
    (4, "item.quantity", 50),
    (8, "result", "relief"),
    (15, "loss.minor", 6),
)


@settings(deadline=None)
@given(
    order=st.permutations(range(len(independent()))),
    late=st.lists(st.integers(0, 20), min_size=4, max_size=4),
)
def test_facts_and_their_corrections_make_one_row_in_any_order(
    order: Sequence[int], late: Sequence[int]
) -> None:
    def line(order: Sequence[int], late: Sequence[int]) -> Iterator[Event]:
        facts, versions = independent(), dict[int, int]()
        waiting = [
            (order.index(nth) + wait, nth, field, new)
            for wait, (nth, field, new) in zip(late, CORRECTIONS, strict=True)
        ]
        yield received()
        version = 1
        for turn in range(len(order) + 21):
            if turn < len(order):
                version += 1
                versions[order[turn]] = version
                yield facts[order[turn]]
            for _, nth, field, new in (due for due in waiting if due[0] == turn):
                version += 1
                yield corrected(versions[nth], type(facts[nth]), field, new)

    straight = row(*line(range(len(order)), [0, 0, 0, 0]))

    assert same_but_for_the_correction(row(*line(order, late))) == (
        same_but_for_the_correction(straight)
    )


RULES = Rules({})  # none speaks of corrections
NEW = st.sampled_from(
    [None, True, 0, 463, "x", " pcs ", "day", "2026-03-09", "2026-03-01 09:00+08:00",
     "2026-03-05T10:00:00Z", "1772500000", "clean", "same_problem", "rejected"],
)  # fmt: skip


def shape(path: Path) -> Event:
    topic = path.name.rsplit(".v", 1)[0]
    return REGISTRY[topic].model_validate_json(path.read_bytes())


def paths(words: Any, way: str = "") -> Iterator[str]:
    """Every place in an event that holds one value."""
    found = words.items() if isinstance(words, dict) else enumerate(words, start=1)
    for key, value in found:
        inner = f"{way}.{key}".lstrip(".")
        if isinstance(value, dict | list):
            yield from paths(value, inner)
        else:
            yield inner


FACTS = [event for event in map(shape, SHAPES) if isinstance(event, Fact)]
PLACES = [
    (event, place)
    for event in FACTS
    if not isinstance(event, Corrected)
    for place in paths(event.model_dump(mode="json"))
]


@settings(max_examples=400, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(PLACES), NEW), min_size=1, max_size=6))
def test_the_row_follows_whatever_the_domain_lets_be_corrected(
    wishes: Sequence[tuple[tuple[Event, str], Any]],
) -> None:
    """The judge is the complaint itself: what decisions see is what the row shows."""
    begun = next(event for event in FACTS if isinstance(event, intake.Received))
    others = [event for (event, _), _ in wishes if event is not begun]
    line = told(begun, *others)
    complaint = line[0].event.mutate(None)
    assert isinstance(complaint, Complaint)
    for at in line[1:]:
        at.event.mutate(complaint)
    for (wrong, place), new in wishes:
        version = next(at.version for at in line if type(at.event) is type(wrong))
        with suppress(RefusedError):  # then nothing follows from it
            correct(complaint, RULES, who=LI, when=when(TUESDAY), corrects=version,
                    field=place, new=new, reason="x")  # fmt: skip

    rightly = [replace(at, event=complaint.happened[at.version]) for at in line]
    wrongly = [*line, *(_at(event) for event in complaint.collect_events())]

    assert same_but_for_the_correction(row_of(kept(wrongly))) == (
        same_but_for_the_correction(row_of(kept(rightly)))
    )


def _at(event: Event) -> Recorded:
    version = event.originator_version
    return Recorded(COMPLAINT, version, version, recorded_at(version), event)
