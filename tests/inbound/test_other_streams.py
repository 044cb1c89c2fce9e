"""Shipments and projects as other systems send them: begun, held, told about, answered."""

from typing import Any

from consumers.inbound.desk import Desk
from consumers.inbound.intake import Intake
from consumers.inbound.parcel import Arrival
from tests.inbound.looking import code, events, letters, outcomes_of, rows
from tests.inbound.messages import arrival, contacted, received

SENT = {"product": "valve body", "batch": "B26-0455", "pieces": 4800}
BACK = {"pieces": 36, "occurred_at": "2026-03-09T09:00:00+08:00"}
NUMBERS = "SELECT key FROM ledger.claim WHERE name = %s ORDER BY key"


def said(topic: str, data: object, key: str | None = "D-1", **more: Any) -> Arrival:
    return arrival("x", data, ce_type=topic, subject=key, **more)


async def test_a_shipment_begins_and_is_told_about(desk: Desk, intake: Intake) -> None:
    told = await intake.take(
        [
            said("shipment.sent", SENT),
            said("shipment.returned", BACK),
            said("project.begun", {"name": "桂花园三期"}, key="P-7"),
            said("project.delivered", {}, key="P-7"),
        ]
    )

    assert outcomes_of(told) == ["accepted"] * 4
    # Each message about a stream of its own stands where its neighbours left it.
    assert sorted(await events(desk)) == [
        "D-1 shipment.returned",
        "D-1 shipment.sent",
        "P-7 project.begun",
        "P-7 project.delivered",
    ]
    assert await rows(desk, NUMBERS, "shipment") == [("S-2026-000001",)]
    assert await rows(desk, NUMBERS, "project") == [("P-2026-000001",)]
    assert await rows(desk, NUMBERS, "number") == []


async def test_the_same_shipment_again_is_one(desk: Desk, intake: Intake) -> None:
    await intake.take([said("shipment.sent", SENT, id="a")])

    same = await intake.take([said("shipment.sent", SENT, id="a")])
    under_another_id = await intake.take([said("shipment.sent", SENT, id="b")])
    another = await intake.take([said("shipment.sent", SENT | {"pieces": 1}, id="c")])

    assert outcomes_of([*same, *under_another_id]) == ["duplicate", "duplicate"]
    assert outcomes_of(another) == ["conflict"]
    assert await events(desk) == ["D-1 shipment.sent"]


async def test_what_comes_too_early_waits_for_its_own_kind(
    desk: Desk, intake: Intake
) -> None:
    """A complaint under the same key is another thing, and lets nothing go on."""
    early = await intake.take([said("shipment.returned", BACK, id="b")])
    await intake.take([received(subject="D-1"), contacted(subject="D-1")])
    assert await letters(desk) == [("held", "b", None)]

    await intake.take([said("shipment.sent", SENT)])

    assert outcomes_of(early) == ["held"]
    assert await letters(desk) == [("held", "b", "redriven")]
    assert (await events(desk))[-2:] == ["D-1 shipment.sent", "D-1 shipment.returned"]


async def test_our_number_names_it_too(desk: Desk, intake: Intake) -> None:
    await intake.take([said("shipment.sent", SENT, key=None)])

    told = await intake.take([said("shipment.returned", BACK, key="S-2026-000001")])

    assert outcomes_of(told) == ["accepted"]


async def test_what_cannot_be_is_refused(intake: Intake) -> None:
    [_, too_many, no_pieces] = await intake.take(
        [
            said("shipment.sent", SENT),
            said("shipment.returned", {"pieces": 4801}),
            said("shipment.sent", {"product": "cover", "pieces": 0}, key="D-2"),
        ]
    )

    assert (too_many.outcome, code(too_many)) == ("refused", "invalid")
    assert (no_pieces.outcome, code(no_pieces)) == ("refused", "invalid")
