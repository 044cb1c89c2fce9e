"""The story's notices: every event of the penalty ledger, told by real commands."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from consumers.catalogs import OFFERED
from consumers.opening import Opened, rulebooks
from domain.amount import Amount
from domain.catalog_stream import Terms, publish
from domain.entry import Receipt
from domain.event import Stream, When, Who
from domain.ledger import Request
from domain.penalty import OffenceStated
from domain.penalty_charges import charge_cost, deduct_points
from domain.penalty_deeds import NOTICE_DEEDS, looks
from domain.penalty_offence import state_offence
from domain.rulebooks.rulebook import Rules
from tests.builders import LI, TUESDAY, WANG, message

CHIEF = Who(by="p-chief", role="quality_manager", source="web")
V1_FROM = date(2025, 1, 6)
TWELVE = "S6@1#5.2.1.12"
ESCAPED: dict[str, Any] = {"pieces": 3, "reached": "customer", "caused_complaint": True}
HUNDRED = [{"clause": TWELVE, "each": {"minor": 100_00, "currency": "CNY"}}]
CHANGE = {"amount": {"minor": 150_00, "currency": "CNY"}, "reason": "酌情"}


class Clerk:
    """Says things about offences and their notices."""

    def __init__(self, opened: Opened, at: datetime = TUESDAY) -> None:
        self.opened = opened
        self.at = at

    async def publish(self, name: str) -> Receipt:
        text = (OFFERED / f"{name}.yaml").read_text(encoding="utf-8")
        terms = Terms(effective_on=V1_FROM, approved_by="p-gm", approved_on=V1_FROM)
        catalog = self.opened.catalog_of(text)
        begun = publish(None, catalog, text, terms, who=WANG, at=self.at)
        return await self.opened.ledger.begin(message(), begun)

    async def state(self, act: str, role: str, person: str = "p-zhao", **more: Any) -> UUID:
        event = OffenceStated(
            who=LI,
            when=When(occurred_at=self.at),
            complaint_id=more.pop("complaint_id", None),
            account=more.pop("account", "employee"),
            person=person,
            unit=more.pop("unit", None),
            role=role,
            act=act,
            on=self.at.date(),
            rulebooks={"fines": more.pop("governs", "S6@1")},
            facts=more,
        )
        begun = state_offence(uuid4(), event)
        return (await self.opened.ledger.begin(message(), begun)).complaint_id

    async def say(
        self, notice: UUID, name: str, who: Who = WANG, /, **body: Any
    ) -> Receipt:
        deed = NOTICE_DEEDS[name]
        stands = self.opened.ledger.load(notice).version

        def decide(stream: Any, rules: Rules) -> Stream | None:
            more = {"look": self.opened.look()} if looks(deed) else {}
            said = deed.shape.model_validate(body, strict=False)
            decided = deed.said(said, who=who, at=self.at, ids=more)
            return decided(stream, rules)

        expected = None if deed.is_fact else stands
        asked = Request(message(), notice, expected, decide, looks=looks(deed))
        return await self.opened.ledger.take(asked)


async def tell_notices(opened: Opened, complaint_id: UUID) -> None:
    """A fine with all its turns, a reward, a supplier's part, a cost, lost points."""
    clerk = Clerk(opened)
    await clerk.publish("S6_v1")
    await clerk.publish("S14_v1")
    one = await clerk.state(
        "missed_inspection", "patrol_inspector", complaint_id=complaint_id, **ESCAPED
    )
    await clerk.say(one, "proposed", penalty_clause=TWELVE, amounts=HUNDRED)
    await clerk.say(one, "notified", stamped=True)
    await clerk.say(one, "appealed", grounds="未在岗")
    await clerk.say(one, "changed", CHIEF, **CHANGE)
    await clerk.say(one, "reversed", reason="查无实据")
    await clerk.say(one, "proposed", penalty_clause=TWELVE, amounts=HUNDRED)
    await clerk.say(one, "settled")
    two = await clerk.state("bulk_purchase_unpassed_sample", "procurement", unit="采购部")
    await clerk.say(two, "special_approval_given", by="p-gm", on=V1_FROM, in_writing=True)
    await clerk.say(two, "offence_stated", facts={"purchase_on": "2025-01-05"})
    shares = [{"person": "p-a", "percent": 70}, {"person": "p-b", "percent": 30}]
    await clerk.say(two, "proposed", penalty_clause="S6@1#5.1.3.1", shares=shares)
    await clerk.say(two, "appealed", grounds="领导同意过")
    await clerk.say(two, "upheld", CHIEF, reason="特批晚于采购")
    three = await clerk.state("bad_piece_stopped", "next_process_worker", pieces=2)
    await clerk.say(three, "proposed", penalty_clause="S6@1#5.2.4.1")
    lot: Any = {
        "disposition": "concession",
        "labour_minutes": 95,
        "governs": "S14@1",
    }
    four = await clerk.state(
        "concession_use", "supplier", "Fengda", account="supplier", **lot
    )
    await clerk.say(four, "proposed", penalty_clause="S14@1#deduction")
    await clerk.say(four, "approved", CHIEF)
    for begun in _alone(opened, clerk.at):
        await opened.ledger.begin(message(), begun)


def _alone(opened: Opened, at: datetime) -> list[Stream]:
    """A loss that an operator bears, and points that a project loses."""
    books = rulebooks()
    fines, scores = Rules({"fines": books["S6@1"]}), Rules({"scores": books["S34@1"]})
    return [
        charge_cost(
            uuid4(),
            fines,
            who=WANG,
            at=at,
            account="employee",
            person="p-zhao",
            act="返工损失",
            penalty_clause="S6@1#5.2.3.2",
            amount=Amount(minor=1_234_56, currency="CNY"),
        ),
        deduct_points(
            uuid4(),
            scores,
            opened.look(),
            who=WANG,
            at=at,
            project="滨江一期",
            year=2026,
            row="row_4",
            deduction=1,
            times=2,
        ),
    ]
