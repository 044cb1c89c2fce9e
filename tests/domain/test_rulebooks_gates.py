"""Gates as verdicts: what is unknown keeps one shut, and the mode chooses among them."""

from typing import Any
from uuid import UUID

import pytest
from pydantic import ValidationError

from consumers.opening import rulebooks
from domain.complaint import contact, intake
from domain.complaint.course import course_under
from domain.complaint.reception import received
from domain.complaint.state import Complaint
from domain.gate_reading import Case, judged
from domain.rulebooks.approvals import Approval
from domain.rulebooks.clocks import Clock
from domain.rulebooks.gates import Closure, Need
from domain.rulebooks.predicates import NA, Facts
from tests.builders import LI, TUESDAY, reading, reception, when

RULEBOOKS = rulebooks()
SAID = {"zh": "门", "en": "gate"}
CALLED = {"need": {"event": {"event": "contacted"}}}
ACCEPTED = {"need": {"event": {"event": "accepted"}}}
SIGNED = {"need": {"signatures": "x"}}
SEEN = {"need": {"facts": {"fact": "satisfied"}}}
FOLLOWED = {**ACCEPTED, "applies_when": {"fact": "customer_follows"}}
APPROVAL = Approval.model_validate(
    {"name": SAID, "clause": "1", "propose": {"roles": ["a"]}, "chain": [{"roles": ["b"]}]},
    strict=False,
)
CLOCK = Clock.model_validate(
    {
        "name": SAID,
        "clause": "1",
        "start": [{"event": "accepted"}],
        "stop": [{"event": "replied"}],
        "limit": {"amount": 1, "unit": "day"},
    },
    strict=False,
)
EITHER = {"need": {"any_of": [SIGNED["need"], CALLED["need"]]}}


@pytest.fixture(scope="module")
def called() -> Complaint:
    """A complaint whose customer was called; nobody has accepted it."""
    begun = received(reception(), reading("C-1"), who=LI, at=TUESDAY, party_id=UUID(int=7))
    made = intake.receive(UUID(int=1), begun)
    rules = RULEBOOKS.of(made)
    contact.contacted(made, rules, who=LI, when=when(), channel="phone")
    return made


def closure(gates: dict[str, Any], **but: Any) -> Closure:
    whole = {name: {"name": SAID, "clause": "1", **gate} for name, gate in gates.items()}
    return Closure.model_validate({"clause": "1", "gates": whole, **but}, strict=False)


def keeps_shut(
    made: Closure, complaint: Complaint, facts: Facts, grade: str | None = None
) -> set[str]:
    """The gates that keep it open."""
    stands = course_under(complaint, made)
    case = Case(stands, facts, complaint.zone, TUESDAY, {"x": APPROVAL}, {"CLK-x": CLOCK})
    return {gate.name for gate in judged(made, case, grade).shut}


@pytest.mark.parametrize(
    ("gate", "facts", "shut"),
    [
        (CALLED, {}, False),
        (ACCEPTED, {}, True),
        (SIGNED, {}, True),
        ({"need": {"evidence": ["location"]}}, {}, True),
        ({"need": {"clock": "CLK-x"}}, {}, True),
        (EITHER, {}, False),
        (SEEN, {}, True),  # unknown does not open it
        (SEEN, {"satisfied": False}, True),
        (SEEN, {"satisfied": True}, False),
        (FOLLOWED, {}, True),  # unknown: it applies
        (FOLLOWED, {"customer_follows": True}, True),
        (FOLLOWED, {"customer_follows": False}, False),
        (FOLLOWED, {"customer_follows": NA}, False),
    ],
)
def test_what_keeps_a_gate_shut(
    called: Complaint, gate: dict[str, Any], facts: Facts, shut: bool
) -> None:
    assert bool(keeps_shut(closure({"one": gate}), called, facts)) is shut


@pytest.mark.parametrize(
    ("but", "grade", "shut"),
    [
        ({"mode": "all"}, None, {"b", "c"}),
        ({"mode": "any"}, None, set()),
        ({"mode": "any", "always": ["b"]}, None, {"b", "c"}),
        (
            {"mode": "by_grade", "by_grade": {"small": ["a"], "large": ["a", "b"]}},
            "small",
            set(),
        ),
        (
            {"mode": "by_grade", "by_grade": {"small": ["a"], "large": ["a", "b"]}},
            "large",
            {"b"},
        ),
        (
            {"mode": "by_grade", "by_grade": {"small": ["a"]}, "always": ["c"]},
            "small",
            {"c"},
        ),
        (
            {"mode": "by_grade", "by_grade": {"small": ["a"]}},
            None,
            {"b", "c"},
        ),  # ungraded: all
    ],
)
def test_which_gates_a_mode_asks_for(
    called: Complaint, but: dict[str, Any], grade: str | None, shut: set[str]
) -> None:
    made = closure({"a": CALLED, "b": ACCEPTED, "c": SIGNED}, **but)
    assert keeps_shut(made, called, {}, grade) == shut


@pytest.mark.parametrize(
    ("need", "says"),
    [
        ({}, "a need is one of"),
        ({"signatures": "x", "clock": "CLK-x"}, "a need is one of"),
        ({"clean_run": 3}, "`clean_run` needs after, breaks, counts too"),
        ({"observe": {"amount": 2, "unit": "month"}}, "`observe` needs after too"),
        ({"signatures": "x", "in_order": True}, "`signatures` takes no in_order"),
        ({"observe": {"amount": 2, "unit": "working_day"}}, "observe.unit"),
        ({"evidence": []}, "evidence"),
        ({"any_of": []}, "any_of"),
    ],
)
def test_a_need_is_one_thing_and_whole(need: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Need.model_validate(need, strict=False)
    assert says in str(refused.value)


def test_grades_without_their_mode_are_refused() -> None:
    for but in ({"mode": "by_grade"}, {"by_grade": {"A": ["a"]}}):
        with pytest.raises(ValidationError):
            closure({"a": CALLED}, **but)
