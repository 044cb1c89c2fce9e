"""A03, S46 5.2.2 and 5.2.3: ineffective action goes back; three clean batches in a row."""

from itertools import permutations
from typing import Any

from domain.complaint.failure import ReturnedToUnit
from tests.domain.flow import Flow

A1: dict[str, Any] = {"action": "A1"}


def batch(name: str, result: str) -> dict[str, Any]:
    return {"shipment_batch": name, "result": result}


def test_the_story_of_five_batches() -> None:
    flow = Flow("S46", "2025-03-01")
    flow.says("2025-03-02", "action_planned", action="A1", text="改模具")
    flow.says("2025-03-03", "action_implemented", **A1)
    flow.says("2025-03-05", "batch_checked", **batch("L1", "clean"))
    assert counter(flow, "2025-03-06") == 1

    flow.says("2025-03-07", "batch_checked", **batch("L2", "same_problem"))

    [returned] = [e for e in flow.complaint.news if isinstance(e, ReturnedToUnit)]
    assert (returned.cycle, returned.clause) == (2, "S46@1#5.2.2")
    assert flow.topics()[-2:] == ["batch_checked", "returned_to_unit"]
    assert counter(flow, "2025-03-08") == 0

    flow.says("2025-03-10", "action_implemented", **A1)
    flow.says("2025-03-11", "batch_checked", **batch("L3", "clean"))
    flow.says("2025-03-13", "batch_checked", **batch("L4", "other_problem"))
    assert flow.refused("2025-03-14", "closed") == ["verified", "three_clean_batches"]
    assert "2 of 3" in flow.why[1]
    assert flow.why[1].endswith("[S46@1#5.2.3 B]")

    flow.says("2025-03-18", "batch_checked", **batch("L5", "clean"))
    assert flow.refused("2025-03-18", "closed") == ["verified"]
    flow.says("2025-03-19", "verified", result="effective", side_effect=False)
    assert flow.gates("2025-03-19")["three_clean_batches"].found.history == (1, 0, 1, 2, 3)
    assert flow.closes("2025-03-19")


def counter(flow: Flow, day: str) -> int:
    return flow.gates(day)["three_clean_batches"].found.done


FACTS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("2025-03-03", "action_implemented", A1),
    ("2025-03-05", "batch_checked", batch("L1", "clean")),
    ("2025-03-07", "batch_checked", batch("L2", "same_problem")),
    ("2025-03-10", "action_implemented", A1),
    ("2025-03-11", "batch_checked", batch("L3", "clean")),
)


def test_the_counter_is_the_same_in_any_order_of_arrival() -> None:
    """The world's order counts, not the order in which we heard of it."""
    for order in permutations(FACTS):
        flow = Flow("S46", "2025-03-01")
        flow.says("2025-03-02", "action_planned", action="A1", text="改模具")
        for day, word, said in order:
            flow.says(day, word, **said)

        found = flow.gates("2025-03-12")["three_clean_batches"].found
        assert (found.done, found.history) == (1, (1, 0, 1)), order


def test_a_verification_of_the_first_cycle_does_not_close_the_second() -> None:
    flow = Flow("S46", "2025-03-01")
    flow.says("2025-03-02", "action_planned", action="A1", text="改模具")
    flow.says("2025-03-03", "action_implemented", **A1)
    flow.says("2025-03-04", "verified", result="effective", side_effect=False)
    flow.says("2025-03-05", "batch_checked", **batch("L1", "same_problem"))
    flow.says("2025-03-06", "action_implemented", **A1)
    for day in ("07", "08", "09"):
        flow.says(f"2025-03-{day}", "batch_checked", **batch(day, "clean"))

    assert flow.refused("2025-03-10", "closed") == ["verified"]


def test_a_side_effect_keeps_it_open() -> None:
    flow = Flow("S46", "2025-03-01")
    flow.says("2025-03-02", "action_planned", action="A1", text="改模具")
    flow.says("2025-03-03", "action_implemented", **A1)
    flow.says("2025-03-04", "verified", result="effective", side_effect=True)

    assert "verified" in flow.refused("2025-03-05", "closed")


def test_an_ineffective_verification_goes_back_to_the_unit_as_well() -> None:
    flow = Flow("S46", "2025-03-01")
    flow.says("2025-03-02", "action_planned", action="A1", text="改模具")
    flow.says("2025-03-03", "action_implemented", **A1)
    flow.says("2025-03-04", "verified", result="ineffective", side_effect=False)

    assert flow.topics()[-1] == "returned_to_unit"
    again: dict[str, Any] = {"result": "effective", "side_effect": False}
    assert flow.refused("2025-03-05", "verified", **again) == ["action_implemented"]


def test_what_the_customer_caused_is_closed_when_the_customer_was_told() -> None:
    flow = Flow("S46", "2025-03-01")
    flow.says("2025-03-02", "screened", outcome="not_ours")

    assert flow.refused("2025-03-03", "closed") == ["contacted"]
    flow.says("2025-03-03", "contacted", channel="phone")
    assert flow.closes("2025-03-03")
