"""One act, several clauses: which one is applied, and what the others become (6.1)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from domain.errors import InvalidError, Lack, NotAllowedError, NotReadyError
from domain.rulebooks.catalog import OUTCOMES
from domain.rulebooks.fines import Candidate

Conflict = Literal["none", "most_severe", "sum"]
PERCENT_IN_ALL = 100
FIRST_ABOVE_MONEY = OUTCOMES.index("removal_from_post")


@dataclass(frozen=True, slots=True)
class Applied:
    """The candidate that is applied, what it comes to, and those that give way."""

    winner: Candidate
    amount: int | None  # fen
    superseded: tuple[Candidate, ...] = ()


def applied(found: Sequence[Candidate], clause: str, conflict: Conflict) -> Applied:
    """Apply this clause, or say why another one, or none yet, can be.

    Rewards and charges stand beside a penalty; only penalties conflict with each other.
    """
    chosen = next((one for one in found if one.clause == clause), None)
    if chosen is None:
        fits = ", ".join(one.clause for one in found)
        raise NotAllowedError(
            Lack("penalty_clause", f"choose one of {fits}")
            if fits
            else Lack("penalty_clause", "no clause of the catalog fits this act")
        )
    if chosen.state == "undecided":
        raise NotReadyError(*_unknown(chosen))
    if chosen.state == "open":
        raise NotReadyError(Lack("amounts", "set the amount", chosen.clause))
    others = [
        one for one in found if one is not chosen and one.kind == chosen.kind == "penalty"
    ]
    if conflict == "none" or not others:
        return Applied(chosen, chosen.amount)
    for other in others:
        _settled(other, chosen, conflict)
    if conflict == "sum":
        amounts = [one.amount or 0 for one in (chosen, *others)]
        return Applied(chosen, sum(amounts))
    worst = max(others, key=severity)
    if severity(worst) > severity(chosen):
        raise NotAllowedError(
            Lack("penalty_clause", "the more severe clause is applied", worst.clause)
        )
    return Applied(chosen, chosen.amount, tuple(others))


def severity(one: Candidate) -> tuple[int, int, int]:
    """Leaving the post or the firm outranks every amount; then the larger amount."""
    rank = OUTCOMES.index(one.outcome) if one.outcome else -1
    return (rank if rank >= FIRST_ABOVE_MONEY else -1, one.amount or 0, rank)


def _settled(other: Candidate, chosen: Candidate, conflict: Conflict) -> None:
    """Refuse while the other could still be the more severe one."""
    if other.state == "set":
        return
    if conflict == "most_severe" and severity(chosen)[0] >= FIRST_ABOVE_MONEY:
        return
    if other.state == "undecided":
        raise NotReadyError(*_unknown(other))
    most = other.most
    if conflict == "sum" or most is None or most > (chosen.amount or 0):
        raise NotReadyError(
            Lack("amounts", "set the amount of the other clause too", other.clause)
        )


def _unknown(one: Candidate) -> list[Lack]:
    return [Lack(fact, "state this fact first", one.clause) for fact in one.missing]


def shared(fen: int, percents: Sequence[int]) -> list[int]:
    """An amount in parts of a hundred, exact in the sum: the largest rests get the fen."""
    if sum(percents) != PERCENT_IN_ALL:
        raise InvalidError(Lack("shares", "the shares have to sum to 100 %"))
    whole = [fen * percent // PERCENT_IN_ALL for percent in percents]
    rests = [fen * percent % PERCENT_IN_ALL for percent in percents]
    order = sorted(range(len(percents)), key=lambda nth: (-rests[nth], nth))
    for nth in order[: fen - sum(whole)]:
        whole[nth] += 1
    return whole
