"""What returns: S2 5.4.1(5), three complaints of one batch and one problem (A07)."""

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import permutations
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consumers.opening import rulebooks
from domain import cluster, repeats
from domain.assess.members import Part
from domain.cluster import Alarmed, Cluster, Extended, Found, Withdrawn
from domain.errors import NotAllowedError
from domain.event import When
from domain.repeats import Share
from domain.rulebooks.rulebook import Rules
from tests.builders import LI, TUESDAY, WANG

RULE = "S2@1#REP-same-batch"
KEY = (
    cluster.Part(fact="batch", value="20250211"),
    cluster.Part(fact="defect", value="swollen pack"),
)
NO_RULES = Rules({})


def complaint(nth: int, day: int) -> Share:
    """C1, C2 … received on a day of March 2025."""
    at, number = datetime(2025, 3, day, tzinfo=UTC), f"C{nth}"
    return Share(UUID(int=nth), number, at, "Asia/Shanghai", (Part(at, number, 1),))


C1, C2, C3, C4 = complaint(1, 3), complaint(2, 5), complaint(3, 7), complaint(4, 12)


def found(*shares: Share) -> Found:
    return repeats.found(rulebooks()["S2@1"], RULE, KEY, shares)


def after(*turns: Sequence[Share]) -> Cluster | None:
    """The cluster after the set of complaints was looked at some times."""
    stands: Cluster | None = None
    for shares in turns:
        if stands is None:
            stands = cluster.raised(found(*shares), who=LI, at=TUESDAY)
        else:
            cluster.followed(stands, NO_RULES, found=found(*shares), who=LI, at=TUESDAY)
    return stands


def told(stands: Cluster | None) -> list[str]:
    return [] if stands is None else [event.TOPIC.split(".")[1] for event in stands.news]


@pytest.mark.parametrize(
    ("turns", "then"),
    [
        ([[C1], [C1, C3], [C1, C3]], []),
        ([[C1], [C1, C3], [C1, C3, C2]], ["alarmed"]),
        ([[C1, C2, C3], [C1, C2, C3]], ["alarmed"]),
        ([[C1, C2, C3], [C1, C2, C3, C4]], ["alarmed", "extended"]),
        ([[C1, C2, C3], [C1, C2]], ["alarmed", "withdrawn"]),
        ([[C1, C2, C3], [C1, C2], [C1]], ["alarmed", "withdrawn"]),
        ([[C1, C2, C3], [C1, C2], [C1, C2, C4]], ["alarmed", "withdrawn", "alarmed"]),
        ([[C1, C2, C3, C4], [C1, C2, C4]], ["alarmed", "extended"]),
    ],
)
def test_an_alarm_follows_the_set_of_its_key(
    turns: list[list[Share]], then: list[str]
) -> None:
    assert told(after(*turns)) == then


def test_the_evidence_is_listed_as_it_was_received_not_as_it_arrived() -> None:
    """C1, C3, C3 and then C2: three complaints, C2 between the others."""
    stands = after([C1], [C1, C3], [C1, C3, C2])
    assert stands is not None
    [alarm] = stands.news
    assert isinstance(alarm, Alarmed)
    assert [member.number for member in alarm.members] == ["C1", "C2", "C3"]
    assert (alarm.count, alarm.threshold, alarm.crossing) == (3, 3, 1)
    assert alarm.clause == "S2@1#5.4.1(5)"


def test_crossing_the_threshold_again_is_another_alarm() -> None:
    stands = after([C1, C2, C3], [C1, C2], [C1, C2, C4])
    assert stands is not None
    again = stands.news[-1]
    assert isinstance(again, Alarmed)
    assert again.crossing == 2
    assert isinstance(stands.news[-2], Withdrawn)


@given(st.permutations([C1, C2, C3, C4]))
def test_whatever_order_they_come_in_the_members_are_the_same(order: list[Share]) -> None:
    turns = [order[: n + 1] for n in range(len(order))]
    stands = after(*turns)
    assert stands is not None
    assert stands.members == {one.complaint: 1 for one in (C1, C2, C3, C4)}
    assert told(stands) == ["alarmed", "extended"]


def test_the_key_names_its_stream_whoever_finds_it() -> None:
    ids = {found(*some).cluster_id for some in permutations([C1, C2, C3])}
    assert len(ids) == 1
    other = cluster.cluster_id(RULE, (KEY[0], cluster.Part(fact="defect", value="label")))
    assert other not in ids


def test_new_evidence_opens_what_was_dismissed() -> None:
    stands = after([C1, C2, C3])
    assert stands is not None
    cluster.dismiss(stands, NO_RULES, who=WANG, at=TUESDAY, reason="三批原料不同")
    cluster.followed(stands, NO_RULES, found=found(C1, C2), who=LI, at=TUESDAY)
    assert stands.state == "withdrawn"
    with pytest.raises(NotAllowedError):
        cluster.dismiss(stands, NO_RULES, who=WANG, at=TUESDAY, reason="again")

    stands = after([C1, C2, C3])
    assert stands is not None
    cluster.dismiss(stands, NO_RULES, who=WANG, at=TUESDAY, reason="三批原料不同")
    cluster.followed(stands, NO_RULES, found=found(C1, C2, C3, C4), who=LI, at=TUESDAY)
    assert isinstance(stands.news[-1], Extended)
    assert stands.state == "open"


def test_a_plan_follows_the_meeting_and_stands_for_later_members() -> None:
    """C4 comes after plan P1: no second meeting is asked for."""
    stands = after([C1, C2, C3])
    assert stands is not None
    with pytest.raises(NotAllowedError) as refused:
        cluster.adopt_plan(stands, NO_RULES, who=WANG, at=TUESDAY, plan="P1")
    assert refused.value.lacks[0].fix == "hold the quality analysis meeting first"
    cluster.meeting_held(stands, NO_RULES, who=LI, when=When(occurred_at=TUESDAY))
    cluster.adopt_plan(stands, NO_RULES, who=WANG, at=TUESDAY, plan="P1")
    cluster.followed(stands, NO_RULES, found=found(C1, C2, C3, C4), who=LI, at=TUESDAY)
    assert (stands.plan, stands.met) == ("P1", True)


@pytest.mark.parametrize(("pieces", "reached"), [((30, 19), False), ((30, 20), True)])
def test_pieces_are_summed_over_the_complaints_of_a_key(
    pieces: tuple[int, ...], reached: bool
) -> None:
    """S6 3.1.2: fifty pieces of one model and production date."""
    shares = []
    for nth, amount in enumerate(pieces, start=1):
        one = complaint(nth, nth)
        shares.append(
            Share(
                one.complaint,
                one.number,
                one.received_at,
                one.zone,
                (Part(one.received_at, one.number, amount),),
            )
        )
    key = (
        cluster.Part(fact="product_model", value="M7"),
        cluster.Part(fact="production_date", value="2025-02-18"),
    )
    made = repeats.found(rulebooks()["S6@1"], "S6@1#REP-batch-accident", key, shares)
    assert made.is_reached is reached
    assert made.count == sum(pieces)
