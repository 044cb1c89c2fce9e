"""Reception: a complaint as somebody tells it, before it is ours."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict

from domain.complaint.intake import Items, Origin, Received
from domain.event import When, Who
from domain.rulebooks.policy import Case, Policy
from domain.times import Instant, Zone
from domain.words import Code, Line, Verbatim


class Contact(BaseModel):
    """How to reach the complainant. Sealed as a whole; the handles find a party."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    phone: Line | None = None
    email: Line | None = None
    plate: Line | None = None
    address: Line | None = None
    building: Line | None = None
    building_unit: Line | None = None
    room: Line | None = None

    def handles(self) -> Mapping[str, str]:
        """What tells two people apart, by kind, in one spelling."""
        said = {"phone": self.phone, "email": self.email, "plate": self.plate}
        spelt = {
            kind: "".join(text.split()).casefold() for kind, text in said.items() if text
        }
        return {
            kind: text.replace("-", "") if kind == "phone" else text
            for kind, text in spelt.items()
        }


class Reception(BaseModel):
    """What is said when somebody complains. Only what it is about has to be said."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    items: Items
    customer: Line | None = None
    customer_number: Line | None = None
    complainant: Line | None = None
    contact: Contact | None = None
    words: Verbatim | None = None
    channel: Code | None = None
    kind: Code | None = None
    region: Line | None = None
    project: Line | None = None
    claims_repeat: bool | None = None
    occurred_at: Instant | None = None
    precision: Literal["day"] | None = None
    received_at: Instant | None = None
    site: Code | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What the source cannot say: where the complaint is ours, and under which rules."""

    site: str
    zone: Zone
    policy: Policy
    series: str  # or a number of the source's that is kept
    origin: Origin = "live"
    source_key: str | None = None


def received(
    said: Reception, reading: Reading, *, who: Who, at: Instant, party_id: UUID
) -> Received:
    """The event that begins a complaint. An unsaid time is the next later one."""
    received_at = said.received_at or at
    site = said.site or reading.site
    case = _case(said, site, received_at, reading)
    return Received(
        who=who,
        when=When(occurred_at=said.occurred_at or received_at, precision=said.precision),
        number=reading.series,
        source_key=reading.source_key,
        party_id=party_id,
        customer=said.customer,
        customer_number=said.customer_number,
        complainant=said.complainant,
        contact=said.contact.model_dump_json(exclude_none=True) if said.contact else None,
        words=said.words,
        channel=said.channel,
        kind=said.kind,
        region=said.region,
        project=said.project,
        items=said.items,
        received_at=received_at,
        site=site,
        zone=reading.zone,
        policy_set=reading.policy.name,
        rulebooks=reading.policy.governing(case),
        origin=reading.origin,
        claims_repeat=said.claims_repeat,
    )


def _case(said: Reception, site: str, received_at: datetime, reading: Reading) -> Case:
    """What says which regulations govern it; days are those of the plant's zone."""
    zone = ZoneInfo(reading.zone)
    occurred = said.occurred_at.astimezone(zone).date() if said.occurred_at else None
    products = (item.product for item in said.items)
    return Case(
        site=site,
        received_on=received_at.astimezone(zone).date(),
        occurred_on=occurred,
        product_line=reading.policy.policy_set.product_line(products),
        customer=said.customer,
        kind=said.kind,
    )


def case_of(received: Received, policy: Policy) -> Case:
    """The same of a complaint that stands in the ledger.

    Where nobody said when it occurred, its event repeats when it was received.
    """
    zone = ZoneInfo(received.zone)
    occurred, received_at = received.occurred_at, received.received_at
    products = (item.product for item in received.items)
    return Case(
        site=received.site,
        received_on=received_at.astimezone(zone).date(),
        occurred_on=occurred.astimezone(zone).date() if occurred != received_at else None,
        product_line=policy.policy_set.product_line(products),
        customer=received.customer,
        kind=received.kind,
    )
