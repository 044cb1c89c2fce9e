"""A chain: who asked, who signed and who is next, read off what happened.

Most signatures are events of their own (`signed`). A return, a recall, a plan and the work
on it have words of their own, since they carry more than a name: they sign all the same.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from domain.event import Event, Who
from domain.rulebooks.approvals import Approval, Party, Step
from domain.rulebooks.predicates import Facts

Meaning = Literal["proposed", "approved", "refused", "executed"]
Acts = Callable[[Who, str], bool]  # whether somebody acts in a role of a regulation

SIGNED = "complaint.signed"
PLANS: Mapping[str, str] = {"treat": "treatment_plan", "none": "no_treatment"}
# Events that sign in words of their own: which decision, and what they mean in it.
OWN_WORDS: Mapping[str, tuple[str, Meaning]] = {
    "complaint.return_requested": ("return_exchange", "proposed"),
    "complaint.return_approved": ("return_exchange", "approved"),
    "complaint.goods_delivered": ("return_exchange", "executed"),
    "complaint.recall_requested": ("recall", "proposed"),
    "complaint.recall_approved": ("recall", "approved"),
    "complaint.recall_executed": ("recall", "executed"),
    "complaint.work_accepted": ("work_acceptance", "proposed"),
}


@dataclass(frozen=True, slots=True)
class Signature:
    """One name under a decision, in a role of the regulation."""

    version: int  # of the event
    who: Who
    meaning: Meaning
    role: str


@dataclass(frozen=True, slots=True)
class Chain:
    """How far one decision has come."""

    name: str
    approval: Approval
    signed: tuple[Signature, ...]  # since it was last proposed
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
        return tuple(role for step in self.turn() for role in step.roles)

    def open(self) -> tuple[Step, ...]:
        """The steps nobody has signed yet; of one that all have to sign, who has not."""
        return tuple(
            step.model_copy(update={"roles": self._lacking(step, "approved")})
            for step in self.steps
            if not self._is_signed(step)
        )

    def turn(self) -> tuple[Step, ...]:
        """Those of them that may be signed now."""
        return self.open()[:1] if self.approval.order == "strict" else self.open()

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


def chain(
    name: str,
    approval: Approval,
    happened: Iterable[Event],
    facts: Facts,
    acts: Acts = lambda who, role: who.holds(role, ()),
) -> Chain:
    """How far a decision has come. A new proposal voids what was signed before it."""
    steps = tuple(
        step
        for step in approval.chain
        if step.when is None or step.when.judge(facts).truth != "false"
    )
    found = Chain(name, approval, (), steps)
    for event in happened:
        meaning = meaning_of(event, name)
        if meaning is None or not _is_about(event, found):
            continue
        if meaning == "proposed" and _begins_anew(found, event):
            found = replace(found, signed=())
        made = [
            Signature(event.originator_version, event.who, meaning, role)
            for role in _roles(event, meaning, found, acts)
        ]
        found = replace(found, signed=(*found.signed, *made))
    return found


def meaning_of(event: Any, decision: str) -> Meaning | None:  # noqa: ANN401  # any event
    """What an event means for a decision; nothing to most."""
    if event.TOPIC == SIGNED:
        meaning: Meaning = event.meaning
        return meaning if event.decision == decision else None
    if event.TOPIC == "complaint.plan_decided":
        return "proposed" if PLANS[event.treatment] == decision else None
    if event.TOPIC == "complaint.plan_accepted":
        return "approved" if decision in PLANS.values() else None
    own = OWN_WORDS.get(event.TOPIC)
    return own[1] if own and own[0] == decision else None


def _is_about(event: Any, found: Chain) -> bool:  # noqa: ANN401  # any event
    """Whether it is about the plan that was proposed last, where it names one."""
    if event.TOPIC != "complaint.plan_accepted":
        return True
    return any(one.version == event.plan_at for one in found.signed)


def _begins_anew(found: Chain, event: Any) -> bool:  # noqa: ANN401  # any event
    """Unless others still have to propose it together with those who did."""
    together = event.TOPIC == SIGNED and found.approval.propose.all_of
    return not (
        together
        and all(
            one.meaning == "proposed" and one.role != event.role for one in found.signed
        )
    )


def _roles(event: Any, meaning: Meaning, found: Chain, acts: Acts) -> Iterator[str]:  # noqa: ANN401  # any event
    """In which roles it signs. Who says it in words of their own was checked then."""
    if event.TOPIC == SIGNED:
        yield event.role
    elif meaning == "proposed":
        yield from found.approval.propose.roles
    elif meaning == "executed":
        yield from found.approval.execute.roles if found.approval.execute else ()
    else:
        asked = found.next()
        yield from ([one for one in asked if acts(event.who, one)] or asked)[:1]
