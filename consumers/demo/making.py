"""The demo is made as people would have made it: every event by a command to the ledger."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from consumers.demo import fines, projects, shipments
from consumers.demo.case import Step
from consumers.demo.plant import SITE, ZONE
from consumers.demo.story import Story, tell
from consumers.inbound.desk import Opened
from domain.batch import Outcome, take_in
from domain.codec import canonical
from domain.complaint.fined import Fined
from domain.complaint.intake import receive
from domain.complaint.reception import Reading, Reception, received
from domain.complaint.state import Complaint
from domain.deeds import DEEDS
from domain.entry import ACCEPTED, Message
from domain.event import Stream, Who
from domain.json_text import validated
from domain.ledger import Request, aside
from domain.penalty_deeds import NOTICE_DEEDS

BATCH_MAX = 100

Progress = Callable[[int, int], None]  # steps done, of how many


class DemoError(Exception):
    """The ledger did not take a step of the story."""


async def make(
    opened: Opened,
    story: Story | None = None,
    *,
    progress: Progress = lambda _done, _all: None,
) -> int:
    """Say what is not yet said of the story; how many steps that were.

    Begun again after it was interrupted it goes on where it was; once made it says nothing.
    """
    story = story or tell()
    if await aside(opened.ledger.receipt, _message(story.steps[-1])) is not None:
        return 0
    await fines.publish_catalog(opened)
    await projects.make_projects(opened)
    await shipments.send(opened)
    teller = Teller(opened)
    await teller.find(story)
    left = [step for step in story.steps if not teller.knows(step)]
    done = 0
    for batch in _batches(left):
        await teller.say(batch)
        done += len(batch)
        progress(done, len(left))
    return done


@dataclass
class Teller:
    """Knows which complaint of the ledger is which case of the story."""

    opened: Opened
    complaints: dict[int, UUID] = field(default_factory=dict)
    notices: dict[int, UUID] = field(default_factory=dict)  # case → its fine
    told: set[str] = field(default_factory=set)  # ids of the messages that were answered

    async def find(self, story: Story) -> None:
        """What an interrupted telling left; the others get their ids now."""
        firsts = {step.case: step for step in story.steps if step.deed == "received"}
        for case, first in firsts.items():
            known = await aside(self.opened.ledger.receipt, _message(first))
            self.complaints[case] = known.complaint_id if known else uuid4()
            self.notices[case] = uuid4()
            if known:
                await self._catch_up([step for step in story.steps if step.case == case])

    async def _catch_up(self, steps: Sequence[Step]) -> None:
        case = steps[0].case
        stream = await aside(self.opened.ledger.load, self.complaints[case])
        assert isinstance(stream, Complaint)
        if fined := stream.latest(Fined):
            self.notices[case] = fined.notice
        for step in steps:
            if await aside(self.opened.ledger.receipt, _message(step)):
                self.told.add(_message(step).id)

    def knows(self, step: Step) -> bool:
        """Whether it was said before."""
        return _message(step).id in self.told

    async def say(self, batch: Sequence[Step]) -> None:
        """All of these, or the first that was not taken as an error."""
        parties = await aside(self._admitted, batch)
        asked = [self._request(step, parties) for step in batch]
        ledger = self.opened.ledger
        for step, outcome in zip(
            batch, await take_in(ledger, asked, ledger.append), strict=True
        ):
            _check(step, outcome)

    def _admitted(self, batch: Sequence[Step]) -> dict[UUID, UUID]:
        """The party of each complaint that begins: who called before is the same one."""
        begun = {uuid4(): step for step in batch if step.deed == "received"}
        contacts = {newcomer: _reception(step).contact for newcomer, step in begun.items()}
        handles = {newcomer: c.handles() if c else {} for newcomer, c in contacts.items()}
        found = self.opened.keys.admit(handles) if handles else {}
        return {self._stream(step): found[newcomer] for newcomer, step in begun.items()}

    def _stream(self, step: Step) -> UUID:
        which = self.notices if step.deed in NOTICE_DEEDS else self.complaints
        return which[step.case]

    def _request(self, step: Step, parties: dict[UUID, UUID]) -> Request:
        stream_id = self._stream(step)
        if step.deed == "received":
            begins = partial(self._begun, step, stream_id, parties[stream_id])
            return Request(_message(step), stream_id, None, _nothing_more, begins)
        if step.deed == "fined":
            notice = self.notices[step.case]
            decided = fines.fined(step, self.opened, stream_id, notice)
            return Request(_message(step), stream_id, None, decided, on_what_stands=True)
        if step.deed in NOTICE_DEEDS:
            decided = fines.said(step, self.opened)
            stands = not NOTICE_DEEDS[step.deed].is_fact
            return Request(_message(step), stream_id, None, decided, on_what_stands=stands)
        deed = DEEDS[step.deed]
        ids: dict[str, UUID] = {}
        others = deed.others if step.other is not None else ()
        if step.other is not None:
            ids |= dict.fromkeys(others, self.complaints[step.other])
        said = {**step.body, **dict.fromkeys(others, f"case {step.other}")}
        body = validated(deed.shape, canonical(said))
        decided = deed.said(body, who=_who(step), at=step.at, ids=ids)
        stands = not deed.is_fact  # what follows by rule is no step of the story
        return Request(_message(step), stream_id, None, decided, on_what_stands=stands)

    def _begun(self, step: Step, complaint_id: UUID, party_id: UUID) -> Stream:
        reading = Reading(
            site=SITE,
            zone=ZONE,
            policy=self.opened.policies.current,
            series=f"C-{step.at.year}-",
            origin="demo",
            source_key=step.body.get("source_key"),
        )
        said, who = _reception(step), _who(step)
        event = received(said, reading, who=who, at=step.at, party_id=party_id)
        return receive(complaint_id, event)


def _batches(steps: Sequence[Step]) -> list[list[Step]]:
    """In order; something is said of a notice only when it is in the store."""
    batches: list[list[Step]] = [[]]
    for step in steps:
        if len(batches[-1]) == BATCH_MAX or step.deed in NOTICE_DEEDS:
            batches.append([])
        batches[-1].append(step)
    return batches


def _reception(step: Step) -> Reception:
    body = {name: said for name, said in step.body.items() if name != "source_key"}
    return validated(Reception, canonical(body))


def _who(step: Step) -> Who:
    return Who(by=step.by.id, role=step.by.role, source=step.source)


def _message(step: Step) -> Message:
    """The same step is the same message, whenever it is said."""
    stream = "notice" if step.deed in NOTICE_DEEDS else "case"
    digest = hashlib.sha256(canonical({"deed": step.deed, **step.body})).digest()
    return Message(step.source, f"demo-{stream}-{step.case}-{step.version}", digest)


def _nothing_more(_complaint: Any, _rules: Any) -> None:  # noqa: ANN401 it only begins
    return None


def _check(step: Step, outcome: Outcome) -> None:
    if isinstance(outcome, Exception):
        raise DemoError(f"{step.deed} of case {step.case}") from outcome
    if outcome.verdict != "recorded" or outcome.outcome != ACCEPTED:
        raise DemoError(f"{step.deed} of case {step.case}: {outcome}")
