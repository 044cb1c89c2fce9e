"""The demo: a plant's months told by commands, the same each time, in every stage."""

import re
from collections import Counter
from collections.abc import Sequence

import psycopg
import pytest

from api.identity.permissions import MAY
from consumers.demo.making import DemoError, make
from consumers.demo.projects import PROJECTS
from consumers.demo.story import Story, tell
from consumers.opening import Opened
from domain.complaint.closure import Closed
from domain.complaint.grading import Graded
from domain.complaint.intake import Received
from domain.complaint.state import Complaint
from domain.deeds import DEEDS
from domain.event import Event
from domain.gate_reading import read_gates
from domain.penalty import Notice

CHINESE = re.compile(r"[\u4e00-\u9fff]{4}")
RANDOM_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")
DECIDED_LATER = ("verified", "action_implemented", "action_planned", "root_caused")
SHIPMENTS = 13 * 9  # each product once in a fortnight
DECIDED_EARLY = ("screened", "contained", "graded", "accepted")


def events(ledger: Opened) -> Sequence[Event]:
    """All that is in the store, in its order, seals open."""
    stored = ledger.ledger.recorder.select_notifications(start=1, limit=100_000)
    return [ledger.codec.opened(ledger.codec.to_domain_event(each)) for each in stored]


# What this plant has no occasion for: building sites, goods sent back, recalls, and what
# only the clocks of other regulations listen to.
OTHER_TRADES = {
    "customer_deadline_set",
    "inquiry_started",
    "paused",
    "promised",
    "response_started",
    "resumed",
    "goods_arrived",
    "return_requested",
    "return_approved",
    "goods_delivered",
    "recall_requested",
    "recall_approved",
    "recall_executed",
    "inspection_stopped",
    "plan_decided",
    "plan_accepted",
    "work_accepted",
    "disposed",
    "labour_booked",
}


BEGUN = sum(2 + len(project.lost) for project in PROJECTS) + 1


def told(ledger: Opened) -> list[str]:
    """The same as text, with every random id named by the order of its appearance.

    What is signed rests on those ids, so its hash is another each time.
    """
    names: dict[str, str] = {}
    lines = []
    for event in events(ledger):
        line = event.TOPIC + event.model_dump_json(exclude={"record_hash"})
        for found in RANDOM_ID.findall(line):
            line = line.replace(found, names.setdefault(found, f"id {len(names)}"))
        lines.append(line)
    return lines


def stage(complaint: Complaint) -> str:
    if complaint.closed:
        return "closed"
    if complaint.duplicate_of:
        return "linked"
    happened = {event.TOPIC.split(".")[1] for event in complaint.happened.values()}
    both = (*DECIDED_LATER, *DECIDED_EARLY)
    return next((each for each in both if each in happened), "received")


def test_everybody_does_what_their_role_may() -> None:
    said = {(step.by.role, step.deed) for step in tell().steps}

    assert [(role, deed) for role, deed in said if role not in MAY[deed]] == []


async def test_it_is_made_by_commands_each_taken_once_and_stands_as_the_rules_want_it(
    ledger: Opened, database: str
) -> None:
    story = tell()

    assert await make(ledger) == len(story.steps)

    with psycopg.connect(database) as conn:
        positions = conn.execute("SELECT position FROM ledger.event ORDER BY 1").fetchall()
        inbox = conn.execute(
            "SELECT source, outcome, count(*) FROM ledger.inbox GROUP BY 1, 2 ORDER BY 1"
        ).fetchall()
    assert [row[0] for row in positions] == list(range(1, len(positions) + 1))
    assert [row[:2] for row in inbox] == [
        (source, "accepted") for source in ("crm", "erp", "web")
    ]
    beside = 1 + BEGUN  # the catalog, projects with their points, and a cost
    counts = {row[0]: row[2] for row in inbox}
    assert counts["crm"] + counts["web"] == len(story.steps) + beside
    assert counts["erp"] == SHIPMENTS
    topics = Counter(event.TOPIC for event in events(ledger))
    assert topics["complaint.received"] == story.cases == 300
    assert topics.keys() >= {f"complaint.{name}" for name in {*DEEDS} - OTHER_TRADES}
    alone = topics["penalty.points_deducted"] + topics["penalty.cost_charged"]
    assert alone == 4
    assert topics["complaint.fined"] + alone == topics["penalty.approved"]
    assert 0 < topics["penalty.reversed"] < topics["penalty.approved"]
    assert await make(ledger) == 0, "made once"
    stands_as_the_rules_want_it(ledger)
    await ledger.appender.close()


def stands_as_the_rules_want_it(ledger: Opened) -> None:
    made = events(ledger)
    received = [event for event in made if isinstance(event, Received)]
    complaints = [ledger.ledger.load(event.originator_id) for event in received]
    stages: Counter[str] = Counter()
    for complaint in complaints:
        assert isinstance(complaint, Complaint)
        stages[stage(complaint)] += 1
        if complaint.closed and not complaint.withdrawn:
            rules = ledger.ledger.rulebooks.of(complaint)
            book, end = rules.on("closure"), complaint.latest(Closed)
            assert end is not None
            assert read_gates(complaint, book, end.decided_at).shut == ()
    assert 150 <= stages.pop("closed") <= 240
    assert len(stages) >= 8, "open ones in every stage"
    assert {event.origin for event in received} == {"demo"}
    in_chinese = [event for event in received if CHINESE.search(event.words or "")]
    assert len(in_chinese) > 270
    assert {1, 2, 3} == {len(event.items) for event in received}
    parties = {event.party_id for event in received}
    assert not parties & {event.originator_id for event in received}
    assert 60 < len(parties) < 200, "some call again, and some say no number"
    assert any(item.batch is None for event in received for item in event.items)
    for event in (each for each in made if each.TOPIC == "penalty.reversed"):
        notice = ledger.ledger.load(event.originator_id)
        assert isinstance(notice, Notice)
        assert (notice.approved, notice.reversed, notice.counts) == (True, True, False)
    overridden = [e for e in made if isinstance(e, Graded) and e.code != e.proposed]
    assert len(overridden) >= 5
    assert all(event.reason for event in overridden)


async def test_the_same_seed_is_the_same_plant(
    ledger: Opened, second_ledger: Opened
) -> None:
    """All but the random ids and the instant of recording, sealed words included."""
    story = tell(cases=90)
    await make(ledger, story)
    await make(second_ledger, tell(cases=90))

    assert told(ledger) == told(second_ledger)
    assert tell(seed=1, cases=90) != story
    await ledger.appender.close()
    await second_ledger.appender.close()


@pytest.mark.parametrize("interrupted_at", [1, 700])
async def test_an_interrupted_one_goes_on_where_it_was(
    ledger: Opened, second_ledger: Opened, interrupted_at: int
) -> None:
    story = tell(cases=90)
    await make(ledger, Story(story.cases, story.steps[:interrupted_at]))
    await make(ledger, story)
    await make(second_ledger, story)

    assert told(ledger) == told(second_ledger)
    await ledger.appender.close()
    await second_ledger.appender.close()


async def test_a_step_the_ledger_refuses_stops_it(ledger: Opened) -> None:
    """Nothing of the plant is there by another way than the rules."""
    story = tell(cases=90)
    nth = next(n for n, step in enumerate(story.steps) if step.deed == "verified")
    case = story.steps[nth].case
    without = [
        step
        for step in story.steps[: nth + 1]
        if step.case != case or step.deed != "action_implemented"
    ]

    with pytest.raises(DemoError, match=f"verified of case {case}"):
        await make(ledger, Story(story.cases, without))
    await ledger.appender.close()
