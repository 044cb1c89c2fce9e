"""The fines of the demo: the catalog they rest on, and what became of each notice."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from consumers.catalogs import OFFERED
from consumers.demo.case import Step
from consumers.demo.plant import MANAGER, ZONE, Person
from consumers.inbound.desk import Opened
from domain.catalog_stream import Terms, catalog_stream_id, publish
from domain.codec import canonical
from domain.complaint.state import Complaint
from domain.deeds import Decide
from domain.entry import Message
from domain.event import Stream, When, Who
from domain.ledger import aside
from domain.penalty import OffenceStated
from domain.penalty_deeds import NOTICE_DEEDS, looks
from domain.penalty_fine import fine
from domain.penalty_proposal import Each
from domain.penalty_proposal import Terms as Chosen
from domain.rulebooks.rulebook import Rules

CHIEF = Person("p-chief", "quality_manager")  # decides what was appealed
APPROVED_ON = date(2025, 1, 6)
# How many events a notice has once it counts: act, proposal, what gave way, approval.
EVENTS: Mapping[str, int] = {
    "signed_without_rework": 3,
    "instruction_not_followed": 3,
    "missed_inspection": 5,
}
TOLD = ("notified", MANAGER, {"stamped": True})
OBJECTED = ("appealed", MANAGER, {"grounds": "当班未在岗，请复核"})
UPHELD = ("upheld", CHIEF, {"reason": "复核属实，维持"})
SETTLED = ("settled", MANAGER, {"how": "当月工资"})
TAKEN_BACK = ("reversed", MANAGER, {"reason": "复核后责任在工装，不在操作者，冲回"})
OUTCOMES: Sequence[Sequence[tuple[str, Person, dict[str, Any]]]] = (
    (TOLD, SETTLED),
    (TAKEN_BACK,),
    (TOLD, OBJECTED, UPHELD, SETTLED),
    (TOLD, OBJECTED),
    (TOLD,),
    (),
)


async def publish_catalog(opened: Opened) -> None:
    """The catalog of S6, agreed and approved before anything happened. Once."""
    text = (OFFERED / "S6_v1.yaml").read_text(encoding="utf-8")
    catalog = opened.catalog_of(text)
    stream_id = catalog_stream_id(catalog.id)
    if await aside(opened.ledger.found, stream_id) is not None:
        return
    midnight = datetime.combine(APPROVED_ON, datetime.min.time(), ZoneInfo(ZONE))
    terms = Terms(
        agreed_on=APPROVED_ON,
        agreed_by=("铸造部", "机加工部", "检验科"),
        approved_by="p-gm",
        approved_on=APPROVED_ON,
    )
    who = Who(by=MANAGER.id, role=MANAGER.role, source="web")
    begun = publish(None, catalog, text, terms, who=who, at=midnight)
    message = Message("web", "demo-catalog", bytes.fromhex(catalog.sha256))
    await opened.ledger.begin(message, begun)


def fined(step: Step, opened: Opened, complaint_id: UUID, notice: UUID) -> Decide:
    """What a manager decides about a person, on the complaint it happened with."""
    words = dict(step.body)
    who = Who(by=step.by.id, role=step.by.role, source=step.source)
    amounts = tuple(Each.model_validate(one) for one in words["amounts"])
    stated = OffenceStated(
        who=who,
        when=When(occurred_at=step.at),
        complaint_id=complaint_id,
        person=words["person"],
        unit=words["unit"],
        role=words["role"],
        act=words["act"],
        on=date.fromisoformat(words["on"]),
        facts=words["facts"],
        rulebooks={"fines": "S6@1"},
    )

    def decide(complaint: Complaint, rules: Rules) -> Stream:
        return fine(
            complaint,
            rules,
            opened.look(),
            notice_id=notice,
            stated=stated,
            who=who,
            at=step.at,
            terms=Chosen(penalty_clause=words["penalty_clause"], amounts=amounts),
        )

    return decide


def said(step: Step, opened: Opened) -> Decide:
    """What is said of a notice later."""
    deed = NOTICE_DEEDS[step.deed]
    who = Who(by=step.by.id, role=step.by.role, source=step.source)
    more = {"look": opened.look()} if looks(deed) else {}
    body = deed.shape.model_validate_json(canonical(dict(step.body)))
    return deed.said(body, who=who, at=step.at, ids=more)
