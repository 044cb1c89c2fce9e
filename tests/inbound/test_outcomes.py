"""Each message gets one outcome, recorded with what it led to, and is answered for good."""

import asyncio
from dataclasses import replace

import pytest

from consumers.inbound.desk import Desk
from consumers.inbound.intake import Intake
from consumers.inbound.parcel import Arrival
from infra.postgres.appender import Cursor, OutOfStepError
from tests.inbound.looking import (
    answers,
    code,
    events,
    fields,
    letters,
    outcomes_of,
    rows,
)
from tests.inbound.messages import (
    A_CALL,
    A_COMPLAINT,
    A_GRADE,
    TOPIC,
    TOPIC_ID,
    arrival,
    contacted,
    graded,
    raw,
    received,
)

NEXT = "SELECT part, topic_id, next_offset FROM ledger.inbound_cursor ORDER BY part"


async def test_a_complaint_and_what_follows_it_come_in_one_batch(
    desk: Desk, intake: Intake
) -> None:
    told = await intake.take([received(0, id="a"), contacted(1, id="b"), graded(2, id="c")])

    assert outcomes_of(told) == ["accepted"] * 3
    assert [one.version for one in told] == [1, 2, 3]
    assert [one.position for one in told] == [1, 2, 3]
    assert told[0].detail == "C-2026-000001"
    assert await events(desk) == ["K-1 received", "K-1 contacted", "K-1 graded"]
    assert await answers(desk) == ["a accepted", "b accepted", "c accepted"]


async def test_the_same_message_again_is_a_duplicate(desk: Desk, intake: Intake) -> None:
    first = await intake.take([received(0, id="a"), contacted(1, id="b")])
    again = await intake.take([received(5, id="a"), contacted(6, id="b")])

    assert outcomes_of(again) == ["duplicate", "duplicate"]
    assert [one.version for one in again] == [one.version for one in first]
    assert len(await events(desk)) == 2
    assert await letters(desk) == []


async def test_twice_in_one_batch_is_once(desk: Desk, intake: Intake) -> None:
    told = await intake.take([received(n, id="a") for n in range(3)])

    assert sorted(outcomes_of(told)) == ["accepted", "duplicate", "duplicate"]
    assert await events(desk) == ["K-1 received"]


async def test_the_same_id_with_other_content_is_a_conflict_and_both_are_kept(
    desk: Desk, intake: Intake
) -> None:
    await intake.take([received(0, id="a"), contacted(1, id="b")])
    [told] = await intake.take(
        [arrival("contacted", A_CALL | {"channel": "post"}, 2, id="b")]
    )

    assert (told.outcome, code(told)) == ("conflict", "message-reused")
    assert len(await events(desk)) == 2
    assert await letters(desk) == [("conflict", "b", None)]


async def test_a_second_beginning_under_one_key_is_a_duplicate_or_a_conflict(
    desk: Desk, intake: Intake
) -> None:
    """By another message id: the same words are the same complaint, others are not."""
    await intake.take([received(0, id="a")])
    same, other = await intake.take(
        [
            received(1, id="again"),
            arrival("received", A_COMPLAINT | {"customer": "Other"}, 2, id="other"),
        ]
    )

    assert outcomes_of([same, other]) == ["duplicate", "conflict"]
    assert same.stream == other.stream is not None
    assert code(other) == "conflict"
    assert await events(desk) == ["K-1 received"]
    assert await letters(desk) == [("conflict", "other", None)]


async def test_of_two_that_begin_one_complaint_in_a_batch_the_first_counts(
    desk: Desk, intake: Intake
) -> None:
    """What follows goes to the complaint that is there, whoever began it."""
    other = arrival("received", A_COMPLAINT | {"customer": "Other"}, 1, id="b")
    told = await intake.take([received(0, id="a"), other, contacted(2, id="c")])

    assert outcomes_of(told) == ["accepted", "conflict", "accepted"]
    assert await events(desk) == ["K-1 received", "K-1 contacted"]


