"""The ledger on a real database: what is decided is recorded, once, and in order."""

import asyncio
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from consumers.opening import Opened, opened
from domain.complaint import (
    action,
    closure,
    contact,
    correction,
    effect,
    grading,
    intake,
    items,
)
from domain.complaint.state import Complaint
from domain.errors import (
    ChangedMeanwhileError,
    InvalidError,
    MessageReusedError,
    NotReadyError,
    VersionNeededError,
)
from domain.event import When
from tests.builders import LI, TUESDAY, WANG, lodged, message, when


async def test_a_complaint_from_its_first_word_to_its_end(ledger: Opened) -> None:
    begun = await lodged(ledger)
    assert begun.number == "C-2026-000001"

    async def fact(do: Any, **said: Any) -> None:
        await ledger.ledger.change(
            message(), begun.complaint_id, None, do, who=LI, when=when(), **said
        )

    async def decision(version: int, do: Any, **said: Any) -> int:
        receipt = await ledger.ledger.change(
            message(), begun.complaint_id, version, do, who=WANG, at=TUESDAY, **said
        )
        return receipt.version

    await fact(items.fact_established, fact="injury", value=True)
    with pytest.raises(NotReadyError) as refused:
        await decision(2, closure.close)
    assert [lack.clause for lack in refused.value.lacks] == [
        "S46@1#5.2.3 A",
        "S46@1#5.2.3 B",
    ]
    assert await decision(2, grading.grade, scheme="S46", code="A") == 3
    await fact(action.action_planned, action="A1", text="改模具")
    await fact(action.action_implemented, action="A1")
    for batch in "123":
        await fact(effect.batch_checked, shipment_batch=batch, result="clean")
    assert await decision(8, effect.verify, result="effective", side_effect=False) == 9
    assert await decision(9, closure.close) == 10

    state = ledger.ledger.load(begun.complaint_id)
    assert isinstance(state, Complaint)
    assert state.closed
    assert state.grades == {"S46": "A"}
    await ledger.appender.close()


async def test_the_same_message_is_answered_once(ledger: Opened) -> None:
    begun = await lodged(ledger)
    said = message(key="again")
    grade: dict[str, Any] = {"who": LI, "at": TUESDAY, "scheme": "S46", "code": "C"}
    first = await ledger.ledger.change(said, begun.complaint_id, 1, grading.grade, **grade)

    again = await ledger.ledger.change(said, begun.complaint_id, 1, grading.grade, **grade)

    assert again == first
    with pytest.raises(MessageReusedError):
        await ledger.ledger.change(
            message(key="again", said="other"),
            begun.complaint_id,
            1,
            grading.grade,
            **grade,
        )
    with pytest.raises(ChangedMeanwhileError) as stale:
        await ledger.ledger.change(message(), begun.complaint_id, 1, grading.grade, **grade)
    assert stale.value.version == 2
    with pytest.raises(VersionNeededError):
        await ledger.ledger.change(
            message(),
            begun.complaint_id,
            None,
            grading.grade,
            **{**grade, "code": "B", "reason": "x"},
        )
    await ledger.appender.close()


async def test_a_correction_keeps_the_old_value(ledger: Opened) -> None:
    begun = await lodged(ledger)
    cid = begun.complaint_id
    fix: dict[str, Any] = {
        "who": LI,
        "when": when(),
        "corrects": 1,
        "reason": "typed wrongly",
    }

    await ledger.ledger.change(
        message(), cid, None, correction.correct, field="items.1.quantity", new=463, **fix
    )
    await ledger.ledger.change(
        message(), cid, None, correction.correct, field="complainant", new="陈洁洁", **fix
    )
    with pytest.raises(InvalidError):
        await ledger.ledger.change(
            message(),
            cid,
            None,
            correction.correct,
            field="items.1.quantity",
            new=-1,
            **fix,
        )

    state = ledger.ledger.load(cid)
    assert isinstance(state, Complaint)
    received = state.latest(intake.Received)
    assert received is not None
    assert received.items[0].quantity == 463
    second = state.happened[2]
    assert isinstance(second, correction.Corrected)
    assert (second.old, second.new) == (20, 463)
    third = ledger.codec.opened(state.happened[3])
    assert isinstance(third, correction.Corrected)
    assert third.new_sealed == "陈洁洁"
    await ledger.appender.close()


async def test_thirty_at_once_leave_no_hole(ledger: Opened, database: str) -> None:
    begun = await asyncio.gather(*(lodged(ledger) for _ in range(30)))
    later = When(occurred_at=TUESDAY + timedelta(hours=1))
    await asyncio.gather(
        *(
            ledger.ledger.change(
                message(),
                b.complaint_id,
                None,
                contact.contacted,
                who=LI,
                when=later,
                channel="phone",
            )
            for b in begun
        )
    )

    with psycopg.connect(database) as conn:
        rows = conn.execute(
            "SELECT position, recorded_at, state FROM ledger.event ORDER BY position"
        ).fetchall()
    assert [row[0] for row in rows] == list(range(1, 61))
    assert [row[1] for row in rows] == sorted({row[1] for row in rows})
    numbers = sorted(json.loads(bytes(row[2])).get("number", "") for row in rows)[30:]
    assert numbers == [f"C-2026-{n:06}" for n in range(1, 31)]
    assert b"13800138000" not in b"".join(bytes(row[2]) for row in rows)
    await ledger.appender.close()


async def test_who_waits_for_a_key_holds_up_nobody_else(
    ledger: Opened, database: str, tmp_path: Path
) -> None:
    """The key store is stuck: what must be sealed waits for it, what need not goes on."""
    begun = await lodged(ledger)
    other = await lodged(ledger)
    await ledger.appender.close()

    with (
        opened(database, master=tmp_path / "keys" / "master.key") as fresh,
        psycopg.connect(database) as stuck,
    ):
        stuck.execute("LOCK TABLE keyring.party_key")
        sealed = asyncio.create_task(
            fresh.ledger.change(
                message(),
                begun.complaint_id,
                None,
                contact.contacted,
                who=LI,
                when=when(),
                channel="phone",
                summary="王先生 13800138000",
            )
        )
        receipt = await fresh.ledger.change(
            message(),
            other.complaint_id,
            None,
            intake.accepted,
            who=LI,
            when=when(),
            unit="1",
        )
        assert receipt.said == 2
        assert not sealed.done()
        stuck.rollback()
        assert (await sealed).version == 2
        await fresh.appender.close()
