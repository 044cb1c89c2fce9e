"""What a person does with a letter, and what our own mistakes leave behind."""

from dataclasses import replace
from typing import Any

import psycopg
import pytest

from consumers.inbound import letters as kept
from consumers.inbound import sources
from consumers.inbound.desk import Desk
from consumers.inbound.intake import Intake
from consumers.inbound.parcel import Arrival
from consumers.opening import Opened
from domain.errors import NotAllowedError, UnknownMessageError
from tests.builders import governed
from tests.inbound.looking import answers, code, events, letters, outcomes_of, rows
from tests.inbound.messages import (
    A_CALL,
    A_COMPLAINT,
    arrival,
    contacted,
    graded,
    raw,
    received,
)

OTHER_CALL = A_CALL | {"channel": "post"}


async def the_letter(desk: Desk) -> kept.Listed:
    [found] = await desk.reading(kept.listed)
    return found


def knowing(desk: Desk, **systems: Any) -> Desk:
    """The same desk, with one more system."""
    text = """\
schema: 1
id: {name}
version: 1
title: {{zh: x, en: x}}
sources: ["{source}"]
name: {name}
messages:
  complaint.received: {{says: complaint.received, as: receive}}
"""
    known = desk.sources
    for name, source in systems.items():
        profile = sources.parse(text.format(name=name, source=source).encode(), "x")
        known = known.with_profile(profile)
    return replace(desk, sources=known)


def doomed(desk: Desk, ledger: Opened) -> Desk:
    """A desk that pins complaints to a regulation which nobody has: our own mistake."""
    strange = governed(grading="NONE@1")
    return replace(desk, opened=replace(ledger, policies=strange))


async def test_a_list_says_why_and_never_what(desk: Desk, intake: Intake) -> None:
    await intake.take([contacted(7, id="b")])
    found = await the_letter(desk)

    assert (found.kind, found.source, found.message_id) == ("held", "crm", "b")
    assert (found.waits_for, found.offset, found.kept) == ("K-1", 7, True)
    assert "赔偿" not in repr(found)


async def test_a_list_is_read_page_by_page(desk: Desk, intake: Intake) -> None:
    await intake.take([contacted(n, id=f"b{n}") for n in range(5)])

    first = await desk.reading(kept.listed, limit=3)
    rest = await desk.reading(kept.listed, after=first[-1].nth, limit=3)

    assert [one.message_id for one in (*first, *rest)] == [f"b{n}" for n in range(5)]
    assert await desk.reading(kept.listed, kinds=["conflict"]) == []


async def test_what_nobody_could_read_is_taken_in_once_somebody_can(
    desk: Desk, intake: Intake
) -> None:
    """A profile was missing; the message lay in its letter until it was there."""
    await intake.take([received(0, id="a", source="//erp/1")])
    found = await the_letter(desk)
    still = await kept.redrive(intake, found.nth, by="p-li")
    now = Intake(knowing(desk, erp="//erp/1"))
    told = await kept.redrive(now, found.nth, by="p-li")

    assert (still.outcome, told.outcome) == ("malformed", "accepted")
    assert (told.source, told.message_id) == ("erp", "a")
    assert await events(desk) == ["K-1 received"]
    assert await rows(desk, "SELECT settled, settled_by FROM ledger.letter") == [
        ("redriven", "p-li")
    ]


async def test_all_of_a_kind_are_driven_again_by_one_command(
    desk: Desk, intake: Intake
) -> None:
    batch = [received(n, id=f"a{n}", source="//erp/1", subject=f"K-{n}") for n in range(5)]
    await intake.take(batch)
    now = Intake(knowing(desk, erp="//erp/1"))

    told = await kept.redrive_all(now, "malformed", by="p-li")

    assert outcomes_of(told) == ["accepted"] * 5
    assert await desk.reading(kept.listed) == []
    with pytest.raises(NotAllowedError):
        await kept.redrive_all(now, "conflict", by="p-li")


async def test_sent_again_meanwhile_a_letter_has_nothing_to_add(
    desk: Desk, intake: Intake
) -> None:
    await intake.take([received(0, id="a", source="//erp/1")])
    now = Intake(knowing(desk, erp="//erp/1"))
    await now.take([received(1, id="a", source="//erp/1")])
    found = await the_letter(desk)

    told = await kept.redrive(now, found.nth, by="p-li")

    assert told.outcome == "duplicate"
    assert await desk.reading(kept.listed) == []
    assert await events(desk) == ["K-1 received"]


