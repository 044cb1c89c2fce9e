"""Repeats: what one complaint adds to the keys of its rules, and what a key comes to."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain import cluster
from domain.assess.case import case_of
from domain.assess.counting import Counting
from domain.assess.members import Members, Part, Place
from domain.assess.repeats import limit_of
from domain.cluster import Found, Member
from domain.complaint.state import Complaint
from domain.rulebooks.rulebook import Rulebook, Rulebooks
from domain.rulebooks.tallies import Window


@dataclass(frozen=True, slots=True)
class Adds:
    """What a complaint adds to one key, in steps: pieces may become more."""

    rule: str  # rulebook@version#rule
    key: tuple[cluster.Part, ...]
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Share:
    """What one complaint adds to a key, as it was last worked out."""

    complaint: UUID
    number: str
    received_at: datetime
    zone: str
    parts: tuple[Part, ...]


def adds(complaint: Complaint, rulebooks: Rulebooks) -> Iterator[Adds]:
    """Its share in every key of the regulation of its repeats; none if it is a duplicate.

    A closed complaint goes on counting: an old problem returns after closing (S3, S5).
    """
    governing = complaint.rulebooks.get("repeats")
    if governing is None or complaint.duplicate_of is not None:
        return
    book = rulebooks[governing]
    counting = Counting(book)
    counting.add(case_of(complaint))
    for rule_id, rule in book.repeats.items():
        if rule.tally is None or limit_of(rule) is None:
            continue
        facts = book.tallies[rule.tally].key
        for key, members in counting.clusters(rule.tally):
            named = tuple(
                cluster.Part(fact=fact, value=value)
                for fact, value in zip(facts, key, strict=True)
            )
            yield Adds(f"{governing}#{rule_id}", named, tuple(members.parts))


def split(rule: str) -> tuple[str, str]:
    """rulebook@version and the rule's own id."""
    book, _, rule_id = rule.partition("#")
    return book, rule_id


def found(
    book: Rulebook, rule: str, key: tuple[cluster.Part, ...], shares: Sequence[Share]
) -> Found:
    """What the rule comes to for this key, whatever order the shares came in."""
    meant = book.repeats[split(rule)[1]]
    assert meant.tally is not None
    tally, limit = book.tallies[meant.tally], limit_of(meant)
    assert limit is not None
    threshold = limit + (tally.mode == "after_first")
    members = Members()
    for share in shares:
        for part in share.parts:
            members.add(part, ())
    zone = shares[0].zone if shares else "UTC"
    counted = _reached(members, threshold, tally.window, zone)
    amounts: dict[str, int] = {}
    for part in counted:
        amounts[part.number] = amounts.get(part.number, 0) + part.amount
    by_number = {share.number: share for share in shares}
    told = [_member(by_number[number], amount) for number, amount in amounts.items()]
    told.sort(key=lambda one: (one.received_at, one.number))
    return Found(
        rule=rule,
        clause=meant.clause,
        key=key,
        count=sum(amounts.values()),
        threshold=threshold,
        members=tuple(one for one in told if one.amount),
    )


def _reached(
    members: Members, threshold: int, window: Window | None, zone: str
) -> Sequence[Part]:
    """The latest window in which the threshold was reached; else the latest of all."""
    everything = members.upto(Place())
    if window is None or not everything:
        return everything
    for newest in reversed(everything):
        inside = members.within(Place(newest.at, newest.number), window, zone)
        if sum(part.amount for part in inside) >= threshold:
            return inside
    newest = everything[-1]
    return members.within(Place(newest.at, newest.number), window, zone)


def _member(share: Share, amount: int) -> Member:
    return Member(
        complaint=share.complaint,
        number=share.number,
        received_at=share.received_at,
        amount=amount,
    )
