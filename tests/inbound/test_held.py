"""A message for a complaint that is not there waits for it, in order, and not for ever."""

import asyncio
import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from consumers.inbound import letters as kept
from consumers.inbound.desk import Desk
from consumers.inbound.intake import LETTERS_MAX, Intake
from consumers.opening import Opened
from tests.builders import CRM, lodged
from tests.inbound.looking import answers, events, letters, outcomes_of, rows, until
from tests.inbound.messages import arrival, contacted, graded, received

NOTED = "SELECT convert_from(state, 'UTF8')::json ->> 'channel' FROM ledger.event"


def later(desk: Desk, days: int) -> Desk:
    """The same desk, days from now."""
    return replace(desk, clock=lambda: desk.clock() + timedelta(days=days))


async def test_it_is_held_and_goes_on_with_the_message_it_waited_for(
    desk: Desk, intake: Intake
) -> None:
    held = await intake.take([contacted(0, id="b"), graded(1, id="c")])
    told = await intake.take([received(2, id="a")])

    assert outcomes_of(held) == ["held", "held"]
    assert outcomes_of(told) == ["accepted"]
    assert await events(desk) == ["K-1 received", "K-1 contacted", "K-1 graded"]
    assert await answers(desk) == [
        "b held",
        "c held",
        "a accepted",
        "b accepted",
        "c accepted",
    ]
    assert await letters(desk) == [("held", "b", "redriven"), ("held", "c", "redriven")]
    assert await rows(desk, "SELECT count(payload) FROM ledger.letter") == [(0,)]


async def test_before_or_behind_in_one_batch_is_the_same(
    desk: Desk, intake: Intake
) -> None:
    told = await intake.take([contacted(0), graded(1), received(2)])

    assert outcomes_of(told) == ["accepted"] * 3
    assert await events(desk) == ["K-1 received", "K-1 contacted", "K-1 graded"]


async def test_it_goes_on_whoever_takes_in_what_it_waited_for(
    intake: Intake, another: Desk
) -> None:
    await intake.take([contacted(0, id="b")])
    told = await Intake(another).take([received(1, id="a")])

    assert outcomes_of(told) == ["accepted"]
    assert await events(another) == ["K-1 received", "K-1 contacted"]


async def test_a_sweep_finds_a_complaint_that_began_elsewhere(
    ledger: Opened, desk: Desk, intake: Intake
) -> None:
    """Who begins it need not look at letters, and may have looked a moment too early."""
    await intake.take(
        [contacted(0, id="b"), graded(1, id="c"), contacted(2, subject="K-9")]
    )
    assert await kept.sweep(intake) == 0
    await lodged(ledger, who=CRM, source_key="K-1")

    assert await kept.sweep(intake) == 2
    assert await kept.sweep(intake) == 0
    assert await events(desk) == ["K-1 received", "K-1 contacted", "K-1 graded"]


async def test_a_message_waits_behind_those_that_are_held_when_its_complaint_is_there(
    ledger: Opened, desk: Desk, intake: Intake, another: Desk
) -> None:
    """Nobody has swept yet: the newer one brings the older along."""
    await intake.take([contacted(0, id="b")])
    await lodged(ledger, who=CRM, source_key="K-1")
    told = await Intake(another).take([graded(1, id="c")])

    assert outcomes_of(told) == ["accepted"]
    assert await events(desk) == ["K-1 received", "K-1 contacted", "K-1 graded"]


async def test_two_that_sweep_at_once_drive_each_message_once(
    ledger: Opened, desk: Desk, intake: Intake, another: Desk
) -> None:
    await intake.take([contacted(n, id=f"b{n}") for n in range(40)])
    await lodged(ledger, who=CRM, source_key="K-1")
    await asyncio.gather(kept.sweep(intake), kept.sweep(Intake(another)))

    assert await kept.sweep(intake) == 0
    found = await answers(desk)
    assert found == [f"b{n} held" for n in range(40)] + [
        f"b{n} accepted" for n in range(40)
    ]


async def test_a_message_waits_behind_those_that_are_held(
    desk: Desk, intake: Intake
) -> None:
    """What came first goes first, however many came before."""
    for n in range(5):
        await intake.take([arrival("contacted", {"channel": f"c{n}"}, n)])
    await intake.take([received(5), arrival("contacted", {"channel": "c5"}, 6)])

    found = [channel for (channel,) in await rows(desk, f"{NOTED} ORDER BY position")]
    assert found == ["crm", "c0", "c1", "c2", "c3", "c4", "c5"]


async def test_more_than_a_batch_takes_along_go_on_in_order(
    desk: Desk, intake: Intake
) -> None:
    many = LETTERS_MAX + 30
    for start in range(0, many, 65):
        batch = range(start, start + 65)
        await intake.take([arrival("contacted", {"channel": f"c{n}"}, n) for n in batch])
    begun = await intake.take(
        [received(many), arrival("contacted", {"channel": "last"}, 999)]
    )

    assert outcomes_of(begun) == ["accepted", "held"]
    while await kept.sweep(intake):
        pass
    found = [channel for (channel,) in await rows(desk, f"{NOTED} ORDER BY position")]
    assert found == ["crm", *(f"c{n}" for n in range(many)), "last"]


