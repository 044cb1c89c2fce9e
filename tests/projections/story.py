"""A story in which every event that we have happens, told by real commands."""

import json
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg

from consumers.feed import Record
from consumers.opening import Opened
from domain.complaint import contact, deadlines
from domain.complaint.state import Complaint
from domain.complaint.timing import Paused, Resumed
from domain.deeds import DEEDS, Deed
from domain.errors import RefusedError
from domain.event import When
from domain.kinds import KINDS
from domain.ledger import Request
from domain.operation import Operations, rewind, stream_of
from domain.record import Opening
from domain.rulebooks.approving import approve, begun, propose, withdraw
from domain.rulebooks.publication import Draft, Kind
from domain.rulebooks.rulebook import Rules
from tests.builders import LI, TUESDAY, WANG, lodged, message
from tests.projections.alarm import alarm
from tests.projections.calendar_story import tell_calendar
from tests.projections.figures_story import tell_figures
from tests.projections.later_steps import LATER
from tests.projections.notices import tell_notices

SHARES = [{"party": "P1", "percent": 100}]
CAUSES = [{"branch": "occurrence", "text": "模具磨损", "code": "equipment"}]
Step = tuple[int, str, dict[str, Any]]
WHY = {"reason": "typed wrongly"}
STEPS: tuple[Step, ...] = (
    (0, "accepted", {"unit": "quality"}),
    (1, "screened", {"outcome": "ours"}),
    (2, "duplicate_linked", {"reason": "same batch", "other": 1}),
    (0, "item_stated", {"number": 2, "item": {"product": "cover", "quantity": 3}}),
    (1, "fact_established", {"fact": "injury", "value": True}),
    (0, "loss_stated", {"loss": {"minor": 5000, "currency": "CNY"}}),
    (0, "acknowledged", {"channel": "phone"}),
    (1, "contacted", {"channel": "phone", "summary": "已致歉"}),
    (0, "handed_over", {"step": "D3", "to_unit": "workshop-2"}),
    (1, "graded", {"scheme": "S46", "code": "A"}),
    (0, "graded", {"scheme": "S46", "code": "C"}),
    (2, "duplicate_unlinked", {"reason": "another batch", "other": 1}),
    (0, "contained", {"actions": ["全检"]}),
    (0, "stock_swept", {"place": "warehouse", "found": 40, "good": 38, "bad": 2}),
    (1, "determined", {"result": "product"}),
    (1, "root_caused", {"causes": CAUSES}),
    (1, "liability_assigned", {"shares": SHARES}),
    (2, "noted", {"text": "客户在外地"}),
    (2, "rulebook_reassigned", {"topic": "repeats", "rulebook": "S37@1", **WHY}),
    (1, "assigned", {"owner": "p-li"}),
    (1, "inspection_stopped", {"part": "line 2"}),
    (1, "plan_decided", {"plan": "重浇"}),
    (1, "plan_accepted", {}),
    (1, "action_planned", {"action": "A2", "text": "凿除重浇"}),
    (1, "action_implemented", {"action": "A2"}),
    (1, "work_accepted", {"result": "accepted"}),
    (1, "action_planned", {"action": "A1", "text": "改模具"}),
    (1, "action_implemented", {"action": "A1"}),
    (1, "batch_checked", {"shipment_batch": "L1", "result": "clean"}),
    (0, "replied", {"part": "report"}),
    (0, "disposed", {"disposition": "concession", "concession_kind": "sorting"}),
    (0, "labour_booked", {"minutes": 90}),
    (0, "goods_arrived", {"item": 1, "pieces": 4}),
    (0, "return_requested", {"request": "T1", "pieces": 36, "until": "2026-03-20"}),
    (0, "return_approved", {"request": "T1"}),
    (0, "goods_delivered", {"request": "T1", "pieces": 36}),
    (0, "recall_requested", {"recall": "R1", "batches": ["B26-0455"], "reason": "胀包"}),
    (0, "recall_approved", {"recall": "R1"}),
    (0, "recall_executed", {"recall": "R1", "pieces": 480}),
    (1, "batch_checked", {"shipment_batch": "L2", "result": "clean"}),
    (0, "customer_confirmed", {"result": "accepted"}),
    (1, "batch_checked", {"shipment_batch": "L3", "result": "clean"}),
    (2, "withdrawn", {"reason": "误报"}),
    (1, "verified", {"result": "effective", "side_effect": False}),
    (0, "objected", {"about": "grade"}),
    (1, "closed", {}),
    (0, "corrected", {"corrects": 1, "field": "items.1.quantity", "new": 463, **WHY}),
    (1, "reopened", {"reason": "again"}),
    (2, "called_back", {"reached": True, "satisfied": True, "remark": "满意"}),
    (1, "contacted", {"channel": "mail"}),
    *((2, word, body) for word, body in LATER),
)


