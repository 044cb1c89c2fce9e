"""Compensation (S45): what a customer gets by grade, when, and what else may be given."""

from typing import Any

import pytest

from domain.complaint import action, compensation, grading, items
from domain.complaint.compensation import Compensated, Given, standing
from tests.domain.fining import cny
from tests.domain.flow import Flow, changed
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

CLERK = somebody("customer_service")
DONE = fact(action.solution_executed, CLERK, on("2026-03-05 16:00"))
SAYS = "S45@1#compensation"
URGENT = (Given(kind="exchange"), Given(kind="money", amount=cny(500)), Given(kind="gift"))
IMPORTANT = (Given(kind="repair"), Given(kind="longer_warranty", months=12))
GENERAL = (Given(kind="coupon", percent_off=10), Given(kind="note"))
S45 = {"compensation": "S45@1", "grading": "S45@1"}


def established(name: str, value: bool | str) -> Command:
    return fact(
        items.fact_established, CLERK, on("2026-03-04 10:00"), fact=name, value=value
    )


def one_item(**said: Any) -> Command:
    item = items.Item(**said)
    return fact(items.item_stated, CLERK, on("2026-03-04 10:00"), number=1, item=item)


ONE_PIECE = one_item(quantity=1)
SAFE = established("safety_hazard", value=False)
CHEAP = one_item(price=cny(9_999))


def graded(code: str) -> Command:
    said = {"scheme": "S45", "code": code, "reason": "按现场"}
    return decision(grading.grade, CLERK, on("2026-03-04 11:00"), **said)


def gives(*benefits: Given, **said: Any) -> Command:
    body = {"benefits": benefits or None} | said
    return decision(compensation.compensate, CLERK, on("2026-03-06 11:00"), **body)


def last(given: tuple[Command, ...], said: Command, **topics: str) -> Compensated:
    made = complaint(*given, **topics)
    assert words(made, said) == ["compensated"]
    event = made.news[-1]
    assert isinstance(event, Compensated)
    return event


@pytest.mark.parametrize(
    ("code", "benefits"),
    [("urgent", URGENT), ("important", IMPORTANT), ("general", GENERAL)],
)
def test_each_grade_has_its_benefits(code: str, benefits: tuple[Given, ...]) -> None:
    event = last((graded(code), DONE), gives(), **S45)

    assert (event.benefits, event.clause, event.grade) == (benefits, SAYS, code)


@pytest.mark.parametrize(
    ("facts", "grade"),
    [
        ((established("safety_hazard", value=True),), "urgent"),
        ((ONE_PIECE, SAFE, established("function_effect", "lost")), "important"),
        ((ONE_PIECE, SAFE, established("function_effect", "none"), CHEAP), "general"),
    ],
)
def test_where_another_regulation_grades_the_facts_say_what_is_due(
    facts: tuple[Command, ...], grade: str
) -> None:
    topics = {"compensation": "S45@1", "grading": "S46@1"}

    event = last((*facts, DONE), gives(), **topics)

    assert event.grade == grade
    assert bool(event.because) is (grade != "general")  # the rest needs no reason


def test_without_a_grade_a_person_says_what_is_given_and_why() -> None:
    made = complaint(ONE_PIECE, DONE, compensation="S45@1", grading="S46@1")

    asked = {line.split(":")[0] for line in refusal(made, gives())}
    assert "safety_hazard" in asked
    assert words(made, gives(Given(kind="gift"), reason="老客户")) == ["compensated"]
    event = made.news[-1]
    assert isinstance(event, Compensated)
    assert event.grade is None


@pytest.mark.parametrize(
    ("given", "said", "why"),
    [
        ((DONE,), gives(), f"graded: grade the complaint first {SAYS}"),
        (
            (graded("urgent"),),
            gives(),
            f"solution_executed: this has to be recorded first {SAYS}",
        ),
        (
            (graded("urgent"), DONE),
            gives(*GENERAL),
            f"reason: say why the customer gets something else than is listed {SAYS}",
        ),
        (
            (graded("urgent"), DONE),
            gives(Given(kind="money"), reason="x"),
            "benefits: money has an amount, and nothing else has",
        ),
        (
            (graded("urgent"), DONE),
            gives(Given(kind="gift", amount=cny(5)), reason="x"),
            "benefits: money has an amount, and nothing else has",
        ),
        (
            (graded("urgent"), DONE),
            gives(Given(kind="money", amount=cny(0)), reason="x"),
            "benefits: nothing of money is no compensation",
        ),
        (
            (graded("urgent"), DONE, gives()),
            gives(taken_back=True),
            "reason: say why it is taken back",
        ),
        (
            (graded("urgent"), DONE, gives()),
            gives(Given(kind="gift"), taken_back=True, reason="x"),
            "benefits: what is taken back gives nothing else",
        ),
    ],
)
def test_refused_with_the_reason(
    given: tuple[Command, ...], said: Command, why: str
) -> None:
    assert refusal(complaint(*given, **S45), said) == [why]


def test_nothing_is_given_where_no_regulation_speaks_of_it() -> None:
    made = complaint(DONE, closure="S46@1")

    assert refusal(made, gives()) == ["compensation: no regulation in force governs this"]


def test_a_closed_complaint_has_to_be_reopened_first() -> None:
    made = complaint(graded("urgent"), DONE, **S45)
    made.closed = True

    assert refusal(made, gives()) == ["benefits: reopen the complaint first"]


def test_the_same_again_changes_nothing_and_another_takes_its_place() -> None:
    made = complaint(graded("general"), DONE, gives(), **S45)
    assert words(made, gives()) == []

    instead = (*GENERAL, Given(kind="money", amount=cny(80)))
    assert words(made, gives(*instead, reason="多次往返")) == ["compensated"]
    event = made.news[-1]
    assert isinstance(event, Compensated)
    assert (event.was, standing(made)) == (GENERAL, instead)

    made.news.clear()
    assert words(made, gives(taken_back=True, reason="客户退款")) == ["compensated"]
    assert standing(made) == ()
    made.news.clear()
    assert words(made, gives(taken_back=True)) == []


def test_a_plant_may_bind_its_people_to_the_list() -> None:
    flow = Flow(changed("S45", ("binding: false", "binding: true")))
    flow.complaint.grades["S45"] = "urgent"
    flow.says("2024-09-30", "solution_executed")

    assert flow.refused("2024-10-08", "compensated", benefits=GENERAL) == ["benefits"]
    assert "leaves no choice" in flow.why[0]
    flow.says("2024-10-08", "compensated", benefits=URGENT)
    assert standing(flow.complaint) == URGENT


LEAVE = """
approvals:
  goodwill:
    name: {zh: "补偿审批", en: "compensation"}
    clause: "compensation"
    propose: {roles: [customer_service]}
    chain: [{roles: [cs_supervisor]}, {roles: [quality_manager]}]

compensation:
  approval: goodwill
"""


def test_where_a_plant_asks_for_signatures_all_of_them_come_first() -> None:
    flow = Flow(changed("S45", ("\ncompensation:\n", LEAVE)))
    flow.complaint.grades["S45"] = "important"
    flow.says("2024-09-30", "solution_executed")
    chain = (
        ("proposed", "customer_service"),
        ("approved", "cs_supervisor"),
        ("approved", "quality_manager"),
    )

    for meaning, role in chain:
        assert flow.refused("2024-10-08", "compensated") == ["signed"]
        flow.signs("2024-10-08", "goodwill", meaning, role, f"p-{role[:2]}")
    flow.says("2024-10-08", "compensated")
    assert standing(flow.complaint) == IMPORTANT
