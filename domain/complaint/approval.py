"""Approval: who asks, who signs in which order, who then acts; each signs on record."""

import hashlib
import json
from collections.abc import Iterator, Mapping

from domain.complaint.chain import Chain, Meaning, chain
from domain.complaint.facts import facts_of
from domain.complaint.state import Complaint
from domain.errors import InvalidError, Lack, NotAllowedError, NotReadyError
from domain.event import Decision, Who, sealed_fields
from domain.rulebooks.rulebook import Rulebook, Rules
from domain.times import Instant
from domain.words import Code, Text

# Decisions with words of their own: they carry batches, pieces, a plan.
SAID_AS: Mapping[str, str] = {
    "return_exchange": "return_approved",
    "recall": "recall_approved",
    "treatment_plan": "plan_accepted",
    "no_treatment": "plan_decided",
    "work_acceptance": "work_accepted",
}


class Signed(Decision):
    """A person put their name to a decision, in a role of the regulation."""

    TOPIC = "complaint.signed"

    decision: str  # as the regulation calls it
    meaning: Meaning
    role: str  # of the regulation, in which they sign
    record_hash: str  # SHA-256 of the record they signed: see `record_hash`
    argument: str | None = None


def chains(complaint: Complaint, rules: Rules) -> Iterator[tuple[Rulebook, Chain]]:
    """Every decision of the governing regulations, with what was signed of it."""
    facts, happened = facts_of(complaint), tuple(complaint.happened.values())
    for book in rules.books():
        for name, approval in book.approvals.items():
            yield book, chain(name, approval, happened, facts, rules.acts_as)


def chain_of(complaint: Complaint, rules: Rules, decision: str) -> tuple[Rulebook, Chain]:
    """One decision; refused when no governing regulation knows it."""
    known = {one.name: (book, one) for book, one in chains(complaint, rules)}
    if decision not in known:
        raise InvalidError(Lack("decision", f"choose one of {', '.join(known)}"))
    return known[decision]


def signed_off(complaint: Complaint, rules: Rules, decision: str) -> str | None:
    """The clause by which it is decided; refused while a signature is missing."""
    if not any(decision in book.approvals for book in rules.books()):
        return None
    book, found = chain_of(complaint, rules, decision)
    if not found.complete:
        names = ", ".join(book.roles[role].name.en for role in found.next())
        fix = (
            f"first signed by: {names}" if found.proposed else f"first proposed by: {names}"
        )
        raise NotReadyError(Lack("signed", fix, found.approval.clause))
    return found.approval.clause


# --- What may happen. ------------------------------------------------------------------


def sign(
    complaint: Complaint,
    rules: Rules,
    *,
    who: Who,
    at: Instant,
    decision: Code,
    meaning: Meaning,
    role: Code,
    argument: Text | None = None,
) -> None:
    """Propose, approve, refuse or carry out a decision, in a role of the regulation."""
    if decision in SAID_AS:
        raise NotAllowedError(Lack("decision", f"say it as {SAID_AS[decision]}"))
    _, found = chain_of(complaint, rules, decision)
    if _already(found, who, meaning, role):
        return
    _check[meaning](found, role, argument)
    _check_person(rules, found, who, role, meaning)
    complaint.record(
        Signed(
            who=who,
            decided_at=at,
            saw=complaint.version,
            clause=found.approval.clause,
            decision=decision,
            meaning=meaning,
            role=role,
            record_hash=record_hash(complaint),
            argument=argument,
        )
    )


def record_hash(complaint: Complaint) -> str:
    """SHA-256 of all that stands in the record, each fact as it was last corrected.

    Sealed fields are left out, so that it can be checked after a person was erased.
    """
    digest = hashlib.sha256()
    for version, event in complaint.happened.items():
        apart = {"originator_id", *sealed_fields(type(event))}
        words = [version, event.TOPIC, event.model_dump(mode="json", exclude=apart)]
        digest.update(json.dumps(words, sort_keys=True, ensure_ascii=False).encode())
        digest.update(b"\n")
    return digest.hexdigest()


def _already(found: Chain, who: Who, meaning: Meaning, role: str) -> bool:
    """The same signature of the same person changes nothing, until all is proposed anew."""
    return not found.refused and any(
        (one.who.by, one.meaning, one.role) == (who.by, meaning, role)
        for one in found.signed
    )


def _propose(found: Chain, role: str, argument: str | None) -> None:
    _check_role(found, found.approval.propose.roles, role)
    if found.approval.needs_argument and argument is None:
        clause = found.approval.clause
        raise InvalidError(Lack("argument", "give the argument it rests on", clause))


def _approve(found: Chain, role: str, _argument: str | None) -> None:
    clause = found.approval.clause
    asked = tuple(role for step in found.steps for role in step.roles)
    _check_role(found, asked, role)
    if found.refused or not found.proposed:
        lack = Lack("meaning", f"first proposed by: {', '.join(found.next())}", clause)
        raise NotReadyError(lack)
    if found.complete:
        raise NotAllowedError(Lack("decision", "every signature is there", clause))
    if role not in found.next():
        lack = Lack("role", f"first signed by: {', '.join(found.next())}", clause)
        raise NotReadyError(lack)


def _execute(found: Chain, role: str, _argument: str | None) -> None:
    party, clause = found.approval.execute, found.approval.clause
    if party is None:
        fix = "the regulation names nobody who carries this out"
        raise NotAllowedError(Lack("meaning", fix, clause))
    _check_role(found, party.roles, role)
    if not found.complete:
        lack = Lack("role", f"first signed by: {', '.join(found.next())}", clause)
        raise NotReadyError(lack)


_check = {
    "proposed": _propose,
    "approved": _approve,
    "refused": _approve,
    "executed": _execute,
}


def _check_role(found: Chain, roles: tuple[str, ...], role: str) -> None:
    if role not in roles:
        fix = f"only for: {', '.join(roles)}"
        raise NotAllowedError(Lack("role", fix, found.approval.clause))


def _check_person(
    rules: Rules, found: Chain, who: Who, role: str, meaning: Meaning
) -> None:
    """They act in that role here; and one person signs once, in whatever roles."""
    if not rules.acts_as(who, role):
        fix = f"at this plant you do not act as: {role}"
        raise NotAllowedError(Lack("role", fix, found.approval.clause))
    signs = meaning in {"approved", "refused"}
    if found.approval.distinct_persons and signs and who.persons & found.signers():
        fix = "another person has to sign: you have put your name to it already"
        raise NotAllowedError(Lack("by", fix, found.approval.clause))
