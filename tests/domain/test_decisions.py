"""What may happen, as tables: given these events, when this is said, then that follows."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

import pytest

from consumers.opening import rulebooks
from domain.amount import Amount
from domain.complaint import (
    action,
    assignment,
    closure,
    contact,
    correction,
    effect,
    grading,
    intake,
    investigation,
    items,
)
from domain.complaint.reception import received
from domain.complaint.state import Complaint
from domain.errors import InvalidError, NotAllowedError, NotReadyError, RefusedError
from domain.event import Event
from tests.builders import LI, TUESDAY, WANG, reading, reception, when

RULEBOOKS = rulebooks()
PARTY, ANOTHER, NOTICE = UUID(int=7), UUID(int=8), UUID(int=9)
FINE = Amount(minor=20_000, currency="CNY")

Command = Callable[..., object]


def fact(do: Callable[..., object], **said: Any) -> Command:
    """Somebody states a fact."""
    return partial(do, who=LI, when=when(), **said)


def decision(do: Callable[..., object], **said: Any) -> Command:
    """Somebody decides."""
    return partial(do, who=WANG, at=TUESDAY, **said)


INJURY = fact(items.fact_established, fact="injury", value=True)
HAZARD = fact(items.fact_established, fact="safety_hazard", value=False)
NO_INJURY = fact(items.fact_established, fact="injury", value=False)
UNHURT = (
    NO_INJURY,
    HAZARD,
    fact(items.fact_established, fact="function_effect", value="none"),
    fact(items.fact_established, fact="customer_loss", value="none"),
)
GRADE_A = decision(grading.grade, scheme="S46", code="A")
GRADE_C = decision(grading.grade, scheme="S46", code="C")
PLAN = fact(action.action_planned, action="A1", text="改模具")
DO = fact(action.action_implemented, action="A1")
CLEAN = fact(effect.batch_checked, shipment_batch="L1", result="clean")
OTHER = fact(effect.batch_checked, shipment_batch="L2", result="other_problem")
AGAIN = fact(effect.batch_checked, shipment_batch="L3", result="same_problem")
GOOD = decision(effect.verify, result="effective", side_effect=False)
HARMS = decision(effect.verify, result="effective", side_effect=True)
BAD = decision(effect.verify, result="ineffective", side_effect=False)
CLOSE = decision(closure.close)
REOPEN = decision(closure.reopen, reason="再发")
DONE = (PLAN, DO, CLEAN, CLEAN, OTHER, GOOD)
CLOSED = (*DONE, CLOSE)
LINK = decision(intake.link_duplicate, other=ANOTHER, reason="same")
UNLINK = decision(intake.unlink_duplicate, other=ANOTHER, reason="not the same")
FIX = partial(fact, correction.correct, corrects=1, reason="typed wrongly")
CALL = fact(contact.contacted, channel="phone")
TAKE_BACK = fact(intake.withdrawn)
ASSIGN = decision(assignment.assign, owner="p-li")
CAUSE = investigation.Cause(branch="occurrence", code="method")
STRANGE = investigation.Cause(branch="escape", code="moon")
HALVES = (
    investigation.Share(party="casting", percent=50),
    investigation.Share(party="machining", percent=50),
)


def complaint(*given: Command) -> Complaint:
    """A complaint that was received, and to which this happened since."""
    event = received(reception(), reading("C-1"), who=LI, at=TUESDAY, party_id=PARTY)
    made = intake.receive(UUID(int=1), event)
    for command in given:
        command(made, RULEBOOKS.of(made))
    made.news.clear()
    return made


def follows(made: Complaint, said: Command) -> list[str]:
    """The words of the events that follow."""
    said(made, RULEBOOKS.of(made))
    return [event.TOPIC.removeprefix("complaint.") for event in made.news]


@pytest.mark.parametrize(
    ("given", "said", "then"),
    [
        ((INJURY,), GRADE_A, ["graded"]),
        ((INJURY, GRADE_A), GRADE_A, []),  # the same grade again is no news
        (UNHURT, GRADE_C, ["graded"]),
        ((CALL,), CALL, ["contacted"]),  # a second call is a second fact
        (CLOSED, CALL, ["contacted"]),  # a fact is never too late
        ((), LINK, ["duplicate_linked"]),
        ((LINK,), LINK, []),
        ((LINK,), UNLINK, ["duplicate_unlinked"]),
        ((), UNLINK, []),  # nothing to take back
        (DONE, CLOSE, ["closed"]),
        (CLOSED, CLOSE, []),
        (CLOSED, REOPEN, ["reopened"]),
        ((TAKE_BACK,), CLOSE, ["closed"]),  # nobody asks for it any more
        ((PLAN, DO, BAD, PLAN, DO), GOOD, ["verified"]),  # the next cycle
        ((PLAN, DO, GOOD), GOOD, []),
        ((ASSIGN,), ASSIGN, []),
        ((), fact(investigation.root_caused, causes=(CAUSE,)), ["root_caused"]),
        (
            (),
            decision(investigation.assign_liability, shares=HALVES),
            ["liability_assigned"],
        ),
        ((), FIX(field="items.1.quantity", new=463), ["corrected"]),
        ((), FIX(field="items.1.quantity", new=20), []),  # it was right
        ((), FIX(field="items.1.batch"), ["corrected"]),  # unknown after all
        ((), FIX(field="words", new="别的话"), ["corrected"]),
        ((), FIX(field="when.occurred_at", new="2026-03-01T08:00:00+08:00"), ["corrected"]),
    ],
)
def test_what_follows(given: tuple[Command, ...], said: Command, then: list[str]) -> None:
    assert follows(complaint(*given), said) == then


@pytest.mark.parametrize(
    ("given", "said", "error", "fields"),
    [
        ((), CLOSE, NotReadyError, ["verified", "three_clean_batches"]),
        ((PLAN, DO, GOOD), CLOSE, NotReadyError, ["three_clean_batches"]),
        ((PLAN, DO, HARMS, CLEAN, CLEAN, CLEAN), CLOSE, NotReadyError, ["verified"]),
        ((PLAN, DO, GOOD, CLEAN, CLEAN), CLOSE, NotReadyError, ["three_clean_batches"]),
        # Recurrence counts anew and ends the cycle, so the verification is asked for again.
        (
            (PLAN, DO, GOOD, CLEAN, CLEAN, AGAIN, CLEAN),
            CLOSE,
            NotReadyError,
            ["verified", "three_clean_batches"],
        ),
        ((PLAN,), GOOD, NotReadyError, ["action_implemented"]),
        ((PLAN, DO, BAD), GOOD, NotReadyError, ["action_implemented"]),
        ((), DO, InvalidError, ["action"]),
        (CLOSED, GRADE_A, NotAllowedError, ["code"]),
        (CLOSED, ASSIGN, NotAllowedError, ["owner"]),
        ((), REOPEN, NotAllowedError, ["closed"]),
        ((INJURY,), GRADE_C, NotAllowedError, ["code"]),  # nobody makes it milder
        (UNHURT, GRADE_A, InvalidError, ["reason"]),  # worse needs a reason
        ((), decision(grading.grade, scheme="S10", code="A"), NotAllowedError, ["scheme"]),
        ((), decision(grading.grade, scheme="S46", code="Z"), NotAllowedError, ["code"]),
        ((), decision(intake.screen, outcome="nobody's"), NotAllowedError, ["outcome"]),
        (
            (),
            decision(intake.link_duplicate, other=UUID(int=1), reason="x"),
            InvalidError,
            ["other"],
        ),
        (
            (),
            fact(investigation.root_caused, causes=(STRANGE,)),
            NotAllowedError,
            ["causes"],
        ),
        (
            (),
            decision(investigation.assign_liability, shares=HALVES[:1]),
            InvalidError,
            ["shares"],
        ),
        ((), fact(items.loss_stated), InvalidError, ["loss"]),
        ((), FIX(field="number", new="C-2"), NotAllowedError, ["field"]),
        ((), FIX(field="who.by", new="p-me"), NotAllowedError, ["field"]),
        ((), FIX(field="items.2.batch", new="x"), InvalidError, ["field"]),
        ((), FIX(field="items.0.batch", new="x"), InvalidError, ["field"]),
        ((), FIX(field="items.1", new="x"), InvalidError, ["field"]),
        ((), FIX(field="items.1.quantity", new="many"), InvalidError, ["new"]),
        ((), FIX(field="words", new=3), InvalidError, ["new"]),
        (
            (INJURY,),
            fact(correction.correct, corrects=9, field="x", reason="r"),
            InvalidError,
            ["corrects"],
        ),
        (
            (INJURY, GRADE_A),
            fact(correction.correct, corrects=3, field="code", new="B", reason="r"),
            NotAllowedError,
            ["corrects"],
        ),
    ],
)
def test_what_is_refused(
    given: tuple[Command, ...], said: Command, error: type[RefusedError], fields: list[str]
) -> None:
    """All that is missing is said at once, and nothing is recorded."""
    made = complaint(*given)

    with pytest.raises(error) as refused:
        said(made, RULEBOOKS.of(made))

    assert type(refused.value) is error
    assert [lack.field for lack in refused.value.lacks] == fields
    assert made.news == []


def test_a_grade_keeps_what_it_was_decided_on() -> None:
    """The proposal, why, what is still open, and what was taken for granted."""
    made = complaint()

    decision(grading.grade, scheme="S46", code="A", reason="顾客要求")(
        made, RULEBOOKS.of(made)
    )

    [graded] = made.news
    assert isinstance(graded, grading.Graded)
    assert (graded.proposed, graded.might_be) == ("C", ("A", "B"))
    unsaid = ("legal_breach", "reputation_harm", "trust_hurt", "customer_use_affected")
    assert graded.presumed == unsaid
    assert graded.clause == "S46@1#grades: A"
    assert graded.saw == 1


def test_a_corrected_fact_is_what_later_decisions_see() -> None:
    """The grade follows the corrected answer, and the first one stays on record."""
    made = complaint(INJURY)
    fact(
        correction.correct, corrects=2, field="value", new=False, reason="nobody was hurt"
    )(made, RULEBOOKS.of(made))
    made.news.clear()

    with pytest.raises(InvalidError, match="not as it has to be"):
        GRADE_A(made, RULEBOOKS.of(made))  # without a reason it no longer follows

    assert isinstance(made.happened[2], items.FactEstablished)
    assert made.happened[2].value is False


def test_facts_fold_by_when_they_happened_not_by_when_we_heard() -> None:
    """The latest statement counts, whichever came first."""
    early = partial(items.fact_established, who=LI, fact="injury", value=True, when=when())
    late = partial(
        items.fact_established,
        who=LI,
        fact="injury",
        value=False,
        when=when(TUESDAY.replace(hour=17)),
    )

    for order in ((early, late), (late, early)):
        made = complaint(*order)
        graded: list[Event] = []
        decision(grading.grade, scheme="S46", code="C")(made, RULEBOOKS.of(made))
        graded += made.news
        assert isinstance(graded[0], grading.Graded)
        assert graded[0].proposed == "C"
