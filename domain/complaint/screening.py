"""Screening: what its outcome means for figures, clocks and repeats."""

from dataclasses import dataclass

from domain.complaint.facts import facts_of
from domain.complaint.intake import Screened
from domain.complaint.state import Complaint
from domain.rulebooks.rulebook import Rules
from domain.rulebooks.screening import Outcome


@dataclass(frozen=True, slots=True)
class Counted:
    """What a complaint counts in, and by which clause it does not."""

    in_kpi: bool = True
    in_clocks: bool = True
    in_repeats: bool = True
    clause: str = ""


def outcome_of(complaint: Complaint, rules: Rules) -> Outcome | None:
    """What the last screening came to, in the words of the regulation."""
    screened = complaint.latest(Screened)
    return rules.on("screening").screened(screened.outcome) if screened else None


def counted(complaint: Complaint, rules: Rules) -> Counted:
    """What it counts in. One that is excluded counts in nothing, where that is certain."""
    outcome = outcome_of(complaint, rules)
    made = Counted()
    if outcome is not None:
        made = Counted(
            outcome.counts_in_kpi,
            outcome.counts_in_clocks,
            outcome.counts_in_repeats,
            outcome.clause,
        )
    book = rules.get("screening")
    screening = book.screening if book else None
    if screening is None or screening.excluded_when is None:
        return made
    if screening.excluded_when.judge(facts_of(complaint)).truth != "true":
        return made
    clauses = [one.clause for one in screening.outcomes.values() if not one.counts_in_kpi]
    return Counted(False, False, False, clauses[0] if clauses else made.clause)
