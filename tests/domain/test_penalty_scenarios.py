"""Scenarios A12, A14 and the fines of A08, as the text has them, exact to the fen."""

from datetime import date
from typing import Any

import pytest

from domain.clock_arithmetic import add_months
from domain.errors import InvalidError, NotAllowedError, NotReadyError
from domain.penalty import Notice, Proposed, Superseded
from domain.penalty_life import reverse
from tests.builders import WANG
from tests.domain.fining import (
    V1_FROM,
    Books,
    cny,
    complaint_of,
    fines,
    money,
    on,
    published,
    text_of,
)

# --- A12: the most severe clause wins (S6 6.1). ------------------------------------------

ESCAPED = {
    "pieces": 3,
    "reached": "customer",
    "caused_complaint": True,
    "visibly_defective": True,
}
TWELVE = "S6@1#5.2.1.12"


@pytest.fixture
def books() -> Books:
    return Books(published((text_of("S6_v1"), V1_FROM)))


def test_a12_three_pieces_reach_a_customer(books: Books) -> None:
    complaint = complaint_of("2025-03-18")
    books.recorded(complaint)
    said: dict[str, Any] = {"day": "2025-03-18", "complaint": complaint, **ESCAPED}
    p = books.stated("missed_inspection", "patrol_inspector", person="p-patrol", **said)
    f = books.stated("missed_inspection", "final_inspector", person="p-final", **said)

    for notice in (p, f):  # the quality management department sets 100 for each piece
        books.proposed(notice, TWELVE, each={TWELVE: 100})

    assert [n.amount for n in (p, f)] == [cny(300), cny(300)]
    assert money([p, f]) == 600_00
    gave_way = [e for e in p.happened if isinstance(e, Superseded)]
    assert [(e.penalty_clause, e.amount, e.by_clause) for e in gave_way] == [
        ("S6@1#5.2.1.2", cny(60), TWELVE),
        ("S6@1#5.2.1.11", cny(30), TWELVE),
    ]
    assert {e.clause for e in gave_way} == {"S6@1#6.1-6.7"}
    assert not [e for e in f.happened if isinstance(e, Superseded)]

    o = books.stated(
        "self_check_failed",
        "operator",
        "2025-03-18",
        person="p-operator",
        complaint=complaint,
        pieces=3,
        reached="customer",
        repairable=False,
    )
    books.proposed(o, "S6@1#5.2.3.3")

    assert o.amount == cny(60)
    assert money([p, f, o]) == 660_00
    assert fines(complaint) == [p.id, f.id, o.id]


@pytest.mark.parametrize(
    ("each", "allowed"), [(49, False), (50, True), (200, True), (201, False)]
)
def test_a12_an_amount_outside_its_range_is_refused(
    books: Books, each: int, *, allowed: bool
) -> None:
    p = books.stated("missed_inspection", "patrol_inspector", "2025-03-18", **ESCAPED)

    if allowed:
        books.proposed(p, TWELVE, each={TWELVE: each})
        assert p.amount == cny(3 * each)
        return
    with pytest.raises(InvalidError) as refused:
        books.proposed(p, TWELVE, each={TWELVE: each})
    assert refused.value.lacks[0].clause == TWELVE
    assert (p.stage, p.news) == ("stated", [])


def test_a12_the_milder_clause_is_refused_while_the_severe_one_fits(books: Books) -> None:
    p = books.stated("missed_inspection", "patrol_inspector", "2025-03-18", **ESCAPED)

    with pytest.raises(NotReadyError) as waiting:
        books.proposed(p, "S6@1#5.2.1.2")
    assert [(lack.fix, lack.clause) for lack in waiting.value.lacks] == [
        ("set the amount of the other clause too", TWELVE)
    ]
    with pytest.raises(NotAllowedError) as refused:
        books.proposed(p, "S6@1#5.2.1.2", each={TWELVE: 50})
    assert refused.value.lacks[0].clause == TWELVE


# --- A14: versions of the catalog (S6 6.5-6.7). ------------------------------------------

ADDED = """  - clause: "5.2.1.14"
    act: {zh: "测试条款", en: "a clause for this test"}
    tariffs: [{roles: [inspector], when: {fact: act, value: test_act}, yuan: 30}]
assumed:
"""


def version_2() -> str:
    text = text_of("S6_v1").replace("version: 1\n", "version: 2\n", 1)
    text = text.replace("\nacts:\n", '\nacts:\n  test_act: {zh: "测试", en: "a test"}\n', 1)
    return text.replace("assumed:\n", ADDED, 1)


@pytest.fixture
def two_versions() -> Books:
    return Books(published((text_of("S6_v1"), V1_FROM), (version_2(), date(2025, 3, 10))))


def test_a14_an_act_before_the_version_is_uncovered(two_versions: Books) -> None:
    offence = two_versions.stated("test_act", "inspector", "2025-03-09")

    with pytest.raises(NotReadyError) as asked:
        two_versions.proposed(offence, at=on("2025-03-11"))
    assert asked.value.lacks[0].field == "leader"
    two_versions.proposed(offence, leader="p-leader", at=on("2025-03-11"))

    [charge] = [e for e in offence.happened if isinstance(e, Proposed)]
    assert (charge.person, charge.role) == ("p-leader", "supervising_leader")
    assert (charge.penalty_clause, charge.liability) == ("S6@1#6.6", "direct")
    assert (charge.amount, money([offence])) == (None, 0)


def test_a14_the_same_act_a_day_later_costs_30_yuan(two_versions: Books) -> None:
    offence = two_versions.stated("test_act", "inspector", "2025-03-10")

    two_versions.proposed(offence, "S6@2#5.2.1.14", at=on("2025-03-11"))

    assert offence.amount == cny(30)


def test_a14_the_next_update_is_due_two_months_after_the_last() -> None:
    stream = published((text_of("S6_v1"), V1_FROM), (version_2(), date(2025, 3, 10)))

    assert stream.update_due(months=2) == date(2025, 5, 10)
    assert date(2025, 5, 10) == add_months(date(2025, 3, 10), 2)


def test_a14_no_version_at_all_judges_nothing(two_versions: Books) -> None:
    offence = two_versions.stated("test_act", "inspector", "2025-01-05")

    with pytest.raises(NotReadyError) as refused:
        two_versions.proposed(offence, leader="p-leader")
    assert refused.value.lacks[0].field == "on"


# --- A08: joint liability after a recall, with the general manager's approval (S2). -------


def test_a08_the_ledger_stands_at_zero_until_the_general_manager_approves() -> None:
    books = Books(governs="S2@1")
    amounts = {"p-1": 500, "p-2": 100, "p-3": 100}
    notices: list[Notice] = []
    for person, yuan in amounts.items():
        notice = books.stated("recall", "liable", "2025-03-11", person=person)
        liability = "direct" if person == "p-1" else "joint"
        books.proposed(notice, amount=cny(yuan), liability=liability, at=on("2025-03-14"))
        notices.append(notice)

    assert money(notices) == 0
    with pytest.raises(NotAllowedError) as refused:
        books.approved(notices[0], who=WANG)  # who proposed it
    assert refused.value.lacks[0].clause == "S2@1#5.4.2"
    for notice in notices:
        books.approved(notice)

    assert money(notices) == 700_00
    assert [n.charge.liability for n in notices if n.charge] == ["direct", "joint", "joint"]
    reverse(notices[0], books.rules, who=WANG, at=on("2025-03-25"), reason="查无实据")
    assert money(notices) == 200_00