# What else is in the ledger: the kind, what begins it, and what is said of it.
RECORDS: tuple[tuple[str, dict[str, Any], tuple[tuple[str, dict[str, Any]], ...]], ...] = (
    (
        "shipment",
        {"product": "valve body", "batch": "B26-0455", "pieces": 4800},
        (
            ("returned", {"pieces": 36}),
            ("corrected", {"corrects": 1, "field": "pieces", "new": 4750, **WHY}),
        ),
    ),
    ("shipment", {"product": "cover", "pieces": 10, "precision": "day"}, ()),
    (
        "project",
        {"name": "桂花园三期", "responsible": "p-li"},
        (
            ("hold_point_checked", {"point": "ponding_test", "result": "failed"}),
            ("hold_point_checked", {"point": "materials", "result": "passed"}),
            ("delivered", {"warranty_until": "2028-03-01"}),
            ("called_back", {"reached": True, "satisfied": True}),
            ("report_filed", {"report": "annual_report", "year": 2026}),
            ("evaluated", {"year": 2026, "rows": [{"row": "row_2", "points": 10}]}),
            ("corrected", {"corrects": 1, "field": "customer", "new": "业主会", **WHY}),
        ),
    ),
)


class Teller:
    """Says one step after the other about three complaints."""

    def __init__(self, opened: Opened) -> None:
        self.opened = opened
        self.ids: list[UUID] = []
        self._versions: dict[UUID, int] = {}
        self._hour = 0

    async def begin(self) -> None:
        begun = [await lodged(self.opened, at=self._next()) for _ in range(3)]
        self.ids = [receipt.complaint_id for receipt in begun]
        self._versions = dict.fromkeys(self.ids, 1)

    async def say(self, step: Step) -> None:
        """One step; it may be refused."""
        nth, name, body = step
        deed, words, complaint_id = DEEDS[name], dict(body), self.ids[nth]
        named: dict[str, UUID] = {}
        if "other" in words:
            named["other"] = self.ids[words["other"]]
            words["other"] = "C-2026-000001"
        decide = deed.said(
            deed.shape.model_validate_json(json.dumps(words)),
            who=LI if deed.is_fact else WANG,
            at=self._next(),
            ids=named,
        )
        expected = None if deed.is_fact else self._versions[complaint_id]
        asked = Request(message(), complaint_id, expected, decide)
        receipt = await self.opened.ledger.take(asked)
        self._versions[complaint_id] = receipt.version

    async def publish(self) -> None:
        """A regulation and a policy set, put forward by one and approved by another."""
        kinds: tuple[Kind, ...] = ("rulebook", "policy_set")
        for kind in kinds:
            draft = Draft(kind=kind, id="X1", version=1, text="x", sha256="0" * 64)
            made = begun(draft)
            propose(made, draft, who=LI, at=TUESDAY, disturbs=None)
            approve(made, 1, who=WANG, at=TUESDAY, disturbs=None)
            if kind == "rulebook":
                day = TUESDAY.date()
                withdraw(made, 1, who=LI, at=TUESDAY, last_day=day, reason="x")
            entry = self.opened.ledger.entry(message(), made, decided_on=0)
            await self.opened.ledger.append([entry])

    async def tell_the_rest(self) -> None:
        """Clocks stand still, which no regulation of this plant lets; an operator acts."""
        ledger, name = self.opened.ledger, "tracking"
        complaint = ledger.load(self.ids[0])
        for event in (Paused, Resumed):
            at, saw = self._next(), complaint.version
            complaint.record(event(who=WANG, decided_at=at, saw=saw, reason="sample"))
        operations = Operations(id=stream_of(name))
        rewind(
            operations,
            who=WANG,
            at=self._next(),
            projection=name,
            act="rebuilt",
            generation=f"{name}_g1",
        )
        for stream in (complaint, operations):
            entry = ledger.entry(message(), stream, decided_on=stream.version)
            await ledger.append([entry])

    async def let_time_pass(self) -> None:
        """Two answers lapse; then it is told that one of them was given in time."""
        ledger = self.opened.ledger

        def passed(complaint: Complaint, rules: Rules) -> None:
            until = TUESDAY + timedelta(days=60)
            deadlines.pass_time(complaint, rules, ledger.calendars, until=until)

        asked = Request(message(), self.ids[0], None, passed, on_what_stands=True)
        await ledger.take(asked)
        given = TUESDAY + timedelta(hours=9)
        await ledger.change(
            message(),
            self.ids[0],
            None,
            contact.replied,
            who=LI,
            when=When(occurred_at=given),
            part="corrective",
        )

    async def tell_records(self) -> None:
        """Shipments and projects."""
        for name, first, steps in RECORDS:
            kind = KINDS[name]
            opening = Opening(
                number=kind.series.format(year=2026), site="plant-1", zone="Asia/Shanghai"
            )
            first_of_it = kind.begins.begun(
                _body(kind.begins, first),
                opening,
                who=LI,
                at=self._next(),
                stream_id=uuid4(),
            )
            receipt = await self.opened.ledger.begin(message(), first_of_it)
            for word, body in steps:
                deed = kind.deeds[word]
                decide = deed.said(_body(deed, body), who=LI, at=self._next(), ids={})
                asked = Request(message(), receipt.complaint_id, None, decide)
                await self.opened.ledger.take(asked)

    def _next(self) -> datetime:
        self._hour += 1
        return TUESDAY + timedelta(hours=self._hour)


