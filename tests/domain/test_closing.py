"""Closing what is not ours: what the outcome of screening asks for, and no gate more."""

import pytest

from domain.complaint import closure, contact, intake
from domain.errors import NotReadyError
from tests.domain.test_decisions import RULEBOOKS, complaint, decision, fact, follows

NOT_OURS = decision(intake.screen, outcome="not_ours")
OURS = decision(intake.screen, outcome="ours")
TOLD = fact(contact.contacted, channel="phone")
CLOSE = decision(closure.close)


def test_what_is_not_ours_is_closed_when_the_customer_was_told() -> None:
    assert follows(complaint(NOT_OURS, TOLD), CLOSE) == ["closed"]


def test_it_is_refused_before_the_customer_was_told() -> None:
    made = complaint(NOT_OURS)

    with pytest.raises(NotReadyError) as refused:
        CLOSE(made, RULEBOOKS.of(made))

    assert [(lack.field, lack.clause) for lack in refused.value.lacks] == [
        ("contacted", RULEBOOKS["S46@1"].screened("not_ours").clause)
    ]


def test_what_turned_out_to_be_ours_has_to_pass_the_gates() -> None:
    made = complaint(NOT_OURS, TOLD, OURS)

    with pytest.raises(NotReadyError) as refused:
        CLOSE(made, RULEBOOKS.of(made))

    assert len(refused.value.lacks) == 2
