"""Deliveries: one outcome for each, through crashes, races and markers."""

import asyncio
from dataclasses import replace

import pytest

from consumers.inbound.desk import Desk
from consumers.inbound.intake import Intake
from consumers.inbound.parcel import Arrival
from domain.entry import Entry
from infra.postgres.appender import Cursor, Delivery, OutOfStepError
from tests.builders import TUESDAY
from tests.inbound.looking import (
    answers,
    events,
    letters,
    outcomes_of,
    rows,
)
from tests.inbound.messages import (
    A_CALL,
    A_COMPLAINT,
    TOPIC,
    TOPIC_ID,
    arrival,
    contacted,
    raw,
    received,
)

NEXT = "SELECT part, topic_id, next_offset FROM ledger.inbound_cursor ORDER BY part"


async def test_what_cannot_be_read_is_a_dead_letter_under_its_place(
    desk: Desk, intake: Intake
) -> None:
    broken = raw("received", {}, received(4).raw.place)
    told, good = await intake.take([Arrival(replace(broken, value=b"{")), received(5)])

    assert (told.source, told.message_id) == (f"unreadable:{TOPIC}", f"{TOPIC_ID}:0:4")
    assert outcomes_of([told, good]) == ["malformed", "accepted"]
    assert await letters(desk) == [("malformed", f"{TOPIC_ID}:0:4", None)]


async def test_the_cursor_moves_with_the_outcomes_and_only_from_where_it_stood(
    desk: Desk, intake: Intake
) -> None:
    step = Cursor(TOPIC, 0, TOPIC_ID, None, 3)
    await intake.take([received(0), contacted(1), received(2, id="x")], [step])

    assert await rows(desk, NEXT) == [(0, TOPIC_ID, 3)]
    for wrong in (step, step._replace(was=2, now=4), step._replace(was=3, topic_id="x")):
        with pytest.raises(OutOfStepError):
            await intake.take([contacted(3, id="late")], [wrong])
    with pytest.raises(OutOfStepError):
        await intake.take([], [Cursor(TOPIC, 1, TOPIC_ID, 5, 6)])
    assert await rows(desk, NEXT) == [(0, TOPIC_ID, 3)]
    assert "late accepted" not in await answers(desk)


async def test_a_batch_of_markers_only_moves_the_cursor(desk: Desk, intake: Intake) -> None:
    await intake.take([], [Cursor(TOPIC, 0, TOPIC_ID, None, 7)])
    await intake.take([], [Cursor(TOPIC, 0, TOPIC_ID, 7, 9)])

    assert await rows(desk, NEXT) == [(0, TOPIC_ID, 9)]


async def test_the_cursor_moves_though_some_are_decided_twice(
    desk: Desk, intake: Intake
) -> None:
    """A key that is taken in the same batch is looked up again; nothing is left behind."""
    other = arrival("received", A_COMPLAINT | {"kind": "x"}, 1, id="b")
    batch = [received(0, id="a"), other, received(2, id="a"), contacted(3, id="c")]
    await intake.take(batch, [Cursor(TOPIC, 0, TOPIC_ID, None, 4)])

    assert await rows(desk, NEXT) == [(0, TOPIC_ID, 4)]
    assert len(await answers(desk)) == 4


async def test_a_delivery_read_again_after_a_crash_has_its_outcome_already(
    desk: Desk, intake: Intake
) -> None:
    batch = [
        received(0, id="a"),
        contacted(1, id="b"),
        arrival("closed", {}, 2, id="c"),
        contacted(3, id="d", subject="K-9"),
        arrival("contacted", A_CALL | {"channel": "x"}, 4, id="b"),
        received(5, id="e"),
        Arrival(replace(raw("x", {}, received(6).raw.place), value=None)),
    ]
    await intake.take(batch)
    before = await rows(desk, "SELECT * FROM ledger.outcome ORDER BY nth")
    letters_before = await letters(desk)

    await intake.take(batch)
    await intake.take(batch[::-1])

    assert len(before) == len(batch)
    assert await rows(desk, "SELECT * FROM ledger.outcome ORDER BY nth") == before
    assert await letters(desk) == letters_before


async def test_one_message_said_by_many_at_once_is_accepted_once(
    desk: Desk, intake: Intake
) -> None:
    said = await asyncio.gather(
        *(intake.take([received(n, id="a"), contacted(100 + n, id="b")]) for n in range(10))
    )

    outcomes = [one.outcome for told in said for one in told]
    assert sorted(outcomes) == ["accepted"] * 2 + ["duplicate"] * 18
    assert await events(desk) == ["K-1 received", "K-1 contacted"]


async def test_of_many_contents_under_one_id_the_first_counts_and_all_are_kept(
    desk: Desk, intake: Intake, another: Desk
) -> None:
    """At the same moment, in two processes: neither saw the other's when it looked."""
    await intake.take([received(0, id="a")])
    two = (intake, Intake(another))
    said = await asyncio.gather(
        *(
            two[n % 2].take([arrival("contacted", {"channel": f"c{n}"}, n + 1, id="b")])
            for n in range(12)
        )
    )

    outcomes = [one.outcome for told in said for one in told]
    assert sorted(outcomes) == ["accepted"] + ["conflict"] * 11
    assert len(await events(desk)) == 2
    found = (
        "SELECT kind, count(*), count(payload), count(DISTINCT digest) FROM ledger.letter"
    )
    assert await rows(desk, f"{found} GROUP BY kind") == [("conflict", 11, 11, 11)]


async def test_a_held_delivery_that_is_decided_when_read_again_has_both_outcomes(
    desk: Desk,
) -> None:
    """As when its complaint came between the look for letters and the decision."""
    place = Delivery(TOPIC, TOPIC_ID, 0, 7)
    held = Entry("crm", "b", b"digest", "held", None, None, "{}")
    decided = held._replace(outcome="refused")
    say = desk.opened.appender.take_in
    kept = place._replace(letter="held", payload=b"sealed", kept_until=TUESDAY)
    await say([held], [kept], ())
    for _ in range(2):
        await say([decided], [place], ())

    assert await answers(desk) == ["b held", "b refused"]
    assert await letters(desk) == [("held", "b", "redriven")]


async def test_a_hundred_at_once_are_one_batch(desk: Desk, intake: Intake) -> None:
    half = [received(n, subject=f"K-{n}") for n in range(50)]
    told = await intake.take(
        [*half, *(contacted(50 + n, subject=f"K-{n}") for n in range(50))]
    )

    assert outcomes_of(told) == ["accepted"] * 100
    assert [one.detail for one in told[:50]] == [f"C-2026-{n:06}" for n in range(1, 51)]
