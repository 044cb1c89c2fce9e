"""What a catalog says of one act: the clauses that fit, with their arithmetic.

A verdict: it changes nothing. Which clause wins when several fit is `conflict.py`'s.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from domain.amount import Amount
from domain.errors import InvalidError, Lack
from domain.rulebooks.catalog import Account, Catalog, Clause, Kind, Outcome, Tariff, Tier
from domain.rulebooks.predicates import FEN_PER_YUAN, NA, Facts

# What stands in the way of a candidate, if anything does.
State = Literal["undecided", "open", "set"]
Earlier = Mapping[str, int]  # clause without its version → earlier offences that count
NO_AMOUNTS: Mapping[str, int] = {}
CURRENCY = "CNY"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One tariff that fits the act, or might: what it comes to, and how.

    *undecided*: a fact is missing. *open*: a person has to set the amount for one piece
    (or case), within `low` and `high`. *set*: nothing is open any more.
    """

    clause: str  # catalog@version#clause, with its part
    kind: Kind
    account: Account
    state: State
    times: Decimal = Decimal(1)
    low: int | None = None  # fen for one; none: no amount at all
    high: int | None = None  # fen for one; none: open upwards
    each: int | None = None  # fen for one, as it was set
    amount: int | None = None  # fen in all
    outcome: Outcome | None = None
    bears_cost: bool = False
    heavier: bool = False  # the source says heavier, without a number
    nth: int | None = None  # which offence of this person it is, where that matters
    missing: tuple[str, ...] = ()  # facts that would decide it
    asks: tuple[str, ...] = ()  # facts that could still make it heavier or lighter
    arithmetic: tuple[str, ...] = ()

    @property
    def least(self) -> int:
        """The least it can come to, in fen."""
        if self.amount is not None:
            return self.amount
        return _times(self.low or 0, self.times)

    @property
    def most(self) -> int | None:
        """The most it can come to; none when it is open upwards."""
        if self.amount is not None:
            return self.amount
        if self.low is None:
            return 0
        return None if self.high is None else _times(self.high, self.times)


def candidates(
    catalog: Catalog,
    facts: Facts,
    *,
    earlier: Earlier = {},  # noqa: B006  # read only
    amounts: Mapping[str, int] = NO_AMOUNTS,
) -> list[Candidate]:
    """Every tariff that fits, or that a missing fact keeps open, in the catalog's order.

    *amounts* are what the authority set for one piece or case, in fen, by clause; one that
    lies outside its range is refused.
    """
    found = [
        _set(made, amounts)
        for clause in catalog.clauses
        for tariff in clause.tariffs
        if (made := _candidate(catalog, clause, tariff, facts, earlier)) is not None
    ]
    if strange := sorted({*amounts} - {one.clause for one in found}):
        raise InvalidError(Lack("amounts", f"this clause does not fit: {strange[0]}"))
    return found


def yuan(fen: int) -> str:
    """300.00 for 30000 fen."""
    return f"{Decimal(fen).scaleb(-2):.2f}"


def as_amount(fen: int) -> Amount:
    """The same as money."""
    return Amount(minor=fen, currency=CURRENCY)


