"""A tally: sums of lines that are alike, and the figures that are read off them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from domain.kpi.contribution import Contribution, begin_of_month, months_back, next_month
from domain.kpi.definition import Definition, Side
from domain.kpi.figure import Figure, figure, median

TIMES = ("first_contact", "stage_time", "handling_time")  # lines that are not added up
STOCK = "open"


@dataclass(frozen=True, slots=True)
class Counted:
    """Lines that are alike, and what they come to."""

    measure: str
    month: str | None  # of a stock: none
    labels: Sequence[str]
    reasons: Sequence[str]
    took: int | None  # of times: how long each of them
    step: int | None  # of a stock: by the end of which of the months it counts
    amount: int
    lines: int

    @property
    def many(self) -> int:
        """How many complaints, or whatever else, they stand for."""
        return self.lines if self.step is None else self.amount


@dataclass(frozen=True, slots=True)
class Tally:
    """All that some months come to."""

    months: Sequence[str]
    found: Mapping[str, Sequence[Counted]]  # by measure

    def figure(self, definition: Definition, month: str) -> Figure:
        """One cell."""
        out = frozenset(definition.excludes)
        over, of = definition.numerator, definition.denominator
        population = of if of is not None and definition.is_part else over
        left_out = sum(one.many for one in self._of(population, month, out, gone=True))
        more = {"excluded": left_out, "unknown": self._unknown(definition, month, out)}
        counted = list(self._of(over, month, out))
        if definition.unit == "duration":
            times = [one.took or 0 for one in counted for _ in range(one.lines)]
            return median(times, **more)
        above = sum(one.amount for one in counted)
        below = None if of is None else self._below(of, month, out)
        made = figure(definition, above, below, **more)
        if below is None and of is not None:
            return replace(made, because="months_missing")
        return made

    def _below(self, side: Side, month: str, out: frozenset[str]) -> Decimal | None:
        """None where a month is missing: an unknown month is not an empty one."""
        sums = dict.fromkeys(months_back(month, side.months), 0)
        for one in self._of(side, month, out):
            assert one.month is not None
            sums[one.month] += one.amount
        if side.months > 1 and not all(sums.values()):
            return None
        total = Decimal(sum(sums.values()))
        return total / side.months if side.mean else total

    def _unknown(self, definition: Definition, month: str, out: frozenset[str]) -> int:
        side = unknown_side(definition)
        return 0 if side is None else sum(one.many for one in self._of(side, month, out))

    def _of(
        self, side: Side, month: str, out: frozenset[str], *, gone: bool = False
    ) -> Iterator[Counted]:
        """What one side counts; or what it leaves out, when that is *gone*."""
        months, step = months_back(month, side.months), self.months.index(month)
        for one in self.found.get(side.counts, ()):
            here = one.month in months if one.step is None else one.step <= step
            picked = not side.picks or not set(side.picks).isdisjoint(one.labels)
            if here and picked and out.isdisjoint(one.reasons) != gone:
                yield one


def unknown_side(definition: Definition) -> Side | None:
    """What would stand above the line if somebody had said it."""
    if definition.unknown is None:
        return None
    return definition.numerator.model_copy(update={"counts": definition.unknown})


def ends_of(months: Sequence[str], zone: str) -> list[datetime]:
    """The first instants after these months: there a stock is taken."""
    return [begin_of_month(next_month(month), zone) for month in months]


def by_measure(counted: Iterable[Counted], months: Sequence[str]) -> Tally:
    """The tally of these."""
    found: dict[str, list[Counted]] = {}
    for one in counted:
        found.setdefault(one.measure, []).append(one)
    return Tally(months, found)


def tallied(
    lines: Iterable[Contribution], months: Sequence[str], *, at: datetime, zone: str
) -> Tally:
    """What some lines come to, judged at an instant."""
    ends = ends_of(months, zone)
    return by_measure(
        (
            Counted(
                one.measure,
                None if one.measure == STOCK else one.month,
                one.labels,
                one.reasons,
                one.amount if one.measure in TIMES else None,
                sum(end <= one.effective_at for end in ends)
                if one.measure == STOCK
                else None,
                one.amount,
                1,
            )
            for one in lines
            if one.effective_at <= at
        ),
        months,
    )
