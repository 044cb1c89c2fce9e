"""Whatever is said in whatever order: a complaint never closes with a shut gate."""

from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.complaint.closure import Closed
from domain.deeds import DEEDS
from domain.errors import RefusedError
from domain.event import When, Who
from domain.gate_reading import read_gates
from tests.domain.flow import Flow, instant

BEGUN = instant("2025-01-02 08:00")
PEOPLE = st.sampled_from(["p-a", "p-b", "p-c", "p-d"])
MOMENTS = st.integers(0, 24 * 120).map(lambda hours: BEGUN + timedelta(hours=hours))

S37_SIGNERS = ("customer_service", "cs_manager", "director", "general_manager", "handler")
SAID: dict[str, tuple[tuple[str, dict[str, Any]], ...]] = {
    "S46": (
        ("action_planned", {"action": "A1", "text": "改"}),
        ("action_implemented", {"action": "A1"}),
        ("batch_checked", {"shipment_batch": "L", "result": "clean"}),
        ("batch_checked", {"shipment_batch": "L", "result": "clean"}),
        ("batch_checked", {"shipment_batch": "L", "result": "same_problem"}),
        ("verified", {"result": "effective", "side_effect": False}),
        ("verified", {"result": "ineffective", "side_effect": False}),
        ("screened", {"outcome": "not_ours"}),
        ("contacted", {"channel": "phone"}),
    ),
    "S37": (
        ("customer_confirmed", {"result": "accepted"}),
        ("customer_confirmed", {"result": "rejected"}),
        ("solution_executed", {}),
        ("called_back", {"reached": True, "satisfied": True}),
        ("duty_done", {"duty": "pdca_file_changed"}),
        *(
            ("signed", {"decision": decision, "meaning": meaning, "role": role})
            for decision in ("close_sheet", "skip_second_callback")
            for meaning in ("proposed", "approved")
            for role in S37_SIGNERS
        ),
    ),
    "S30": (
        ("action_planned", {"action": "A1", "text": "改"}),
        ("action_implemented", {"action": "A1"}),
        *(("evidence_accepted", {"criterion": f"d{n}"}) for n in range(8)),
        ("replied", {"part": "report"}),
        ("recurred", {"observed": "又漏了"}),
        ("fact_established", {"fact": "customer_follows", "value": False}),
        ("customer_confirmed", {"result": "accepted", "follows": True}),
    ),
}


def _signs(decision: str, *roles: str) -> tuple[tuple[str, dict[str, Any]], ...]:
    """Proposed by the first, approved by the others in their order."""
    meanings = ("proposed", *["approved"] * (len(roles) - 1))
    return tuple(
        ("signed", {"decision": decision, "meaning": meaning, "role": role})
        for meaning, role in zip(meanings, roles, strict=True)
    )


# A course that ends well, whatever came before it.
WELL: dict[str, tuple[tuple[str, dict[str, Any]], ...]] = {
    "S46": (*SAID["S46"][:4], SAID["S46"][3], SAID["S46"][5], SAID["S46"][8]),
    "S37": (
        ("customer_confirmed", {"result": "accepted"}),
        ("solution_executed", {}),
        ("called_back", {"reached": True, "satisfied": True}),
        *_signs("close_sheet", *S37_SIGNERS[:4]),
        ("duty_done", {"duty": "pdca_file_changed"}),
    ),
    "S30": SAID["S30"][:11] + SAID["S30"][12:],
}


@pytest.mark.parametrize("book", SAID)
@settings(max_examples=60, deadline=None, derandomize=True)
@given(data=st.data())
def test_it_never_closes_with_a_shut_gate(book: str, data: st.DataObject) -> None:
    flow = Flow(book)
    steps = data.draw(
        st.lists(st.tuples(st.sampled_from(SAID[book]), PEOPLE, MOMENTS), max_size=20)
    )
    later = [
        (one, f"p-{nth}", BEGUN + timedelta(days=200 + nth))
        for nth, one in enumerate(WELL[book])
    ]
    closed = 0
    for (word, said), by, at in (*steps, *later):
        _say(flow, word, by, at, said)
        closed += _closes_as_the_gates_say(flow, at)
    a_year_on = BEGUN + timedelta(days=600)
    assert closed + _closes_as_the_gates_say(flow, a_year_on) > 0, "it ends well"


def _say(flow: Flow, word: str, by: str, at: Any, said: dict[str, Any]) -> None:
    deed = DEEDS[word]
    who = Who(by=by, role=said.get("role", "quality_engineer"), source="web")
    time = {"when": When(occurred_at=at)} if deed.is_fact else {"at": at}
    before = len(flow.complaint.news)
    try:
        deed.do(flow.complaint, flow.rules, who=who, **time, **said)
    except RefusedError:
        assert len(flow.complaint.news) == before, "a refusal records nothing"


def _closes_as_the_gates_say(flow: Flow, at: Any) -> bool:
    """Closed exactly when no gate is shut; and then it is opened again to go on."""
    outcome = flow.complaint.latest(DEEDS["screened"].event)
    shut = read_gates(flow.complaint, flow.book, at).shut
    boss = Who(by="p-boss", role="quality_manager", source="web")
    with suppress(RefusedError):
        DEEDS["closed"].do(flow.complaint, flow.rules, who=boss, at=at)
    if flow.complaint.closed:
        assert isinstance(flow.complaint.news[-1], Closed)
        assert not shut or outcome is not None, [gate.name for gate in shut]
        DEEDS["reopened"].do(flow.complaint, flow.rules, who=boss, at=at, reason="r")
        return True
    assert shut or outcome is not None
    return False
