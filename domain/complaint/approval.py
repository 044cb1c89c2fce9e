"""Approval: who asks, who signs in which order, who then acts; each signs on record."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from domain.complaint.facts import facts_of
from domain.complaint.state import Complaint
from domain.errors import InvalidError, Lack, NotAllowedError, NotReadyError
from domain.event import Decision, Event, Who, sealed_fields
from domain.rulebooks.approvals import Approval, Party, Step
from domain.rulebooks.predicates import Facts
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

Meaning = Literal["proposed", "approved", "refused", "executed"]


class Signed(Decision):
    """A person put their name to a decision, in a role of the regulation."""

    TOPIC = "complaint.signed"

    decision: str  # as the regulation calls it
    meaning: Meaning
    role: str  # of the regulation, in which they sign
    record_hash: str  # SHA-256 of the record they signed: see `record_hash`
    argument: str | None = None


@dataclass(frozen=True, slots=True)
class Chain:
    """How far one decision has come."""

    name: str
    approval: Approval
    signed: tuple[Signed, ...]  # since it was last proposed
    steps: tuple[Step, ...]  # those that are asked for; where a fact is unknown, both ways

    @property
    def proposed(self) -> bool:
        """Whether everybody who has to ask has asked."""
        return _holds(self.approval.propose, self._roles("proposed"))

    @property
    def done(self) -> int:
        """How many steps are signed."""
        return sum(self._is_signed(step) for step in self.steps)

    @property
    def refused(self) -> bool:
        """Whether somebody on the way said no; then it is proposed anew."""
        return any(one.meaning == "refused" for one in self.signed)

    @property
    def complete(self) -> bool:
        """Whether it may be carried out."""
        return self.proposed and not self.refused and self.done == len(self.steps)

    @property
    def executed(self) -> bool:
        """Whether it was carried out."""
        done = self.approval.execute
        return done is not None and _holds(done, self._roles("executed"))

    def next(self) -> tuple[str, ...]:
        """The roles that may sign next; none when there is nothing to sign."""
        if self.refused or not self.proposed:
            return self._lacking(self.approval.propose, "proposed")
        open_ = [step for step in self.steps if not self._is_signed(step)]
        asked = open_[:1] if self.approval.order == "strict" else open_
        return tuple(role for step in asked for role in self._lacking(step, "approved"))

    def signers(self) -> set[str]:
        """The persons who have put their name to it."""
        return {
            person
            for one in self.signed
            if one.meaning != "executed"
            for person in one.who.persons
        }

    def _is_signed(self, step: Step) -> bool:
        return _holds(step, self._roles("approved"))

    def _roles(self, meaning: Meaning) -> set[str]:
        return {one.role for one in self.signed if one.meaning == meaning}

    def _lacking(self, party: Party, meaning: Meaning) -> tuple[str, ...]:
        there = set() if self.refused else self._roles(meaning)
        return tuple(role for role in party.roles if role not in there)


def _holds(party: Party, roles: set[str]) -> bool:
    return {*party.roles} <= roles if party.all_of else bool({*party.roles} & roles)


def chain(name: str, approval: Approval, happened: Iterable[Event], facts: Facts) -> Chain:
    """How far a decision has come. A new proposal voids what was signed before it."""
    signed: list[Signed] = []
    for event in happened:
        if not isinstance(event, Signed) or event.decision != name:
            continue
        if event.meaning == "proposed" and _begins_anew(approval, signed, event):
            signed = []
        signed.append(event)
    steps = tuple(
        step
        for step in approval.chain
        if step.when is None or step.when.judge(facts).truth != "false"
    )
    return Chain(name, approval, tuple(signed), steps)


def _begins_anew(approval: Approval, signed: list[Signed], event: Signed) -> bool:
    """Unless others still have to propose it together with those who did."""
    together = approval.propose.all_of and all(
        one.meaning == "proposed" and one.role != event.role for one in signed
    )
    return not together


def chains(complaint: Complaint, rules: Rules) -> Iterator[tuple[Rulebook, Chain]]:
    """Every decision of the governing regulations, with what was signed of it."""
    facts, happened = facts_of(complaint), tuple(complaint.happened.values())
    for book in rules.books():
        for name, approval in book.approvals.items():
            yield book, chain(name, approval, happened, facts)


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
