"""Each message gets one outcome, recorded with what it led to, and is answered for good."""

import pytest

from consumers.inbound.desk import Desk
from consumers.inbound.intake import Intake
from tests.inbound.looking import (
    answers,
    code,
    events,
    fields,
    letters,
    outcomes_of,
)
from tests.inbound.messages import (
    A_CALL,
    A_COMPLAINT,
    A_GRADE,
    arrival,
    contacted,
    graded,
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
