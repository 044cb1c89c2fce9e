"""A notice's life: what may follow what, who may say it, and what is refused."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from domain.errors import InvalidError, NotAllowedError, RefusedError
from domain.event import When, Who
from domain.penalty import Notice, Stage
from domain.penalty_life import appealed, change, notify, reverse, settle, uphold
from domain.penalty_offence import offence_stated, special_approval_given
from domain.penalty_proposal import Share
from tests.builders import LI, WANG
from tests.domain.fining import (
    GM,
    V1_FROM,
    Books,
    cny,
    money,
    on,
    published,
    text_of,
)

AT = on("2025-04-10")
Step = Callable[[Books, Notice], None]


@pytest.fixture
def books() -> Books:
    return Books(published((text_of("S6_v1"), V1_FROM)))


@pytest.fixture
def fined(books: Books) -> Notice:
    """100 yuan for a rework sheet signed without rework; S6 names no authority."""
    notice = books.stated("signed_without_rework", "patrol_inspector", "2025-04-01")
    books.proposed(notice, "S6@1#5.2.1.5")
    return notice


def _tell(books: Books, notice: Notice, *, stamped: bool = True) -> None:
    day = date(2025, 4, 17)
    notify(notice, books.rules, who=WANG, at=AT, stamped=stamped, appeal_until=day)


def _appeal(books: Books, notice: Notice) -> None:
    appealed(notice, books.rules, who=LI, when=When(occurred_at=AT), grounds="未在岗")


def _uphold(books: Books, notice: Notice, who: Who = GM) -> None:
    uphold(notice, books.rules, who=who, at=AT, reason="属实")


def _change(books: Books, notice: Notice, yuan: int = 100, who: Who = GM) -> None:
    change(notice, books.rules, who=who, at=AT, amount=cny(yuan), reason="酌情")


def _settle(books: Books, notice: Notice) -> None:
    settle(notice, books.rules, who=WANG, at=AT, how="工资")


def _reverse(books: Books, notice: Notice) -> None:
    reverse(notice, books.rules, who=WANG, at=AT, reason="查无实据")


@pytest.mark.parametrize(
    ("steps", "stage", "yuan"),
    [
        ((), "approved", 100),
        ((_tell,), "notified", 100),
        ((_tell, _appeal), "appealed", 100),
        ((_tell, _appeal, _uphold), "upheld", 100),
        ((_tell, _appeal, _change), "changed", 100),
        ((_tell, _appeal, _uphold, _settle), "settled", 100),
        ((_settle,), "settled", 100),
        ((_reverse,), "reversed", 0),
        ((_tell, _reverse), "reversed", 0),
        ((_tell, _appeal, _reverse), "reversed", 0),
        ((_tell, _appeal, _change, _reverse), "reversed", 0),
        ((_settle, _reverse), "reversed", 0),
        ((_reverse, _reverse), "reversed", 0),  # the same again is no news
    ],
)
def test_what_may_follow(
    books: Books, fined: Notice, steps: tuple[Step, ...], stage: Stage, yuan: int
) -> None:
    for step in steps:
        step(books, fined)

    assert (fined.stage, money([fined])) == (stage, yuan * 100)


@pytest.mark.parametrize(
    "steps",
    [
        (_uphold,),  # nobody appealed
        (_change,),
        (_tell, _uphold),
        (_tell, _appeal, _settle),  # somebody has to decide first
        (_reverse, _tell),
        (_reverse, _appeal),
        (_reverse, _settle),
        (_settle, _tell),
    ],
)
def test_what_may_not(books: Books, fined: Notice, steps: tuple[Step, ...]) -> None:
    *before, last = steps
    for step in before:
        step(books, fined)
    stands = fined.version

    with pytest.raises(RefusedError):
        last(books, fined)
    assert fined.version == stands


def test_a_notice_is_told_only_with_its_stamp(books: Books, fined: Notice) -> None:
    """6.3: the original notice is stamped."""
    with pytest.raises(NotAllowedError) as refused:
        _tell(books, fined, stamped=False)
    assert refused.value.lacks[0].field == "stamped"


@pytest.mark.parametrize("decide", [_uphold, _change])
def test_who_proposed_it_does_not_decide_the_appeal(
    books: Books, fined: Notice, decide: Callable[..., None]
) -> None:
    _appeal(books, fined)

    with pytest.raises(NotAllowedError):
        decide(books, fined, who=WANG)


@pytest.mark.parametrize("yuan", [49, 1001])
def test_a_change_stays_within_the_range(books: Books, yuan: int) -> None:
    """5.2.1.13: from 50 to 1,000."""
    notice = books.stated(
        "leadership", "department_head", "2025-04-01", accident_grade="major"
    )
    books.proposed(notice, "S6@1#5.2.1.13", each={"S6@1#5.2.1.13": 400})
    _appeal(books, notice)

    with pytest.raises(InvalidError):
        _change(books, notice, yuan)
    _change(books, notice, 50)
    assert money([notice]) == 50_00


def test_a_second_fine_for_the_same_act_and_person_is_refused(
    books: Books, fined: Notice
) -> None:
    with pytest.raises(NotAllowedError) as refused:
        books.proposed(fined, "S6@1#5.2.1.5")
    assert refused.value.lacks[0].fix == "this person has already been fined for this act"

    again = books.stated("signed_without_rework", "patrol_inspector", "2025-04-01")
    with pytest.raises(AssertionError, match="fine"):  # the store says: taken
        books.proposed(again, "S6@1#5.2.1.5")
    other_day = books.stated("signed_without_rework", "patrol_inspector", "2025-04-02")
    books.proposed(other_day, "S6@1#5.2.1.5")
    assert money([fined, other_day]) == 200_00


def test_once_reversed_it_can_be_proposed_anew_and_only_the_new_one_counts(
    books: Books,
) -> None:
    notice = books.stated("instruction_not_followed", "operator", "2025-04-01")
    clause = "S6@1#5.2.3.2"
    books.proposed(notice, clause, each={clause: 90})
    _reverse(books, notice)
    books.recorded(notice)

    books.proposed(notice, clause, each={clause: 60})

    assert (notice.rounds, money([notice])) == (2, 60_00)


@pytest.mark.parametrize(
    ("reversed_first", "outcome", "yuan"), [(False, "dismissal", 0), (True, None, 200)]
)
def test_a_second_falsified_report_counts_by_person_unless_the_first_was_reversed(
    books: Books, outcome: str | None, yuan: int, *, reversed_first: bool
) -> None:
    clause = "S6@1#5.2.1.3"
    first = books.stated("falsified_report", "inspector", "2025-02-01")
    books.proposed(first, clause)
    if reversed_first:
        _reverse(books, first)
        books.recorded(first)
    second = books.stated("falsified_report", "inspector", "2025-03-01")
    stranger = books.stated("falsified_report", "inspector", "2025-03-01", person="p-qian")

    books.proposed(second, clause)
    books.proposed(stranger, clause)

    assert second.charge is not None
    assert (second.charge.outcome, money([second])) == (outcome, yuan * 100)
    assert second.charge.rests_on[first.id] == first.version
    assert money([stranger]) == 200_00


def test_facts_that_come_later_change_the_candidates_and_no_decision(books: Books) -> None:
    bought = books.stated(
        "bulk_purchase_unpassed_sample",
        "procurement",
        "2025-04-01",
        purchase_on="2025-04-01",
    )
    words: dict[str, Any] = {"by": "p-gm", "on": date(2025, 3, 31)}
    special_approval_given(
        bought, books.rules, who=LI, when=When(occurred_at=AT), in_writing=False, **words
    )
    books.proposed(bought, "S6@1#5.1.3.1")  # said, but never written
    special_approval_given(
        bought, books.rules, who=LI, when=When(occurred_at=AT), in_writing=True, **words
    )

    assert money([bought]) == 500_00
    assert bought.facts()["special_approval_on"] == "2025-03-31"


def test_a_fact_of_the_wrong_kind_is_refused(books: Books) -> None:
    notice = books.stated("document_error", "technician", "2025-04-01")

    wrong: tuple[dict[str, Any], ...] = (
        {"pieces": True},
        {"caused_complaint": 1},
        {"reached": "moon"},
    )
    for facts in wrong:
        with pytest.raises(InvalidError):
            offence_stated(
                notice, books.rules, who=LI, when=When(occurred_at=AT), facts=facts
            )


@pytest.mark.parametrize(
    ("percents", "fen"),
    [((70, 30), (70_00, 30_00)), ((34, 33, 33), (34_00, 33_00, 33_00))],
)
def test_shares_make_up_the_amount(
    books: Books, percents: tuple[int, ...], fen: tuple[int, ...]
) -> None:
    notice = books.stated("signed_without_rework", "patrol_inspector", "2025-04-01")
    shares = tuple(Share(person=f"p-{n}", percent=p) for n, p in enumerate(percents))

    books.proposed(notice, "S6@1#5.2.1.5", shares=shares)

    assert notice.charge is not None
    assert notice.charge.shares is not None
    assert tuple(part.amount.minor for part in notice.charge.shares) == fen


@pytest.mark.parametrize("percents", [(70, 29), (70, 31)])
def test_shares_that_are_not_a_hundred_are_refused(
    books: Books, percents: tuple[int, ...]
) -> None:
    notice = books.stated("signed_without_rework", "patrol_inspector", "2025-04-01")
    shares = tuple(Share(person=f"p-{n}", percent=p) for n, p in enumerate(percents))

    with pytest.raises(InvalidError) as refused:
        books.proposed(notice, "S6@1#5.2.1.5", shares=shares)
    assert refused.value.lacks[0].fix == "the shares have to sum to 100 %"


def test_a_supplier_pays_20_yuan_for_each_hour_in_proportion_to_the_minutes() -> None:
    """S14: concession use; 95 minutes are 31.666… yuan, half up to the fen."""
    books = Books(published((text_of("S14_v1"), V1_FROM)), governs="S14@1")
    clause = "S14@1#deduction"
    lot = books.stated(
        "concession_use",
        "supplier",
        "2025-04-01",
        person="Fengda",
        account="supplier",
        disposition="concession",
        labour_minutes=95,
    )

    books.proposed(lot, clause)
    assert money([lot]) == 0  # the meeting has to approve it
    books.approved(lot)

    assert money([lot]) == 31_67
    assert lot.charge is not None
    assert (lot.charge.TOPIC, lot.account) == ("penalty.cost_charged", "supplier")
