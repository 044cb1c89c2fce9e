"""Returns: goods the customer sends back, and the good ones that go out for them."""

from datetime import date

from domain.complaint import authority
from domain.complaint.items import ItemNumber, Quantity
from domain.complaint.state import Complaint
from domain.errors import InvalidError, Lack, NotAllowedError, NotReadyError
from domain.event import Decision, Event, Fact, When, Who
from domain.rulebooks.rulebook import Rules
from domain.times import Instant
from domain.words import Code

DECISION = "return_exchange"  # as a regulation lists it among its approvals

# --- What can have happened. -----------------------------------------------------------


class GoodsArrived(Fact):
    """Goods that the customer complains about came back to us."""

    TOPIC = "complaint.goods_arrived"

    item: ItemNumber | None = None  # which item of the complaint they are of
    pieces: Quantity | None = None
    request: str | None = None  # the return they were sent back under


class ReturnRequested(Fact):
    """Somebody applied for a return or an exchange of goods."""

    TOPIC = "complaint.return_requested"

    request: str
    pieces: Quantity | None = None
    until: date | None = None  # the customer's date for the good parts


class ReturnApproved(Decision):
    """One who has to approve the return did."""

    TOPIC = "complaint.return_approved"

    request: str


class GoodsDelivered(Fact):
    """Good parts went to the customer for those returned."""

    TOPIC = "complaint.goods_delivered"

    request: str
    pieces: Quantity | None = None


# --- What may happen. ------------------------------------------------------------------


def goods_arrived(
    complaint: Complaint,
    _rules: Rules,
    *,
    who: Who,
    when: When,
    item: ItemNumber | None = None,
    pieces: Quantity | None = None,
    request: Code | None = None,
) -> None:
    """Note that goods came back, also without an application."""
    complaint.record(
        GoodsArrived(who=who, when=when, item=item, pieces=pieces, request=request)
    )


def return_requested(
    complaint: Complaint,
    rules: Rules,
    *,
    who: Who,
    when: When,
    request: Code,
    pieces: Quantity | None = None,
    until: date | None = None,
) -> None:
    """Apply for a return. Each application has a name of its own."""
    authority.propose(complaint, rules, DECISION, who)
    if _requested(complaint, request) is not None:
        raise InvalidError(Lack("request", "give this return a name of its own"))
    complaint.record(
        ReturnRequested(who=who, when=when, request=request, pieces=pieces, until=until)
    )


def approve_return(
    complaint: Complaint, rules: Rules, *, who: Who, at: Instant, request: Code
) -> None:
    """Approve it, as one of those who have to. Once it is approved nothing changes."""
    if complaint.closed:
        raise NotAllowedError(Lack("request", "reopen the complaint first"))
    _known(complaint, request)
    about = _about(complaint, request)
    if authority.is_complete(complaint, rules, DECISION, about):
        return
    clause = authority.sign(complaint, rules, DECISION, who, about=about)
    complaint.record(
        ReturnApproved(
            who=who, decided_at=at, saw=complaint.version, clause=clause, request=request
        )
    )


def goods_delivered(
    complaint: Complaint,
    rules: Rules,
    *,
    who: Who,
    when: When,
    request: Code,
    pieces: Quantity | None = None,
) -> None:
    """Note that good parts went out for a return that was approved."""
    _known(complaint, request)
    authority.execute(rules, DECISION, who)
    about = _about(complaint, request)
    needed = rules.speaking_of(DECISION) is not None
    if needed and not authority.is_complete(complaint, rules, DECISION, about):
        raise NotReadyError(authority.lack_of_approval(rules, DECISION, "return_approved"))
    complaint.record(GoodsDelivered(who=who, when=when, request=request, pieces=pieces))


def _requested(complaint: Complaint, request: str) -> ReturnRequested | None:
    asked = complaint.all(ReturnRequested)
    return next((one for one in asked if one.request == request), None)


def _known(complaint: Complaint, request: str) -> ReturnRequested:
    asked = _requested(complaint, request)
    if asked is None:
        raise InvalidError(
            Lack("request", "apply for this return first, or check its name")
        )
    return asked


def _about(complaint: Complaint, request: str) -> list[Event]:
    """What was asked and signed of this return, and of no other."""
    said: list[ReturnRequested | ReturnApproved] = [
        *complaint.all(ReturnRequested),
        *complaint.all(ReturnApproved),
    ]
    return [one for one in said if one.request == request]