async def test_a_complaint_without_a_key_begins_each_time(
    desk: Desk, intake: Intake
) -> None:
    told = await intake.take([received(n, id=f"m{n}", subject=None) for n in range(3)])

    assert outcomes_of(told) == ["accepted"] * 3
    assert len({one.stream for one in told}) == 3


async def test_our_number_names_a_complaint_of_another_source(
    desk: Desk, intake: Intake
) -> None:
    [begun] = await intake.take([received(0)])
    told = await intake.take([contacted(1, source="erp", subject=begun.detail)])

    assert outcomes_of(told) == ["accepted"]
    assert told[0].stream == begun.stream


async def test_two_systems_may_use_one_key(desk: Desk, intake: Intake) -> None:
    told = await intake.take([received(0, source="crm"), received(1, source="erp")])
    called = await intake.take([contacted(2, source="erp")])

    assert outcomes_of(told) == ["accepted", "accepted"]
    assert called[0].stream == told[1].stream != told[0].stream


@pytest.mark.parametrize(
    ("kind", "data", "why", "field"),
    [
        ("closed", {}, "not-ready", "verified"),
        ("graded", A_GRADE | {"version": 7}, "changed-meanwhile", "If-Match"),
        ("graded", {"scheme": "S1", "code": "A"}, "not-allowed", "scheme"),
        ("contacted", {"chanel": "x"}, "invalid", "channel"),
        ("received", {"items": []}, "invalid", "items"),
        ("recieved", A_COMPLAINT, "invalid", "type"),
        ("fined", {}, "invalid", "type"),
        ("duplicate_linked", {"other": "K-9", "reason": "x"}, "unknown-complaint", "other"),
        ("received", A_COMPLAINT | {"words": "汉" * 40_000}, "too-large", ""),
    ],
)
async def test_a_refusal_says_code_field_and_fix_and_records_no_event(
    kind: str, data: object, why: str, field: str, desk: Desk, intake: Intake
) -> None:
    await intake.take([received(0)])
    subject = "K-2" if kind == "received" else "K-1"
    told, neighbour = await intake.take(
        [arrival(kind, data, 1, id="r", subject=subject), contacted(2)]
    )

    assert outcomes_of([told, neighbour]) == ["refused", "accepted"]
    assert code(told) == why
    assert field in fields(told)
    assert await events(desk) == ["K-1 received", "K-1 contacted"]
    again = await intake.take([arrival(kind, data, 3, id="r", subject=subject)])
    assert outcomes_of(again) == ["duplicate"]


async def test_a_request_is_decided_on_the_version_it_names_or_on_what_stands(
    desk: Desk, intake: Intake
) -> None:
    told = await intake.take(
        [
            received(0),
            arrival("graded", A_GRADE | {"version": 1}, 1),
            contacted(2),
            arrival("graded", {"scheme": "S46", "code": "B", "reason": "worse"}, 3),
            arrival("graded", {"scheme": "S46", "code": "A", "version": 1}, 4),
        ]
    )

    assert outcomes_of(told) == ["accepted"] * 4 + ["refused"]
    assert (code(told[4]), told[4].version) == ("changed-meanwhile", 4)


async def test_a_link_names_the_other_complaint_by_key_or_number(
    desk: Desk, intake: Intake
) -> None:
    one, two = await intake.take([received(0), received(1, subject="K-2")])
    linked = await intake.take(
        [
            arrival(
                "duplicate_linked", {"other": "K-1", "reason": "same"}, 2, subject="K-2"
            ),
            arrival(
                "duplicate_unlinked",
                {"other": one.detail, "reason": "no"},
                3,
                subject="K-2",
            ),
        ]
    )

    assert outcomes_of(linked) == ["accepted", "accepted"]
    assert {told.stream for told in linked} == {two.stream}


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


async def test_a_hundred_at_once_are_one_batch(desk: Desk, intake: Intake) -> None:
    half = [received(n, subject=f"K-{n}") for n in range(50)]
    told = await intake.take(
        [*half, *(contacted(50 + n, subject=f"K-{n}") for n in range(50))]
    )

    assert outcomes_of(told) == ["accepted"] * 100
    assert [one.detail for one in told[:50]] == [f"C-2026-{n:06}" for n in range(1, 51)]
