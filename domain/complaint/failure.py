"""Failure: what did not help goes back to where the regulation sends it."""

from domain.complaint.course import course, moment_of, shows_failure
from domain.complaint.state import Complaint
from domain.event import LEDGER, Consequence
from domain.rulebooks.rulebook import Rules


class ReturnedToUnit(Consequence):
    """The actions did not help; the responsible unit has to find new ones."""

    TOPIC = "complaint.returned_to_unit"

    cycle: int  # of action: the one that begins now
    because: int  # the version of the event that shows it


def follow_failure(complaint: Complaint, rules: Rules) -> None:
    """Write down what follows, if what was recorded last shows that nothing helped."""
    book = rules.get("closure")
    failed = book.closure.ineffective if book and book.closure else None
    showing = complaint.happened[complaint.version]
    if complaint.closed or failed is None or failed.then != "return_to_responsible_unit":
        return
    assert book is not None
    if not shows_failure(showing, book.closure):
        return
    complaint.record(
        ReturnedToUnit(
            who=LEDGER,
            follows_at=moment_of(showing),
            clause=failed.clause,
            cycle=course(complaint, rules).cycle,
            because=showing.originator_version,
        )
    )
