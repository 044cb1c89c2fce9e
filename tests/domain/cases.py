"""Words to tell cases with: complaints as their events say them, without any store."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from domain.amount import Amount
from domain.assess.assessing import assess
from domain.assess.case import Case, case_of
from domain.assess.counting import Counting
from domain.assess.verdict import Verdict
from domain.complaint.intake import Received
from domain.complaint.items import FactEstablished, Item, LossStated
from domain.complaint.state import Complaint
from domain.event import Event, When
from domain.rulebooks.rulebook import Rulebook
from tests.builders import LI, TUESDAY, when

PARTY = uuid5(NAMESPACE_OID, "party")


def yuan(amount: float) -> Amount:
    """So many yuan, to the fen."""
    return Amount(minor=round(amount * 100), currency="CNY")


def received(number: str, at: datetime = TUESDAY, **said: Any) -> Received:
    """A complaint about one item, of which nothing is known unless it is said."""
    words: dict[str, Any] = {"items": (Item(),), "kind": "product"} | said
    return Received(
        who=LI,
        when=When(occurred_at=at),
        number=number,
        party_id=PARTY,
        received_at=at,
        site="plant-1",
        zone="Asia/Shanghai",
        policy_set="plant@1",
        rulebooks={},
        origin="live",
        **words,
    )


def fact(name: str, value: bool | int | str | None, at: datetime = TUESDAY) -> Event:
    """Somebody settled a question."""
    return FactEstablished(who=LI, when=when(at), fact=name, value=value)


def facts(at: datetime = TUESDAY, **values: bool | int | str | None) -> list[Event]:
    """Several questions, settled at once."""
    return [fact(name, value, at) for name, value in values.items()]


def loss(at: datetime = TUESDAY, **said: Any) -> Event:
    """What it has cost."""
    return LossStated(who=LI, when=when(at), **said)


def complaint(*events: Event) -> Complaint:
    """The complaint after these, in the order they were recorded."""
    first = events[0]
    assert isinstance(first, Received)
    stream = uuid5(NAMESPACE_OID, first.number)
    made: Complaint | None = None
    for version, event in enumerate(events, start=1):
        made = event.at(stream, version).mutate(made)
    assert made is not None
    return made


def case(*events: Event) -> Case:
    """The same as an assessment sees it."""
    return case_of(complaint(*events))


def counted(book: Rulebook, cases: Iterable[Case]) -> Counting:
    """The tallies of a regulation over these cases."""
    counting = Counting(book)
    for one in cases:
        counting.add(one)
    return counting


def verdict_on(book: Rulebook, one: Case, *others: Case) -> Verdict:
    """What a regulation makes of a case, among others."""
    found = assess(counted(book, [one, *others]), one)
    assert found is not None
    return found