async def test_others_do_not_wait_behind_a_crowd(desk: Desk, intake: Intake) -> None:
    await intake.take([received(0, subject="K-2")])
    for start in (0, 60):
        batch = range(start, start + 60)
        await intake.take(
            [arrival("contacted", {"channel": f"c{n}"}, n + 1) for n in batch]
        )
    told = await intake.take([received(200), contacted(201), contacted(202, subject="K-2")])

    assert outcomes_of(told) == ["accepted", "held", "accepted"]


async def test_a_copy_of_a_held_message_is_a_duplicate_and_changes_nothing(
    desk: Desk, intake: Intake
) -> None:
    await intake.take([contacted(0, id="b")])
    again = await intake.take([contacted(1, id="b")])
    await intake.take([received(2, id="a")])

    assert outcomes_of(again) == ["duplicate"]
    assert await events(desk) == ["K-1 received", "K-1 contacted"]
    assert await answers(desk) == ["b held", "b duplicate", "a accepted", "b accepted"]


async def test_a_copy_that_comes_with_the_complaint_is_recorded_once(
    desk: Desk, intake: Intake
) -> None:
    await intake.take([contacted(0, id="b")])
    told = await intake.take([received(1, id="a"), contacted(2, id="b")])

    assert outcomes_of(told) == ["accepted", "duplicate"]
    assert await events(desk) == ["K-1 received", "K-1 contacted"]
    assert await letters(desk) == [("held", "b", "redriven")]


async def test_read_again_after_a_crash_it_is_answered_once_more_and_no_more(
    desk: Desk, intake: Intake
) -> None:
    """The cursor had not moved when the complaint came: the delivery has two outcomes."""
    await intake.take([contacted(0, id="b")])
    await intake.take([received(9, id="a")])
    for _ in range(2):
        await intake.take([contacted(0, id="b")])

    assert await answers(desk) == ["b held", "a accepted", "b accepted"]


async def test_a_held_message_that_is_refused_has_its_answer(
    desk: Desk, intake: Intake
) -> None:
    await intake.take([arrival("closed", {}, 0, id="b")])
    await intake.take([received(1, id="a")])

    assert await answers(desk) == ["b held", "a accepted", "b refused"]
    assert await letters(desk) == [("held", "b", "redriven")]


@pytest.mark.parametrize("days", [8, 400])
async def test_what_nobody_came_for_expires_and_is_a_dead_letter(
    days: int, desk: Desk, intake: Intake
) -> None:
    await intake.take([contacted(0, id="b")])

    assert await kept.expire(later(desk, 6)) == 0
    assert await kept.expire(later(desk, days)) == 1
    assert await letters(desk) == [("held", "b", "expired"), ("expired", "b", None)]
    assert await answers(desk) == ["b held", "b refused"]
    told = await intake.take([received(1, id="a"), contacted(2, id="b")])
    assert outcomes_of(told) == ["accepted", "duplicate"]
    assert await events(desk) == ["K-1 received"]


async def test_a_dead_letter_is_let_go_after_its_time(desk: Desk, intake: Intake) -> None:
    await intake.take([contacted(0, id="b")])
    await kept.expire(later(desk, 8))

    assert await kept.expire(later(desk, 37)) == 0
    assert await kept.expire(later(desk, 39)) == 1
    assert await letters(desk) == [("held", "b", "expired"), ("expired", "b", "expired")]
    assert await rows(desk, "SELECT count(payload) FROM ledger.letter") == [(0,)]


async def test_an_expired_message_can_be_driven_again_under_another_id(
    desk: Desk, intake: Intake
) -> None:
    await intake.take([contacted(0, id="b")])
    await kept.expire(later(desk, 8))
    await intake.take([received(1, id="a")])
    [found] = await desk.reading(kept.listed, kinds=["expired"])

    told = await kept.redrive(intake, found.nth, by="p-li")

    assert (told.outcome, told.message_id) == ("accepted", f"b~{found.nth}")
    assert await events(desk) == ["K-1 received", "K-1 contacted"]
    assert (await letters(desk))[-1] == ("expired", "b", "redriven")


async def test_letters_are_tended_until_told_to_stop(
    ledger: Opened, desk: Desk, intake: Intake
) -> None:
    await intake.take([contacted(0, id="b")])
    await lodged(ledger, who=CRM, source_key="K-1")
    stop = threading.Event()
    tending = asyncio.create_task(kept.tend(intake, stop))

    async def driven() -> bool:
        return await letters(desk) == [("held", "b", "redriven")]

    await until(driven)
    stop.set()
    await tending


async def test_a_person_lets_a_held_message_go(desk: Desk, intake: Intake) -> None:
    await intake.take([contacted(0, id="b")])
    [found] = await desk.reading(kept.listed)

    await kept.dismiss(desk, found.nth, by="p-li")

    assert await answers(desk) == ["b held", "b refused"]
    assert await rows(desk, "SELECT settled, settled_by, payload FROM ledger.letter") == [
        ("dismissed", "p-li", None)
    ]
    await intake.take([received(1, id="a")])
    assert await events(desk) == ["K-1 received"]