def _times(fen: int, times: Decimal) -> int:
    """Half up to the fen."""
    return int((fen * times).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def _candidate(
    catalog: Catalog, clause: Clause, tariff: Tariff, facts: Facts, earlier: Earlier
) -> Candidate | None:
    if facts.get("role") not in tariff.roles:
        return None
    fits = tariff.when.judge(facts)
    exempt = tariff.unless.judge(facts) if tariff.unless else None
    if fits.truth == "false" or (exempt and exempt.truth == "true"):
        return None
    made = Candidate(
        clause=catalog.cites(clause, tariff),
        kind=clause.kind,
        account=clause.account,
        state="set",
        outcome=tariff.outcome,
        bears_cost="bears_cost" in tariff.also,
    )
    missing = (*fits.missing, *(exempt.missing if exempt else ()))
    counted = facts.get(tariff.per) if tariff.per else 1
    if tariff.per and (counted is None or counted is NA):
        missing = (*missing, tariff.per)
    if missing:
        return replace(made, state="undecided", missing=tuple(dict.fromkeys(missing)))
    assert isinstance(counted, int)
    nth = earlier.get(clause.clause, 0) + 1 if tariff.counts_earlier else None
    made = replace(made, nth=nth, times=Decimal(counted) / tariff.per_size)
    return _heavier(tariff, _priced(tariff, made, counted), facts)


def _priced(tariff: Tariff, made: Candidate, counted: int) -> Candidate:
    """With the bounds for one, or the one amount it can have."""
    if tariff.ladder:
        assert made.nth is not None
        step = tariff.ladder[min(made.nth, len(tariff.ladder)) - 1]
        if step.yuan is None:
            return replace(made, outcome=step.outcome, arithmetic=(f"{made.nth}.",))
        return _fixed(made, step.yuan * FEN_PER_YUAN)
    if tariff.tiers:
        return _tiered(tariff, made, counted)
    if tariff.range:
        low, high = (n * FEN_PER_YUAN for n in (tariff.range.low, tariff.range.high))
        return replace(made, state="open", low=low, high=high)
    if tariff.open:
        return replace(made, state="open", low=1)
    return made if tariff.yuan is None else _fixed(made, tariff.fen())


def _fixed(made: Candidate, fen: int) -> Candidate:
    amount = _times(fen, made.times)
    said = f"{made.times.normalize():f} × {yuan(fen)} = {yuan(amount)}"
    return replace(made, low=fen, high=fen, each=fen, amount=amount, arithmetic=(said,))


def _tiered(tariff: Tariff, made: Candidate, counted: int) -> Candidate:
    """By the reading the catalog names: the reached tier, the dearest one, or slices."""
    reached = [tier for tier in tariff.tiers if counted > tier.above]
    if not reached:  # nothing was counted
        return replace(made, low=0, high=0, each=0, amount=0, arithmetic=("0",))
    if tariff.tier_mode == "sum":
        lines = list(_slices(tariff.tiers, counted))
        amount = sum(fen for fen, _ in lines)
        said = tuple(line for _, line in lines)
    else:
        readings = [_whole(tier, counted) for tier in reached]
        amount = (
            readings[-1][0] if tariff.tier_mode == "flat" else max(n for n, _ in readings)
        )
        said = tuple(line for _, line in readings)
        if len(said) > 1:
            said = (*said, f"{tariff.tier_mode}: {yuan(amount)}")
    return replace(
        made,
        times=Decimal(1),
        low=amount,
        high=amount,
        each=amount,
        amount=amount,
        arithmetic=said,
    )


def _whole(tier: Tier, counted: int) -> tuple[int, str]:
    """The tier for all that was counted."""
    fen = tier.yuan * FEN_PER_YUAN
    if tier.flat:
        return fen, f"> {tier.above}: {yuan(fen)}"
    return fen * counted, f"{counted} × {yuan(fen)} = {yuan(fen * counted)}"


def _slices(tiers: tuple[Tier, ...], counted: int) -> Iterator[tuple[int, str]]:
    ends = [*(tier.above for tier in tiers[1:]), counted]
    for tier, end in zip(tiers, ends, strict=True):
        within = min(end, counted) - tier.above
        if within > 0:
            fen = tier.yuan * FEN_PER_YUAN
            slice_ = fen if tier.flat else fen * within
            one = yuan(fen) if tier.flat else f"{within} × {yuan(fen)}"
            yield slice_, f"> {tier.above}: {one} = {yuan(slice_)}"


def _heavier(tariff: Tariff, made: Candidate, facts: Facts) -> Candidate:
    """Halved, doubled or open upwards; what nobody stated is asked, and not applied."""
    asks: tuple[str, ...] = ()
    if tariff.factor_when is not None and made.low is not None:
        judged = tariff.factor_when.judge(facts)
        if judged.truth == "true":
            made = _by_factor(tariff, made)
        elif judged.truth == "unknown":
            asks = judged.missing
    again = tariff.repeat is not None and made.nth is not None and made.nth > 1
    if tariff.aggravation is not None and not again:
        judged = tariff.aggravation.judge(facts)
        again = judged.truth == "true"
        asks += judged.missing if judged.truth == "unknown" else ()
    made = replace(made, asks=tuple(dict.fromkeys(asks)))
    if not again:
        return made
    return replace(made, state="open", high=None, each=None, amount=None, heavier=True)


def _by_factor(tariff: Tariff, made: Candidate) -> Candidate:
    over, under = tariff.factor
    factor = Decimal(over) / Decimal(under)
    said = f"× {over}/{under}"
    low = _times(made.low or 0, factor)
    if made.amount is None:
        high = None if made.high is None else _times(made.high, factor)
        return replace(made, low=low, high=high, arithmetic=(*made.arithmetic, said))
    amount = _times(made.amount, factor)
    return replace(
        made,
        low=low,
        high=low,
        each=low,
        amount=amount,
        arithmetic=(*made.arithmetic, f"{said} = {yuan(amount)}"),
    )


def _set(made: Candidate, amounts: Mapping[str, int]) -> Candidate:
    """With the amount for one that the authority set; outside its bounds it is refused."""
    each = amounts.get(made.clause)
    if each is None:
        return made
    if made.state != "open":
        raise InvalidError(
            Lack("amounts", "this clause leaves no amount to set", made.clause)
        )
    low = made.low or 1
    if made.high is None and each < low:
        raise InvalidError(Lack("amounts", f"set at least {yuan(low)}", made.clause))
    if made.high is not None and not low <= each <= made.high:
        between = f"set an amount from {yuan(low)} to {yuan(made.high)}"
        raise InvalidError(Lack("amounts", between, made.clause))
    amount = _times(each, made.times)
    said = f"{made.times.normalize():f} × {yuan(each)} = {yuan(amount)}"
    return replace(made, state="set", each=each, amount=amount, arithmetic=(said,))
