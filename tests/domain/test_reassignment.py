"""One complaint comes under another rulebook: what was decided stays, due dates move."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from consumers.opening import Opened
from consumers.publishing import publish_shipped
from domain.complaint import grading, intake, reassignment
from domain.complaint.deadline_events import DeadlineMoved
from domain.complaint.state import Complaint
from domain.errors import InvalidError, NotAllowedError, RefusedError
from domain.event import Event
from domain.rulebooks.topics import Topic
from tests.builders import TUESDAY, WANG, lodged, message, when
from tests.domain.test_publication import S46, draft, say

LONGER = S46.replace("version: 1", "version: 2", 1).replace(
    "limit: {amount: 1, unit: working_day}", "limit: {amount: 2, unit: working_day}", 1
)


class Case:
    """One accepted complaint, and what is said of it."""

    def __init__(self, ledger: Opened) -> None:
        self._ledger = ledger

    async def begin(self) -> None:
        self._id = (await lodged(self._ledger)).complaint_id
        ledger = self._ledger.ledger
        await ledger.change(
            message(),
            self._id,
            None,
            intake.accepted,
            who=WANG,
            when=when(),
            unit="quality",
        )

    @property
    def complaint(self) -> Complaint:
        found = self._ledger.ledger.load(self._id)
        assert isinstance(found, Complaint)
        return found

    async def reassign(self, topic: Topic, rulebook: str) -> None:
        await self._ledger.ledger.change(
            message(),
            self._id,
            self.complaint.version,
            reassignment.reassign,
            who=WANG,
            at=TUESDAY + timedelta(hours=1),
            topic=topic,
            rulebook=rulebook,
            reason="agreed with the customer",
        )

    async def grade(self, scheme: str, code: str) -> None:
        await self._ledger.ledger.change(
            message(),
            self._id,
            self.complaint.version,
            grading.grade,
            who=WANG,
            at=TUESDAY,
            scheme=scheme,
            code=code,
        )

    def events(self) -> list[Event]:
        """Everything that is recorded of it."""
        ledger = self._ledger.ledger
        return [
            self._ledger.codec.to_domain_event(one)
            for one in ledger.recorder.select_events(self._id)
        ]

    def due(self, clock: str) -> tuple[str, str]:
        [found] = [one for one in self.complaint.deadlines.values() if one.clock == clock]
        return found.state, str(found.due_at.date()) if found.due_at else "-"


@pytest.fixture
async def case(ledger: Opened) -> AsyncIterator[Case]:
    await publish_shipped(ledger, at=TUESDAY)
    await say(ledger, draft(LONGER, 2))
    made = Case(ledger)
    await made.begin()
    yield made
    await ledger.appender.close()


async def test_each_due_date_that_moves_is_told_old_and_new(case: Case) -> None:
    assert case.due("CLK-corrective-answer") == ("running", "2026-03-04")

    await case.reassign("clocks", "S46@2")

    assert case.due("CLK-corrective-answer") == ("running", "2026-03-05")
    [moved] = [event for event in case.events() if isinstance(event, DeadlineMoved)]
    assert moved.old is not None
    assert moved.new is not None
    assert (str(moved.old.date()), str(moved.new.date())) == ("2026-03-04", "2026-03-05")
    assert moved.reason == "rulebook_reassigned"
    assert case.complaint.rulebooks["clocks"] == "S46@2"
    assert case.complaint.rulebooks["grading"] == "S46@1"


async def test_a_clock_that_the_other_rulebook_does_not_have_ends(case: Case) -> None:
    await case.reassign("clocks", "S30@1")

    assert case.due("CLK-corrective-answer")[0] == "void"
    assert case.due("CLK-8D") == ("running", "2026-04-03")


async def test_a_grade_stays_and_the_next_one_is_of_the_other_scheme(case: Case) -> None:
    await case.grade("S46", "C")
    await case.reassign("grading", "S37@1")

    assert case.complaint.grades == {"S46": "C"}
    await case.grade("S37", "general")
    assert case.complaint.grades == {"S46": "C", "S37": "general"}


async def test_saying_it_again_changes_nothing(case: Case) -> None:
    before = case.complaint.version
    await case.reassign("grading", "S46@1")
    assert case.complaint.version == before


@pytest.mark.parametrize(
    ("topic", "rulebook", "then"),
    [
        ("clocks", "S46@9", NotAllowedError),  # nobody published it
        ("scores", "S46@1", InvalidError),  # it says nothing of scores
    ],
)
async def test_only_a_rulebook_that_speaks_of_it_can_govern(
    case: Case, topic: Topic, rulebook: str, then: type[RefusedError]
) -> None:
    with pytest.raises(then):
        await case.reassign(topic, rulebook)
