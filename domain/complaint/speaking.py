"""Speaking: who speaks to the customer under each regulation, and whether this is one."""

from collections.abc import Iterator
from dataclasses import dataclass

from domain.complaint.facts import facts_of
from domain.complaint.state import Complaint
from domain.event import Who
from domain.rulebooks.people import Speaker
from domain.rulebooks.rulebook import Rulebook, Rules


@dataclass(frozen=True, slots=True)
class Spokesperson:
    """Roles that speak to the customer, by one clause of one regulation."""

    book: Rulebook
    speaker: Speaker


def spokespersons(complaint: Complaint, rules: Rules) -> Iterator[Spokesperson]:
    """The first speaker whose condition holds; where a fact is unknown, all it may be."""
    book = rules.get("spokesperson")
    facts = facts_of(complaint)
    for speaker in book.spokesperson if book else ():
        truth = speaker.when.judge(facts).truth if speaker.when else "true"
        if truth != "false":
            assert book is not None
            yield Spokesperson(book, speaker)
        if truth == "true":
            return


def may_speak(complaint: Complaint, rules: Rules, who: Who) -> bool:
    """Whether they speak to this customer; nobody is named: anybody may.

    No regulation refuses a word that was said: it is a fact. So this warns, and no more.
    """
    named = [role_ for s in spokespersons(complaint, rules) for role_ in s.speaker.roles]
    return not named or any(rules.acts_as(who, one) for one in named)
