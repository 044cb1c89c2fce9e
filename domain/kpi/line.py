"""Lines of one stream: what they all say of it, so that a measure says only its own."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from domain.event import Fact
from domain.kpi.contribution import Contribution, end_of_day, month_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """Where the stream is, whose it is, and why some definitions leave it out."""

    zone: str
    site: str
    customer: str | None
    product: str | None
    reasons: tuple[str, ...] = ()

    def line(
        self,
        measure: str,
        at: datetime,
        *,
        since: datetime | None = None,
        subject: str = "",
        amount: int = 1,
        labels: tuple[str, ...] = (),
        also: tuple[str, ...] = (),
        product: str | None = None,
    ) -> Contribution:
        """Counted in the month of *at*, from *since* on; *also* are further reasons."""
        return Contribution(
            measure=measure,
            subject=subject,
            month=month_of(at, self.zone),
            effective_at=(since or at).astimezone(UTC),
            amount=amount,
            labels=labels,
            reasons=tuple(sorted({*self.reasons, *also})),
            site=self.site,
            customer=self.customer,
            product=product or self.product,
        )

    def by_end_of(self, day: date) -> datetime:
        """The last second of a day at the plant: until then a day is kept."""
        there = ZoneInfo(self.zone)
        end = datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=there)
        return end.astimezone(UTC)

    def day_of(self, at: datetime) -> date:
        """The day of an instant at the plant."""
        return at.astimezone(ZoneInfo(self.zone)).date()

    def stop(self, fact: Fact) -> datetime:
        """When something is over: a day without an hour ends when the day does."""
        if fact.when.precision == "day":
            return end_of_day(fact.occurred_at, self.zone)
        return fact.occurred_at.astimezone(UTC)
