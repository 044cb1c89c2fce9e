"""A supplied lot (S14): the correction sheet, the review meeting, return or concession."""

from typing import Any

import pytest

from domain.amount import Amount
from domain.complaint import approval, assignment, disposition, grading
from domain.complaint.facts import facts_of
from domain.errors import NotReadyError
from tests.domain.fining import V1_FROM, Books, published, text_of
from tests.domain.under import (
    Command,
    complaint,
    decision,
    fact,
    on,
    refusal,
    somebody,
    words,
)

CENTRE = somebody("quality_centre")
MEETING = (
    "procurement",
    "process_engineering",
    "quality_manager",
    "development",
    "development_director",
    "plant_head",
)


def signs(role: str, meaning: str = "approved") -> Command:
    said = {"decision": "concession", "meaning": meaning, "role": role}
    return decision(approval.sign, somebody(role), on("2026-03-04 10:00"), **said)


def disposes(result: str = "concession", kind: str | None = "sorting") -> Command:
    said: dict[str, Any] = {"disposition": result, "concession_kind": kind}
    return decision(disposition.dispose, CENTRE, on("2026-03-05 10:00"), **said)


LABOUR = fact(disposition.labour_booked, CENTRE, on("2026-03-06 10:00"), minutes=90)
RETURN = disposes("returned", None)
KINDS = "sorting, added_parts, added_process, lowered_requirement, machining"
PROPOSED = signs("quality_centre", "proposed")
AGREED = (PROPOSED, *(signs(role) for role in MEETING))


@pytest.mark.parametrize(
    ("given", "said", "then"),
    [
        (AGREED, disposes(), ["disposed"]),
        (AGREED, RETURN, ["disposed"]),
        ((*AGREED, disposes()), disposes(), []),
        ((*AGREED, disposes()), RETURN, ["disposed"]),  # another decision takes its place
        ((*AGREED, disposes()), LABOUR, ["labour_booked"]),
    ],
)
def test_in_its_order(given: tuple[Command, ...], said: Command, then: list[str]) -> None:
    assert words(complaint(*given, approvals="S14@1"), said) == then


@pytest.mark.parametrize(
    ("given", "said", "why"),
    [
        ((), disposes(), "signed: first proposed by: quality centre S14@1#stages"),
        (
            AGREED[:-1],
            disposes(),
            "signed: first signed by: plant head S14@1#stages",
        ),
        (
            AGREED,
            disposes(kind="painting"),
            f"concession_kind: choose one of {KINDS}",
        ),
        (
            AGREED,
            disposes(kind=None),
            "concession_kind: say it of a concession, and of nothing else",
        ),
        (
            AGREED,
            disposes("returned", "sorting"),
            "concession_kind: say it of a concession, and of nothing else",
        ),
        (AGREED, LABOUR, "disposed: decide on a concession first"),
        ((*AGREED, RETURN), LABOUR, "disposed: decide on a concession first"),
    ],
)
def test_out_of_its_order_it_is_refused_with_the_reason(
    given: tuple[Command, ...], said: Command, why: str
) -> None:
    assert refusal(complaint(*given, approvals="S14@1"), said) == [why]


def test_what_was_decided_is_what_a_catalog_asks_for() -> None:
    made = complaint(*AGREED, disposes(), approvals="S14@1")

    facts = facts_of(made)

    assert (facts["disposition"], facts["concession_kind"]) == ("concession", "sorting")


def test_the_labour_booked_is_what_the_supplier_pays() -> None:
    """95 minutes at 20 yuan an hour, as they were booked: nobody types them again."""
    more = fact(disposition.labour_booked, CENTRE, on("2026-03-06 16:00"), minutes=5)
    made = complaint(*AGREED, disposes(), LABOUR, more, approvals="S14@1")
    books = Books(made, published((text_of("S14_v1"), V1_FROM)), governs="S14@1")
    supplier: Any = {"person": "Fengda", "account": "supplier", "complaint": made}
    lot = books.stated("concession_use", "supplier", "2026-03-07", **supplier)

    books.proposed(lot, "S14@1#deduction")

    assert lot.charge is not None
    assert (lot.charge.amount, lot.charge.rests_on[made.id]) == (fen(31_67), made.version)
    assert lot.charge.arithmetic == ("1.583333333333333333333333333 × 20.00 = 31.67",)


def test_what_was_not_booked_is_asked_for() -> None:
    made = complaint(*AGREED, disposes(), approvals="S14@1")
    books = Books(made, published((text_of("S14_v1"), V1_FROM)), governs="S14@1")
    supplier: Any = {"person": "Fengda", "account": "supplier", "complaint": made}
    lot = books.stated("concession_use", "supplier", "2026-03-07", **supplier)

    with pytest.raises(NotReadyError) as refused:
        books.proposed(lot, "S14@1#deduction")
    assert [lack.field for lack in refused.value.lacks] == ["labour_minutes"]


def fen(minor: int) -> Amount:
    return Amount(minor=minor, currency="CNY")


@pytest.mark.parametrize(
    ("who", "may"),
    [("service_engineer", True), ("quality_engineer", True), ("customer_service", False)],
)
def test_the_service_engineer_assigns_staff_of_other_departments(
    who: str, may: bool
) -> None:
    """S28: the customer-service engineer of the quality department, and nobody else."""
    made = complaint(intake="S28@1")
    said = decision(
        assignment.assign, somebody(who), on("2026-03-04 10:00"), owner="p-zhao"
    )

    if may:
        assert words(made, said) == ["assigned"]
    else:
        engineer = "customer-service engineer of the quality department"
        assert refusal(made, said) == [f"role: only for: {engineer} S28@1#roles"]


def grades(code: str = "major", reason: str | None = "停线一天") -> Command:
    said = {"scheme": "own", "code": code, "reason": reason}
    return decision(grading.grade, CENTRE, on("2026-03-04 10:00"), **said)


def test_what_no_regulation_grades_a_person_may() -> None:
    """D12: ungoverned is recordable, gradable by a person who says why, never clocked."""
    made = complaint()

    assert refusal(made, grades(reason=None)) == [
        "reason: no regulation in force proposes a grade: say why it is this one"
    ]
    assert words(made, grades()) == ["graded"]
    assert (made.grades, made.deadlines) == ({"own": "major"}, {})
    made.news.clear()
    assert words(made, grades()) == []
    governed = complaint(grading="S46@1")
    assert refusal(governed, grades()) == [
        "scheme: the complaint is not under this regulation"
    ]