async def test_a_person_may_take_the_other_content_as_another_message(
    desk: Desk, intake: Intake
) -> None:
    await intake.take([received(0), contacted(1, id="b")])
    await intake.take([arrival("contacted", OTHER_CALL, 2, id="b")])
    found = await the_letter(desk)

    told = await kept.redrive(intake, found.nth, by="p-li")

    assert (told.outcome, told.message_id) == ("accepted", f"b~{found.nth}")
    assert await events(desk) == ["K-1 received", "K-1 contacted", "K-1 contacted"]
    assert await desk.reading(kept.listed) == []


async def test_a_person_may_not_begin_a_complaint_twice(desk: Desk, intake: Intake) -> None:
    """Neither under another id nor under the same: its key is taken."""
    other = A_COMPLAINT | {"customer": "Other"}
    await intake.take([received(0, id="a")])
    await intake.take([arrival("received", other, 1, id="a")])
    await intake.take([arrival("received", other, 2, id="b")])

    for found in await desk.reading(kept.listed):
        with pytest.raises(NotAllowedError):
            await kept.redrive(intake, found.nth, by="p-li")
        await kept.dismiss(desk, found.nth, by="p-li")
    assert await events(desk) == ["K-1 received"]
    assert [settled for _, _, settled in await letters(desk)] == ["dismissed"] * 2


@pytest.mark.parametrize("nth", [0, 1, 99])
async def test_a_letter_that_is_not_there_is_not_found(
    nth: int, desk: Desk, intake: Intake
) -> None:
    with pytest.raises(UnknownMessageError):
        await kept.redrive(intake, nth, by="p-li")
    with pytest.raises(UnknownMessageError):
        await kept.dismiss(desk, nth, by="p-li")


async def test_a_message_that_is_too_large_is_not_kept(desk: Desk, intake: Intake) -> None:
    large = replace(raw("noted", {}, received(3).raw.place), value=b"x" * 600_000)
    [told] = await intake.take([Arrival(large)])
    found = await the_letter(desk)

    assert (told.outcome, code(told), found.kept) == ("malformed", "too-large", False)
    with pytest.raises(NotAllowedError):
        await kept.redrive(intake, found.nth, by="p-li")


async def test_a_defect_in_one_decision_sets_that_message_aside(
    desk: Desk, ledger: Opened
) -> None:
    """Its neighbours go on; after the repair it is taken in under its own id."""
    await Intake(doomed(desk, ledger)).take([received(0, id="a")])
    intake = Intake(desk)
    told = await intake.take(
        [
            contacted(1, id="b"),
            received(2, id="c", subject="K-2"),
            contacted(3, id="d", subject="K-2"),
        ]
    )

    assert outcomes_of(told) == ["held", "accepted", "accepted"]
    assert code(told[0]) == "defect"
    assert [one.kind for one in await desk.reading(kept.listed)] == ["defect"]
    again = await kept.redrive_all(intake, "defect", by="p-li")
    assert outcomes_of(again) == ["held"]
    assert len(await desk.reading(kept.listed)) == 1
    said = await answers(desk)
    assert sorted(said) == ["a accepted", "b held", "c accepted", "d accepted"]


async def test_a_defect_in_what_was_held_does_not_sweep_for_ever(
    desk: Desk, ledger: Opened
) -> None:
    intake = Intake(desk)
    await intake.take([contacted(0, id="b"), graded(1, id="c")])
    await Intake(doomed(desk, ledger)).take([received(2, id="a")])

    found = await desk.reading(kept.listed)
    assert [(one.kind, one.message_id) for one in found] == [
        ("defect", "b"),
        ("defect", "c"),
    ]
    assert await kept.sweep(intake) == 0


async def test_what_the_database_refuses_is_found_by_halving(
    desk: Desk, intake: Intake, database: str
) -> None:
    """A series is at its end: only what begins a complaint in it is set aside."""
    with psycopg.connect(database) as conn:
        conn.execute("INSERT INTO ledger.series VALUES ('C-2026-', 999999)")
        conn.execute("INSERT INTO ledger.series VALUES ('CFPB-', 7)")
    row = {"Date received": "2023-07-04", "Product": "x", "Issue": "y"}
    batch = [
        contacted(0, subject="K-9", id="b"),
        Arrival(raw("x", row, source="cfpb", ce_type="cfpb.received", subject="1")),
        received(1, id="a"),
        Arrival(raw("x", row, source="cfpb", ce_type="cfpb.received", subject="2")),
    ]
    told = await intake.take(batch)

    assert outcomes_of(told) == ["held", "accepted", "held", "accepted"]
    assert [code(one) for one in told] == ["held", "", "defect", ""]
    assert [told[1].detail, told[3].detail] == ["CFPB-000008", "CFPB-000009"]
