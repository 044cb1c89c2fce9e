"""The score of a project for a year: what each row allots, what was lost, what is left."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from domain.rulebooks.money import Scorecard
from domain.rulebooks.predicates import Facts

ONE_DECIMAL = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Scored:
    """One row. Without a stated maximum it has none, and no share in the rate."""

    row: str
    allotted: int | None
    assumed: bool
    lost: int
    actual: int | None
    zeroed: bool
    asks: tuple[str, ...] = ()  # facts that could still make it zero


@dataclass(frozen=True, slots=True)
class Score:
    """All rows, and their rate: actual of allotted, in percent, half up."""

    rows: tuple[Scored, ...]
    allotted: int
    actual: int
    rate: Decimal | None  # none when nothing is allotted


def score(card: Scorecard, lost: Mapping[str, int], facts: Facts) -> Score:
    """*lost* are the points of each row that were deducted and not reversed."""
    rows = []
    for name, row in card.rows.items():
        judged = row.zero_when.judge(facts) if row.zero_when else None
        zeroed = judged is not None and judged.truth == "true"
        allotted = row.max if row.max is not None else row.assumed_max
        gone = lost.get(name, 0)
        actual = None if allotted is None else max(row.floor or 0, allotted - gone)
        rows.append(
            Scored(
                row=name,
                allotted=allotted,
                assumed=row.max is None and allotted is not None,
                lost=gone,
                actual=0 if zeroed and actual is not None else actual,
                zeroed=zeroed,
                asks=judged.missing if judged and judged.truth == "unknown" else (),
            )
        )
    total = sum(row.allotted or 0 for row in rows)
    actual = sum(row.actual or 0 for row in rows)
    rate = Decimal(100 * actual) / total if total else None
    if rate is not None:
        rate = rate.quantize(ONE_DECIMAL, rounding=ROUND_HALF_UP)
    return Score(tuple(rows), total, actual, rate)
