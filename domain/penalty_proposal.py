"""The proposal: who is to answer for an act, by which clause, and for how much."""

from collections.abc import Mapping, Sequence
from typing import Annotated

from pydantic import Field

from domain.amount import Amount
from domain.complaint.state import Complaint
from domain.errors import InvalidError, Lack, NotAllowedError, NotReadyError
from domain.event import Value, Who
from domain.penalty import (
    SHARES_MAX,
    Charge,
    CostCharged,
    Liability,
    Notice,
    OffenceStated,
    Part,
    Proposed,
    Rewarded,
    Superseded,
)
from domain.penalty_assessed import Assessed, assessed, counted_as
from domain.penalty_life import approved, authority, penalties_of
from domain.penalty_look import Look
from domain.rulebooks.catalog import Kind
from domain.rulebooks.conflict import Applied, applied, shared
from domain.rulebooks.fines import CURRENCY, Candidate, as_amount
from domain.rulebooks.money import Penalties
from domain.rulebooks.rulebook import Rulebook, Rules
from domain.times import Instant
from domain.words import Line

KINDS: Mapping[Kind, type[Charge]] = {
    "penalty": Proposed,
    "reward": Rewarded,
    "charge": CostCharged,
}


class Each(Value):
    """What the authority sets for one piece or case, under one clause."""

    clause: Line
    each: Amount


class Share(Value):
    """What part one person bears."""

    person: Line
    percent: Annotated[int, Field(ge=1, le=100)]


Amounts = Annotated[tuple[Each, ...], Field(max_length=50)]
Shares = Annotated[tuple[Share, ...], Field(min_length=2, max_length=SHARES_MAX)]


class Terms(Value):
    """What a person chooses about a proposal; what is left out the catalog decides.

    *amount* is for regulations without a catalog; *leader* answers for an act that the
    catalog does not cover.
    """

    penalty_clause: Line | None = None
    amounts: Amounts = ()
    amount: Amount | None = None
    leader: Line | None = None
    liability: Liability | None = None
    shares: Shares | None = None


def propose(
    notice: Notice,
    rules: Rules,
    look: Look,
    *,
    who: Who,
    at: Instant,
    penalty_clause: Line | None = None,
    amounts: Amounts = (),
    amount: Amount | None = None,
    leader: Line | None = None,
    liability: Liability | None = None,
    shares: Shares | None = None,
) -> Complaint | None:
    """Propose what the act comes to. Where no authority is named it counts at once."""
    terms = Terms(
        penalty_clause=penalty_clause,
        amounts=amounts,
        amount=amount,
        leader=leader,
        liability=liability,
        shares=shares,
    )
    return propose_on(notice, rules, look, terms, who=who, at=at)


def propose_on(
    notice: Notice, rules: Rules, look: Look, terms: Terms, *, who: Who, at: Instant
) -> Complaint | None:
    """The same, on terms that are already put together."""
    if notice.stage not in ("stated", "reversed"):
        done = "this person has already been fined for this act"
        raise NotAllowedError(Lack("notice", done))
    penalties = penalties_of(rules)
    if penalties is None:
        rules.on("fines")
        raise NotAllowedError(Lack("fines", "this regulation says nothing of fines"))
    charge, given_way = _judged(notice, rules, penalties, look, terms, who, at)
    changes: dict[str, object] = {
        "rests_on": dict(look.seen),
        "liability": terms.liability or charge.liability,
        "needs_stamp": penalties.needs_stamp or None,
        "round": notice.rounds + 1 if notice.rounds else None,
    }
    if terms.shares is not None:
        changes["shares"] = in_parts(charge.amount, terms.shares)
    notice.record(charge.model_copy(update=changes))
    for one in given_way:
        notice.record(_gives_way(one, charge, notice, penalties, who, at))
    asked = authority(rules)
    if asked is not None and asked.chain:
        return None
    clause = asked.clause if asked else None
    return approved(notice, look, who=who, at=at, clause=clause)


def _judged(
    notice: Notice,
    rules: Rules,
    penalties: Penalties,
    look: Look,
    terms: Terms,
    who: Who,
    at: Instant,
) -> tuple[Charge, tuple[Candidate, ...]]:
    """The charge, and the clauses that give way to it."""
    if penalties.catalog is None:
        return _free(notice, penalties, terms, who, at), ()
    known = assessed(notice, penalties, look, by_clause(terms.amounts))
    if not known.found:
        book = rules.on("fines")
        return _uncovered(notice, book, penalties, terms.leader, who, at), ()
    done = applied(known.found, terms.penalty_clause or "", penalties.conflict)
    return _by_catalog(notice, known, done, penalties, who, at), done.superseded


