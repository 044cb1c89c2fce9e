"""Exact intervals: how far a figure of few cases can be from what chance would give.

Of a count of rare things the interval of Garwood (1936), by the Poisson distribution; of a
share of a hundred the one of Clopper and Pearson (1934), by the binomial. Both ends are
found by halving, so that no approximation has to be trusted.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from math import exp, lgamma, log, log1p

TAIL = 0.025  # outside at each end: 95 % lie within
HALVINGS = 200
NEGLIGIBLE = 1e-18
KEPT = 10_000  # of those that were worked out


@dataclass(frozen=True, slots=True)
class Interval:
    """From where to where, in the unit of the count or as a share of one."""

    low: float
    high: float


@lru_cache(KEPT)
def of_count(count: int) -> Interval:
    """What a mean may be of which so many were seen: 3 → 0.62 to 8.77."""
    top = 10.0 + count + 10.0 * (count + 1) ** 0.5
    low = 0.0
    if count:
        # At least so many are seen by chance in no more than the tail.
        low = _halved(lambda mean: 1 - _poisson_upto(count - 1, mean) < TAIL, top)
    high = _halved(lambda mean: _poisson_upto(count, mean) > TAIL, top)
    return Interval(low, high)


@lru_cache(KEPT)
def of_share(count: int, of: int) -> Interval:
    """What a share may be of which *count* in *of* were seen: 8 in 12 → 0.349 to 0.901."""
    low, high = 0.0, 1.0
    if count:
        low = _halved(lambda p: 1 - _binomial_upto(count - 1, of, p) < TAIL, 1.0)
    if count < of:
        high = _halved(lambda p: _binomial_upto(count, of, p) > TAIL, 1.0)
    return Interval(low, high)


def _halved(below: Callable[[float], bool], top: float) -> float:
    """Where a condition that holds below some place ceases to."""
    low, high = 0.0, top
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        low, high = (middle, high) if below(middle) else (low, middle)
    return (low + high) / 2


def _poisson_upto(count: int, mean: float) -> float:
    """How likely so many or fewer are; summed from the largest one down."""
    if mean == 0:
        return 1.0
    start = count if count < mean else int(mean)  # the likeliest of them
    first = exp(start * log(mean) - mean - lgamma(start + 1))
    down = _summed(first, lambda n: n / mean, start, 0, -1)
    up = _summed(first, lambda n: mean / (n + 1), start, count, 1)
    return min(1.0, down + up - first)


def _binomial_upto(count: int, of: int, share: float) -> float:
    if share <= 0:
        return 1.0
    if share >= 1:
        return 0.0 if count < of else 1.0
    start = min(count, int(of * share))
    choose = lgamma(of + 1) - lgamma(start + 1) - lgamma(of - start + 1)
    first = exp(choose + start * log(share) + (of - start) * log1p(-share))
    odds = share / (1 - share)
    down = _summed(first, lambda n: n / ((of - n + 1) * odds), start, 0, -1)
    up = _summed(first, lambda n: (of - n) * odds / (n + 1), start, count, 1)
    return min(1.0, down + up - first)


def _summed(
    first: float, step: Callable[[int], float], start: int, end: int, by: int
) -> float:
    """*first* and its neighbours up to *end*, each so many times the one before."""
    total = term = first
    place = start
    while place != end and term > NEGLIGIBLE * total:
        term *= step(place)
        total += term
        place += by
    return total
