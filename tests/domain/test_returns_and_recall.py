"""Returns and recall (S2 5.4.2, A08): who asks, who approves, who carries out."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from domain.complaint import investigation, recall, returns
from domain.complaint.approval import chain_of
from tests.domain.under import (
    RULEBOOKS,
    Command,
    complaint,
    decision,
    fact,
    on,
    refusal,
    somebody,
    words,
)

QC = somebody("quality_control")
GM = somebody("general_manager")
SALES = somebody("sales")
REGIONAL = somebody("regional_manager")
ENGINEER = somebody("quality_engineer")  # one of our own roles, who acts for QC
GM_WHO_ASKED = somebody("general_manager", "quality-control")  # the person who asked

BATCH_PROBLEM = decision(
    investigation.determine,
    QC,
    on("2025-03-11 14:00"),
    result="product",
    batch_problem=True,
)
ONE_PIECE = decision(
    investigation.determine,
    QC,
    on("2025-03-11 14:00"),
    result="product",
    batch_problem=False,
)
ASKS = {"recall": "R1", "batches": ("20250211",), "reason": "胀包"}


def asks(who: Any = QC, **said: Any) -> Command:
    return decision(recall.request_recall, who, on("2025-03-11 15:00"), **ASKS | said)


def approves(who: Any = GM) -> Command:
    return decision(recall.approve_recall, who, on("2025-03-12 10:00"), recall="R1")


def takes_back(who: Any = SALES, at: str = "2025-03-13 09:00") -> Command:
    return fact(recall.recall_executed, who, on(at), recall="R1", pieces=480)


def wants_return(who: Any = QC, **said: Any) -> Command:
    words = {"request": "T1", "pieces": 36} | said
    return fact(returns.return_requested, who, on("2025-03-11 16:00"), **words)


def allows_return(who: Any = GM, request: str = "T1") -> Command:
    at = on("2025-03-12 16:00")
    return decision(returns.approve_return, who, at, request=request)


def sends_goods(who: Any = SALES, request: str = "T1") -> Command:
    at = on("2025-03-14 09:00")
    return fact(returns.goods_delivered, who, at, request=request, pieces=36)


SAYS = "S2@1#5.4.2"
ONLY_QC = f"role: only 质管部 (quality control department) may ask for it {SAYS}"
ONLY_GM = f"role: only 总经理 (general manager) may approve it {SAYS}"
ONLY_SALES = f"role: only 销售部 (sales) may carry it out {SAYS}"
SOMEBODY_ELSE = f"by: another person than who asked or signed has to approve it {SAYS}"


@dataclass
class Row:
    given: tuple[Command, ...]
    said: Command
    then: list[str] = field(default_factory=list)
    why: list[str] = field(default_factory=list)


A08 = (
    Row((BATCH_PROBLEM,), asks(SALES), why=[ONLY_QC]),
    Row((BATCH_PROBLEM,), asks(QC), ["recall_requested"]),
    Row(
        (BATCH_PROBLEM, asks(QC)),
        takes_back(SALES, "2025-03-12 09:00"),
        why=[f"recall_approved: it has to be approved first {SAYS}"],
    ),
    Row((BATCH_PROBLEM, asks(QC)), approves(GM), ["recall_approved"]),
    Row((BATCH_PROBLEM, asks(QC), approves(GM)), takes_back(SALES), ["recall_executed"]),
    Row((wants_return(),), allows_return(REGIONAL), why=[ONLY_GM]),
    Row((wants_return(),), allows_return(GM), ["return_approved"]),
)

RECALL = (
    Row((), asks(), why=[f"batch_problem: this has to be established first {SAYS}"]),
    Row(
        (ONE_PIECE,),
        asks(),
        why=[f"batch_problem: this has to be established first {SAYS}"],
    ),
    Row((BATCH_PROBLEM,), asks(ENGINEER), ["recall_requested"]),
    Row((BATCH_PROBLEM, asks()), asks(), []),
    Row(
        (BATCH_PROBLEM, asks()),
        asks(batches=("20250212",)),
        why=["recall: give this recall a name of its own"],
    ),
    Row((BATCH_PROBLEM, asks()), asks(recall="R2"), ["recall_requested"]),
    Row((), approves(), why=["recall: ask for this recall first, or check its name"]),
    Row((), takes_back(), why=["recall: ask for this recall first, or check its name"]),
    Row((BATCH_PROBLEM, asks()), approves(SALES), why=[ONLY_GM]),
    Row((BATCH_PROBLEM, asks()), approves(GM_WHO_ASKED), why=[SOMEBODY_ELSE]),
    Row((BATCH_PROBLEM, asks(), approves()), approves(), []),
    Row((BATCH_PROBLEM, asks(), approves()), takes_back(QC), why=[ONLY_SALES]),
)

RETURN = (
    Row((), wants_return(SALES), why=[ONLY_QC]),
    Row((), wants_return(), ["return_requested"]),
    Row(
        (wants_return(),),
        wants_return(),
        why=["request: give this return a name of its own"],
    ),
    Row(
        (), allows_return(), why=["request: apply for this return first, or check its name"]
    ),
    Row((wants_return(), allows_return()), allows_return(), []),
    Row(
        (wants_return(),),
        sends_goods(),
        why=[f"return_approved: it has to be approved first {SAYS}"],
    ),
    Row((wants_return(), allows_return()), sends_goods(QC), why=[ONLY_SALES]),
    Row((wants_return(), allows_return()), sends_goods(), ["goods_delivered"]),
    Row(
        (wants_return(), allows_return(), wants_return(request="T2")),
        sends_goods(request="T2"),
        why=[f"return_approved: it has to be approved first {SAYS}"],
    ),
    # Goods may come before any paper does: what happened is never too early.
    Row(
        (),
        fact(returns.goods_arrived, SALES, on("2025-02-05 10:00"), item=1, pieces=4),
        ["goods_arrived"],
    ),
)


@pytest.mark.parametrize("row", [*A08, *RECALL, *RETURN])
def test_by_the_regulation_of_returns_and_recall(row: Row) -> None:
    made = complaint(*row.given, approvals="S2@1")

    if row.why:
        assert refusal(made, row.said) == row.why
    else:
        assert words(made, row.said) == row.then


def test_a_decision_names_the_clause_it_rests_on() -> None:
    made = complaint(BATCH_PROBLEM, approvals="S2@1")

    words(made, asks())

    [event] = made.news
    assert isinstance(event, recall.RecallRequested)
    assert event.clause == SAYS


@pytest.mark.parametrize(
    ("given", "said", "then"),
    [
        ((), asks(SALES), ["recall_requested"]),
        ((asks(SALES),), approves(somebody("sales")), ["recall_approved"]),
        ((asks(SALES), approves()), takes_back(QC), ["recall_executed"]),
        ((wants_return(SALES),), sends_goods(QC), ["goods_delivered"]),
    ],
)
def test_where_no_regulation_speaks_the_rights_of_the_ledger_are_enough(
    given: tuple[Command, ...], said: Command, then: list[str]
) -> None:
    assert words(complaint(*given, closure="S46@1"), said) == then


def test_without_a_regulation_a_recall_is_approved_before_it_is_carried_out() -> None:
    made = complaint(asks(SALES), closure="S46@1")

    assert refusal(made, takes_back()) == ["recall_approved: it has to be approved first"]


def test_the_same_under_a_regulation_whose_complaint_team_asks() -> None:
    """S13: the team asks, the top decision layer decides; nobody else is named."""
    team, top = somebody("complaint_team"), somebody("top_layer")
    made = complaint(approvals="S13@1")

    assert refusal(made, asks(QC))[0].startswith("role: only 投诉")
    assert words(made, asks(team)) == ["recall_requested"]
    assert words(made, approves(top))[-1] == "recall_approved"
    assert words(made, takes_back(QC))[-1] == "recall_executed"


def test_who_closed_the_complaint_has_to_reopen_it_before_a_recall() -> None:
    made = complaint(BATCH_PROBLEM, asks(), wants_return(), approvals="S2@1")
    made.closed = True

    for said in (asks(recall="R2"), approves(), allows_return()):
        assert refusal(made, said)[0].endswith("reopen the complaint first")


def test_a_recall_signs_by_the_same_chain_as_everything_else() -> None:
    """Its own words are its signatures: page and gates read them where `signed` stands."""
    steps = ((BATCH_PROBLEM,), (asks(),), (approves(),), (takes_back(),))
    given: tuple[Command, ...] = ()
    stands = []
    for more in steps:
        given = (*given, *more)
        made = complaint(*given, approvals="S2@1")
        _, found = chain_of(made, RULEBOOKS.of(made), "recall")
        stands.append((found.proposed, found.next(), found.complete, found.executed))

    assert stands == [
        (False, ("quality_control",), False, False),
        (True, ("general_manager",), False, False),
        (True, (), True, False),
        (True, (), True, True),
    ]


def test_another_recall_is_signed_anew() -> None:
    given = (BATCH_PROBLEM, asks(), approves(), asks(recall="R2"))
    made = complaint(*given, approvals="S2@1")

    _, found = chain_of(made, RULEBOOKS.of(made), "recall")
    assert found.next() == ("general_manager",)
    assert words(made, takes_back(SALES)) == ["recall_executed"]  # of the first one