def _body(deed: Deed, words: dict[str, Any]) -> Any:
    return deed.shape.model_validate_json(json.dumps(words))


async def tell(opened: Opened) -> list[UUID]:
    """Three complaints, told turn by turn; their ids."""
    teller = Teller(opened)
    await teller.begin()
    for step in STEPS:
        await teller.say(step)
    await teller.publish()
    await teller.tell_records()
    await tell_notices(opened, teller.ids[1])
    await teller.tell_the_rest()
    await teller.let_time_pass()
    await alarm(opened, teller.ids)
    await tell_calendar(opened)
    await tell_figures(opened)
    await opened.appender.close()
    return teller.ids


async def tell_anyhow(opened: Opened, steps: Iterable[Step]) -> None:
    """Three more, sensibly or not: what the ledger refuses did not happen."""
    teller = Teller(opened)
    await teller.begin()
    for step in steps:
        with suppress(RefusedError):
            await teller.say(step)
    await opened.appender.close()


def recorded(dsn: str) -> list[Record]:
    """Everything the store has, in its order."""
    with psycopg.connect(dsn) as conn:
        return [
            Record(*row)
            for row in conn.execute(
                "SELECT stream, version, position, recorded_at, topic, state"
                " FROM ledger.event ORDER BY position"
            )
        ]
