"""Authority: who may ask for a decision, sign it and carry it out, as a regulation says.

Where no regulation that governs the complaint speaks of a decision, nothing is checked
here: the rights of the ledger itself are enough.
"""

from collections.abc import Iterable

from domain.complaint.chain import chain, meaning_of
from domain.complaint.facts import facts_of
from domain.complaint.state import Complaint
from domain.errors import InvalidError, Lack, NotAllowedError, NotReadyError
from domain.event import Event, Who
from domain.rulebooks.approvals import Party
from domain.rulebooks.rulebook import Rulebook, Rules


def propose(
    complaint: Complaint,
    rules: Rules,
    decision: str,
    who: Who,
    *,
    argument: str | None = None,
) -> str | None:
    """Refuse whoever may not ask for it, or asks before its time; else the clause."""
    book = rules.speaking_of(decision)
    if book is None:
        return None
    said = book.approvals[decision]
    if not _is_of(rules, said.propose, who):
        fix = f"only {_named(book, said.propose)} may ask for it"
        raise NotAllowedError(Lack("role", fix, said.clause))
    if said.when is not None:
        judged = said.when.judge(facts_of(complaint))
        if judged.truth != "true":
            facts = judged.missing or judged.because
            raise NotReadyError(
                *(
                    Lack(fact, "this has to be established first", said.clause)
                    for fact in facts
                )
            )
    if said.needs_argument and argument is None:
        raise InvalidError(Lack("argument", "give the full argument", said.clause))
    return said.clause


def sign(
    complaint: Complaint,
    rules: Rules,
    decision: str,
    who: Who,
    *,
    about: Iterable[Event],
) -> str | None:
    """Refuse whoever may not sign it now; else the clause. *about*: asked, signed."""
    book = rules.speaking_of(decision)
    if book is None:
        return None
    said = book.approvals[decision]
    found = chain(decision, said, about, facts_of(complaint), rules.acts_as)
    left, turn = found.open(), found.turn()
    if not any(_is_of(rules, step, who) for step in turn):
        if any(_is_of(rules, step, who) for step in left):
            fix = f"{_named(book, left[0])} has to sign first"
        else:
            fix = f"only {' / '.join(_named(book, step) for step in turn)} may approve it"
        raise NotAllowedError(Lack("role", fix, said.clause))
    if said.distinct_persons and who.persons & found.signers():
        fix = "another person than who asked or signed has to approve it"
        raise NotAllowedError(Lack("by", fix, said.clause))
    return said.clause


def is_complete(
    complaint: Complaint, rules: Rules, decision: str, about: Iterable[Event]
) -> bool:
    """Whether all who have to have signed; one signature where no regulation speaks."""
    book = rules.speaking_of(decision)
    if book is None:
        return any(meaning_of(event, decision) == "approved" for event in about)
    said = book.approvals[decision]
    return chain(decision, said, about, facts_of(complaint), rules.acts_as).complete


def execute(rules: Rules, decision: str, who: Who) -> None:
    """Refuse whoever is not named to carry it out."""
    book = rules.speaking_of(decision)
    if book is None:
        return
    said = book.approvals[decision]
    if said.execute is not None and not _is_of(rules, said.execute, who):
        fix = f"only {_named(book, said.execute)} may carry it out"
        raise NotAllowedError(Lack("role", fix, said.clause))


def lack_of_approval(rules: Rules, decision: str, field: str) -> Lack:
    """What is told to somebody who carries out what is not approved."""
    book = rules.speaking_of(decision)
    clause = book.approvals[decision].clause if book else ""
    return Lack(field, "it has to be approved first", clause)


def _is_of(rules: Rules, party: Party, who: Who) -> bool:
    return any(rules.acts_as(who, role) for role in party.roles)


def _named(book: Rulebook, party: Party) -> str:
    """The roles as the regulation calls them, for readers of both languages."""
    names = (book.roles[role].name for role in party.roles)
    return ", ".join(f"{name.zh} ({name.en})" for name in names)