def by_clause(amounts: Amounts) -> dict[str, int]:
    """What was set for one piece or case, in fen, by clause."""
    if any(one.each.currency != CURRENCY for one in amounts):
        raise InvalidError(Lack("amounts", "fines are in CNY"))
    return {one.clause: one.each.minor for one in amounts}


def _head(notice: Notice, penalties: Penalties) -> dict[str, object]:
    stated = [e for e in notice.happened if isinstance(e, OffenceStated)]
    return {
        "clause": penalties.clause,
        "saw": notice.version,
        "complaint_id": notice.complaint_id,
        "person": notice.person,
        "account": notice.account,
        "unit": next((one.unit for one in stated if one.unit), None),
        "role": notice.role,
        "act": notice.act or "",
        "on": notice.on,
        "fine_key": stated[0].key() if stated else None,
    }


def _by_catalog(
    notice: Notice,
    known: Assessed,
    done: Applied,
    penalties: Penalties,
    who: Who,
    at: Instant,
) -> Charge:
    winner = done.winner
    money = None if done.amount is None else as_amount(done.amount)
    number = winner.clause.partition("#")[2].partition(" ")[0]
    counted = None
    if winner.nth is not None:
        counted = counted_as(known.catalog, number, notice.act or "", penalties)
    priced = winner.low is not None and done.amount == winner.amount
    words = _head(notice, penalties) | {
        "penalty_clause": winner.clause,
        "account": winner.account if winner.kind == "charge" else notice.account,
        "amount": money,
        "each": None if winner.each is None else as_amount(winner.each),
        "least": as_amount(_times(winner, winner.low)) if priced else None,
        "most": as_amount(_times(winner, winner.high)) if priced and winner.high else None,
        "arithmetic": winner.arithmetic,
        "outcome": winner.outcome,
        "bears_cost": winner.bears_cost or None,
        "heavier": winner.heavier or None,
        "nth": winner.nth,
        "counted_as": counted,
        "serial": known.serials.get(number) if counted else None,
    }
    return KINDS[winner.kind].model_validate({"who": who, "decided_at": at, **words})


def _times(winner: Candidate, fen: int | None) -> int:
    assert fen is not None
    return int(fen * winner.times)


def _uncovered(
    notice: Notice,
    book: Rulebook,
    penalties: Penalties,
    leader: str | None,
    who: Who,
    at: Instant,
) -> Charge:
    """No clause fits: the supervising leader answers, and no amount is invented."""
    if penalties.uncovered_role is None:
        raise NotAllowedError(
            Lack("penalty_clause", "no clause of the catalog fits this act")
        )
    clause = f"{book.name}#{penalties.uncovered_clause or ''}"
    if leader is None:
        raise NotReadyError(
            Lack("leader", "no clause covers this act: name the supervising leader", clause)
        )
    words = _head(notice, penalties) | {
        "person": leader,
        "role": penalties.uncovered_role,
        "penalty_clause": clause,
        "liability": "direct",
    }
    return Proposed.model_validate({"who": who, "decided_at": at, **words})


def _free(
    notice: Notice, penalties: Penalties, terms: Terms, who: Who, at: Instant
) -> Charge:
    """The regulation states no amounts: a person sets it, and answers for it."""
    words = _head(notice, penalties) | {
        "penalty_clause": terms.penalty_clause or penalties.clause,
        "amount": positive(terms.amount),
    }
    return Proposed.model_validate({"who": who, "decided_at": at, **words})


def positive(amount: Amount | None) -> Amount:
    """An amount of fen that is worth a notice."""
    if amount is None or amount.minor == 0:
        raise InvalidError(Lack("amount", "a fine of nothing is no fine"))
    if amount.currency != CURRENCY:
        raise InvalidError(Lack("amount", "fines are in CNY"))
    return amount


def in_parts(amount: Amount | None, shares: Sequence[Share]) -> tuple[Part, ...]:
    """An amount divided between persons, exact in the sum."""
    if amount is None:
        raise InvalidError(Lack("shares", "there is no amount to share"))
    if len({one.person for one in shares}) < len(shares):
        raise InvalidError(Lack("shares", "name each person once"))
    fen = shared(amount.minor, [one.percent for one in shares])
    return tuple(
        Part(
            person=one.person,
            percent=one.percent,
            amount=Amount(minor=part, currency=amount.currency),
        )
        for one, part in zip(shares, fen, strict=True)
    )


def _gives_way(
    one: Candidate,
    charge: Charge,
    notice: Notice,
    penalties: Penalties,
    who: Who,
    at: Instant,
) -> Superseded:
    return Superseded(
        who=who,
        decided_at=at,
        saw=notice.version,
        clause=penalties.clause,
        penalty_clause=one.clause,
        amount=None if one.amount is None else as_amount(one.amount),
        outcome=one.outcome,
        arithmetic=one.arithmetic,
        by_clause=charge.penalty_clause,
    )
