"""Stopped work (S8): stop, plan, accept the plan, treat, accept the work."""

from typing import Any

import pytest

from domain.complaint import action, closure, rectification, review
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

CONTRACTOR = somebody("contractor")
SURVEY = somebody("survey_team")
SUPERVISOR = somebody("supervising_engineer")
OTHER_SUPERVISOR = somebody("supervising_engineer", "yang")
WORKER = somebody("worker")

STOP = fact(
    rectification.inspection_stopped, CONTRACTOR, on("2026-03-03 09:00"), part="三层梁"
)
PLANNED = fact(
    action.action_planned, CONTRACTOR, on("2026-03-05 09:00"), action="A1", text="凿除重浇"
)
TREAT = fact(action.action_implemented, CONTRACTOR, on("2026-03-09 09:00"), action="A1")


def plans(who: Any = CONTRACTOR, plan: str = "凿除重浇", **said: Any) -> Command:
    return decision(
        rectification.decide_plan, who, on("2026-03-05 10:00"), plan=plan, **said
    )


def argues(who: Any = SURVEY, argument: str | None = "复核计算满足设计") -> Command:
    return plans(who, plan="不处理", treatment="none", argument=argument)


def accepts_plan(who: Any = SUPERVISOR) -> Command:
    return decision(rectification.accept_plan, who, on("2026-03-06 10:00"))


def accepts_work(who: Any = SUPERVISOR, result: str = "accepted") -> Command:
    return decision(rectification.accept_work, who, on("2026-03-10 10:00"), result=result)


AGREED = (STOP, plans(), accepts_plan())
TREATED = (*AGREED, PLANNED, TREAT)


@pytest.mark.parametrize(
    ("given", "said", "then"),
    [
        ((), STOP, ["inspection_stopped"]),
        ((STOP,), plans(), ["plan_decided"]),
        ((STOP, plans()), plans(), []),
        ((STOP, plans()), plans(plan="压浆"), ["plan_decided"]),
        ((STOP, plans()), accepts_plan(), ["plan_accepted"]),
        (AGREED, accepts_plan(OTHER_SUPERVISOR), []),  # one is enough
        (TREATED, accepts_work(), ["work_accepted"]),
        ((*TREATED, accepts_work()), accepts_work(), []),
        ((*TREATED, accepts_work(result="rejected")), accepts_work(), ["work_accepted"]),
        ((STOP, argues()), accepts_plan(), []),  # effective by its argument
        ((STOP, argues()), accepts_work(), ["work_accepted"]),  # there is nothing to treat
    ],
)
def test_in_its_order(given: tuple[Command, ...], said: Command, then: list[str]) -> None:
    assert words(complaint(*given, approvals="S8@1"), said) == then


SUPERVISORS = "监理工程师 (supervising engineer)"
PLANNERS = "调查组 (survey team), 施工承包单位 (contractor)"


@pytest.mark.parametrize(
    ("given", "said", "why"),
    [
        ((), plans(), "inspection_stopped: stop the work on the affected part first"),
        ((STOP,), accepts_plan(), "plan_decided: decide on a plan first"),
        ((STOP,), accepts_work(), "plan_decided: decide on a plan first"),
        (
            (STOP, plans()),
            accepts_work(),
            "plan_accepted: it has to be approved first S8@1#4",
        ),
        (
            AGREED,
            accepts_work(),
            "action_implemented: carry out an action of the plan first",
        ),
        (
            (*TREATED, plans(plan="压浆")),  # a new plan: what was agreed to is another one
            accepts_work(),
            "plan_accepted: it has to be approved first S8@1#4",
        ),
        ((STOP,), plans(WORKER), f"role: only {PLANNERS} may ask for it S8@1#4"),
        (
            (STOP, plans()),
            accepts_plan(CONTRACTOR),
            f"role: only {SUPERVISORS} may approve it S8@1#4",
        ),
        (
            (STOP, plans(somebody("survey_team", "yang"))),
            accepts_plan(OTHER_SUPERVISOR),
            "by: another person than who asked or signed has to approve it S8@1#4",
        ),
        (TREATED, accepts_work(WORKER), f"role: only {SUPERVISORS} may ask for it S8@1#6"),
        ((STOP,), argues(argument=None), "argument: give the full argument S8@1#4"),
    ],
)
def test_out_of_its_order_it_is_refused_with_the_reason(
    given: tuple[Command, ...], said: Command, why: str
) -> None:
    assert refusal(complaint(*given, approvals="S8@1"), said) == [why]


def reports(day: int, *to: str) -> tuple[Command, ...]:
    at = on(f"2026-03-{day:02} 16:00")
    return tuple(
        fact(review.duty_done, SUPERVISOR, at, duty=f"report_to_{one}") for one in to
    )


CLOSE = decision(closure.close, SUPERVISOR, on("2026-03-20 10:00"))
FIRST = "record first: work_accepted (result accepted) S8@1#6"
NOT_ACCEPTED = [
    f"accepted: the work is accepted: {FIRST}",
    f"owner_has_report: the report is with the owner: {FIRST}",
    f"authority_has_report: the report is with the authority: {FIRST}",
]
NOT_REPORTED = [
    f"{to}_has_report: the report is with the {to}:"
    f" record first: duty_done (duty report_to_{to}) S8@1#6"
    for to in ("owner", "authority")
]


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (TREATED, NOT_ACCEPTED),
        ((*TREATED, accepts_work()), NOT_REPORTED),
        # A report from before the work was accepted is no report on it.
        ((*TREATED, *reports(9, "owner", "authority"), accepts_work()), NOT_REPORTED),
        (
            (*TREATED, accepts_work(result="rejected"), *reports(11, "owner", "authority")),
            NOT_ACCEPTED,
        ),
        ((*TREATED, accepts_work(), *reports(11, "owner")), NOT_REPORTED[1:]),
    ],
)
def test_it_is_closed_when_both_have_the_report_on_the_accepted_work(
    given: tuple[Command, ...], why: list[str]
) -> None:
    made = complaint(*given, approvals="S8@1", closure="S8@1")

    assert refusal(made, CLOSE) == why


def test_it_is_closed_in_the_end() -> None:
    given = (*TREATED, accepts_work(), *reports(11, "owner", "authority"))

    made = complaint(*given, approvals="S8@1", closure="S8@1")

    assert words(made, CLOSE) == ["closed"]


def test_where_no_regulation_speaks_the_order_holds_all_the_same() -> None:
    made = complaint(STOP, plans(WORKER), closure="S46@1")

    assert refusal(made, accepts_work(WORKER)) == [
        "plan_accepted: it has to be approved first"
    ]


def test_a_closed_complaint_has_to_be_reopened_first() -> None:
    made = complaint(*TREATED, approvals="S8@1")
    made.closed = True

    for said in (plans(plan="压浆"), accepts_plan(), accepts_work()):
        assert refusal(made, said)[0].endswith("reopen the complaint first")
