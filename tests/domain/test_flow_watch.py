"""A19, S30: 8D steps with evidence in order, and two months without the problem."""

import pytest

from tests.domain.flow import Flow

STEPS = ("d0", "d1", "d2", "d3", "d4", "d5", "d6", "d7")


def reported(flow: Flow, *, follows: bool | None) -> Flow:
    """Measures carried out on 20 February; D0 to D7 and the report sent on the 27th."""
    flow.says("2025-02-19", "action_planned", action="A1", text="改模具")
    flow.says("2025-02-20", "action_implemented", action="A1")
    for step in STEPS:
        flow.says("2025-02-27", "evidence_accepted", criterion=step)
    flow.says("2025-02-27 10:00", "replied", part="report")
    if follows is not None:
        flow.says("2025-02-27", "fact_established", fact="customer_follows", value=follows)
    return flow


def followed() -> Flow:
    flow = reported(Flow("S30", "2025-01-31"), follows=True)
    flow.says("2025-03-01", "customer_confirmed", result="accepted", follows=True)
    return flow


@pytest.mark.parametrize(
    ("day", "closes"),
    [
        ("2025-03-20", False),
        ("2025-04-19", False),
        ("2025-04-19 23:59:59", False),
        ("2025-04-20 00:00", True),  # over when its last day begins
        ("2025-04-21", True),
    ],
)
def test_the_customer_watches_two_months(day: str, closes: bool) -> None:
    flow = followed()

    if closes:
        assert flow.closes(day)
    else:
        assert flow.refused(day, "closed") == ["observed"]
        assert "watched until 2025-04-20" in flow.why[0]
        assert flow.why[0].endswith("[S30@1#clocks]")


def test_a_silent_customer_lets_the_plant_close_by_itself() -> None:
    flow = reported(Flow("S30", "2025-01-31"), follows=False)

    assert flow.gates("2025-02-27")["observed"].state == "waived"
    assert flow.gates("2025-02-27")["customer_agrees"].state == "waived"
    assert flow.closes("2025-02-27")


def test_as_long_as_nobody_knows_whether_the_customer_watches_it_is_watched() -> None:
    flow = reported(Flow("S30", "2025-01-31"), follows=None)

    assert flow.refused("2025-02-27", "closed") == ["observed", "customer_agrees"]


def test_the_same_defect_breaks_the_watch_and_new_measures_begin_another() -> None:
    flow = followed()
    flow.says("2025-04-02", "recurred", observed="同一缺陷")

    assert "observed" in flow.refused("2025-04-20", "closed")
    assert "record first: action_implemented" in flow.why[1]

    flow.says("2025-04-10", "action_implemented", action="A1")
    flow.says("2025-04-11 10:00", "replied", part="report")
    flow.says("2025-04-12", "customer_confirmed", result="accepted", follows=True)
    assert flow.refused("2025-06-09", "closed") == ["observed"]
    assert "watched until 2025-06-10" in flow.why[0]
    assert flow.closes("2025-06-10 00:00")


def test_the_disciplines_are_taken_in_the_order_of_their_numbers() -> None:
    flow = Flow("S30", "2025-01-31")
    flow.says("2025-02-01", "evidence_accepted", criterion="d0")

    assert flow.refused("2025-02-02", "evidence_accepted", criterion="d3") == ["d1", "d2"]
    assert flow.why == ["accept this evidence first [S30@1#clocks]"] * 2


def test_what_is_justified_needs_containment_and_a_word_to_the_customer() -> None:
    flow = reported(Flow("S30", "2025-01-31"), follows=False)
    flow.says("2025-02-01", "screened", outcome="justified")

    assert flow.refused("2025-02-27", "closed") == ["contained", "contacted"]
    flow.says("2025-02-02", "contained", actions=("冻结",))
    flow.says("2025-02-02", "contacted", channel="phone")
    assert flow.closes("2025-02-27")


def test_what_is_not_justified_needs_its_analysis() -> None:
    flow = Flow("S30", "2025-01-31")
    flow.says("2025-02-01", "screened", outcome="not_justified")
    flow.says("2025-02-02", "contacted", channel="phone")

    assert flow.refused("2025-02-03", "closed") == ["duty_done"]
    flow.says("2025-02-03", "duty_done", duty="not_justified_analysis")
    assert flow.closes("2025-02-03")
