"""Small things with defaults, so that a test says only what it is about."""

import hashlib
from datetime import datetime, timedelta, timezone
from itertools import count
from uuid import UUID, uuid4

from consumers.opening import Opened, policy
from domain.complaint.intake import receive
from domain.complaint.items import Item
from domain.complaint.reception import Contact, Reading, Reception, received
from domain.entry import Message, Receipt
from domain.event import When, Who
from domain.rulebooks.policy import Policies, Policy, PolicyLine, PolicySet
from domain.rulebooks.strict import Words

CHINA = timezone(timedelta(hours=8))
TUESDAY = datetime(2026, 3, 3, 9, 0, tzinfo=CHINA)
WEDNESDAY = TUESDAY + timedelta(days=1)

LI = Who(by="p-li", role="quality_engineer", source="web")
WANG = Who(by="p-wang", role="quality_manager", source="web")
CRM = Who(by="s-crm", role="service", source="crm")

_NTH = count(1)


def when(at: datetime = TUESDAY) -> When:
    """A fact's time."""
    return When(occurred_at=at)


def message(source: str = "http:p-li", key: str | None = None, said: str = "") -> Message:
    """A message nobody has sent before, unless it is given a key."""
    key = key or f"m-{next(_NTH)}"
    return Message(source, key, hashlib.sha256(f"{key}:{said}".encode()).digest())


def reception(**said: object) -> Reception:
    """A complaint about one valve body of batch B26-0455, unless told otherwise."""
    words: dict[str, object] = {
        "items": (
            Item(product="valve body", batch="B26-0455", defect="leak", quantity=20),
        ),
        "customer": "Chengjiang Water",
        "channel": "phone",
        "words": "阀体漏水",
        "complainant": "陈洁",
        "contact": Contact(phone="138 0013 8000"),
    }
    return Reception.model_validate(words | said)


def reading(
    series: str = "C-2026-",
    source_key: str | None = None,
    under: Policy | None = None,
) -> Reading:
    """What a plant adds: its site, zone and rules."""
    return Reading(
        site="plant-1",
        zone="Asia/Shanghai",
        policy=under or policy(),
        series=series,
        source_key=source_key,
    )


async def lodged(
    opened: Opened,
    said: Reception | None = None,
    *,
    at: datetime = TUESDAY,
    who: Who = LI,
    key: Message | None = None,
    source_key: str | None = None,
    under: Policy | None = None,
) -> Receipt:
    """A complaint in the ledger."""
    said = said or reception()
    newcomer = uuid4()
    handles = said.contact.handles() if said.contact else {}
    party_id = opened.keys.admit({newcomer: handles})[newcomer]
    read = reading(source_key=source_key, under=under)
    event = received(said, read, who=who, at=at, party_id=party_id)
    return await opened.ledger.begin(key or message(), receive(uuid4(), event))


def governed(**topics: str) -> Policies:
    """A policy set that nobody published: these topics, by these rulebooks."""
    title = Words(zh="测试", en="a test")
    lines = tuple(
        PolicyLine(topics=(topic,), rulebook=name) for topic, name in topics.items()
    )
    made = PolicySet(schema=1, id="strange", version=1, title=title, lines=lines)
    return Policies(Policy(made, dict.fromkeys(topics.values(), "received")))


def one_id() -> UUID:
    """A random id."""
    return uuid4()
