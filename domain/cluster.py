"""A cluster: complaints that return under one key of one rule, and the alarm over them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Annotated, Literal
from uuid import UUID, uuid5

from pydantic import Field

from domain.errors import Lack, NotAllowedError
from domain.event import Decision, Fact, Stream, Value, When, Who
from domain.rulebooks.rulebook import Rules
from domain.times import Instant
from domain.words import Text

CLUSTERS = UUID("3d0c43a5-8a1f-4b0e-9c67-5a1d1f0e6c77")  # names streams; never change it
TOLD_MAX = 200  # members told by one event; `count` says how many there are
KeyPart = bool | int | str


class Member(Value):
    """One complaint in a cluster: when it was received, and what it adds to the count."""

    complaint: UUID
    number: str
    received_at: Instant
    amount: int


class Part(Value):
    """One part of the key: a fact and its value, which all members share."""

    fact: str
    value: KeyPart


@dataclass(frozen=True, slots=True)
class Found:
    """What a rule comes to for one key, over the complaints as they stand now."""

    rule: str  # rulebook@version#rule
    clause: str
    key: tuple[Part, ...]
    count: int
    threshold: int
    members: tuple[Member, ...]  # by the time they were received, then by number

    @property
    def is_reached(self) -> bool:
        """Whether the rule speaks of it."""
        return self.count >= self.threshold

    @property
    def cluster_id(self) -> UUID:
        """The stream of this key: the same for everybody who finds it."""
        return cluster_id(self.rule, self.key)


@dataclass(kw_only=True)
class Cluster(Stream):
    """The alarm over one key: raised once for each time the set reaches the threshold."""

    rule: str
    crossing: int = 0
    state: Literal["open", "dismissed", "withdrawn"] = "open"
    members: dict[UUID, int] = field(default_factory=dict)  # complaint → what it adds
    met: bool = False  # a meeting was held since the alarm
    plan: str | None = None  # the standing plan that later members follow


# --- What can have happened. -----------------------------------------------------------


class Alarmed(Decision):
    """The complaints of a key reached what the rule calls a repeat."""

    TOPIC = "cluster.alarmed"

    rule: str
    key: tuple[Part, ...]
    crossing: Annotated[int, Field(ge=1)]
    count: int
    threshold: int
    members: tuple[Member, ...]

    def begin(self) -> Cluster:
        """The cluster that begins with its first alarm."""
        return Cluster(rule=self.rule)

    def apply(self, cluster: Cluster) -> None:
        """It waits for a person."""
        cluster.crossing = self.crossing
        cluster.state = "open"
        cluster.met = False
        cluster.members = {one.complaint: one.amount for one in self.members}


class Extended(Decision):
    """The set behind an alarm changed; a dismissed one is open again when it grew."""

    TOPIC = "cluster.extended"

    joined: tuple[Member, ...] = ()  # new ones, and those that now add something else
    left: tuple[UUID, ...] = ()
    count: int

    def apply(self, cluster: Cluster) -> None:
        """Who belongs to it now."""
        if any(one.complaint not in cluster.members for one in self.joined):
            cluster.state = "open"
        cluster.members |= {one.complaint: one.amount for one in self.joined}
        for complaint in self.left:
            cluster.members.pop(complaint, None)


class Withdrawn(Decision):
    """The set fell below the threshold again: complaints were unlinked or corrected."""

    TOPIC = "cluster.withdrawn"

    count: int

    def apply(self, cluster: Cluster) -> None:
        """Nothing is asked of anybody; the next crossing is another alarm."""
        cluster.state = "withdrawn"


class Dismissed(Decision):
    """A person judged that these complaints do not return for one reason."""

    TOPIC = "cluster.dismissed"

    reason: str

    def apply(self, cluster: Cluster) -> None:
        """It is quiet until new evidence comes."""
        cluster.state = "dismissed"


class MeetingHeld(Fact):
    """The quality analysis meeting over a cluster was held (S2 5.4.1(5))."""

    TOPIC = "cluster.meeting_held"

    minutes: str | None = None

    def apply(self, cluster: Cluster) -> None:
        """Later members ask for no second meeting."""
        cluster.met = True


class PlanAdopted(Decision):
    """The plan by which every complaint of this key is handled from now on."""

    TOPIC = "cluster.plan_adopted"

    plan: str

    def apply(self, cluster: Cluster) -> None:
        """It stands for present and later members."""
        cluster.plan = self.plan


# --- What may happen. ------------------------------------------------------------------


def cluster_id(rule: str, key: Sequence[Part]) -> UUID:
    """The id of a key's stream, made of the rule and the key alone."""
    words = [rule, *([part.fact, part.value] for part in key)]
    return uuid5(CLUSTERS, json.dumps(words, ensure_ascii=False, separators=(",", ":")))


def raised(found: Found, *, who: Who, at: Instant) -> Cluster | None:
    """The alarm over a key that never had one; `None` while the rule is silent."""
    if not found.is_reached:
        return None
    begun = _alarm(found, 1, saw=0, who=who, at=at).at(found.cluster_id, 1)
    cluster: Cluster = begun.mutate(None)
    cluster.news.append(begun)
    return cluster


def followed(
    cluster: Cluster, _rules: Rules, *, found: Found, who: Who, at: Instant
) -> None:
    """Bring an alarm to what was found now: extend it, withdraw it, or raise it again."""
    if cluster.state == "withdrawn":
        if found.is_reached:
            alarm = _alarm(found, cluster.crossing + 1, saw=cluster.version, who=who, at=at)
            cluster.record(alarm)
    elif not found.is_reached:
        cluster.record(
            Withdrawn(
                who=who,
                decided_at=at,
                saw=cluster.version,
                clause=found.clause,
                count=found.count,
            )
        )
    else:
        _extend(cluster, found, who=who, at=at)


def dismiss(
    cluster: Cluster, _rules: Rules, *, who: Who, at: Instant, reason: Text
) -> None:
    """Say why this is no repeat. Said twice, it changes nothing."""
    if cluster.state == "dismissed":
        return
    if cluster.state == "withdrawn":
        raise NotAllowedError(Lack("reason", "the alarm was withdrawn already"))
    cluster.record(Dismissed(who=who, decided_at=at, saw=cluster.version, reason=reason))


def meeting_held(
    cluster: Cluster, _rules: Rules, *, who: Who, when: When, minutes: Text | None = None
) -> None:
    """Note that the meeting was held."""
    cluster.record(MeetingHeld(who=who, when=when, minutes=minutes))


def adopt_plan(
    cluster: Cluster, _rules: Rules, *, who: Who, at: Instant, plan: Text
) -> None:
    """Say how complaints of this key are handled: after a meeting, never before it."""
    if cluster.plan == plan:
        return
    if not cluster.met:
        raise NotAllowedError(Lack("plan", "hold the quality analysis meeting first"))
    cluster.record(PlanAdopted(who=who, decided_at=at, saw=cluster.version, plan=plan))


def _alarm(found: Found, crossing: int, *, saw: int, who: Who, at: Instant) -> Alarmed:
    return Alarmed(
        who=who,
        decided_at=at,
        saw=saw,
        clause=found.clause,
        rule=found.rule,
        key=found.key,
        crossing=crossing,
        count=found.count,
        threshold=found.threshold,
        members=found.members[:TOLD_MAX],
    )


def _extend(cluster: Cluster, found: Found, *, who: Who, at: Instant) -> None:
    now = {one.complaint: one for one in found.members}
    joined = tuple(
        one for one in found.members if cluster.members.get(one.complaint) != one.amount
    )[:TOLD_MAX]
    left = tuple(one for one in cluster.members if one not in now)[:TOLD_MAX]
    if joined or left:
        cluster.record(
            Extended(
                who=who,
                decided_at=at,
                saw=cluster.version,
                clause=found.clause,
                joined=joined,
                left=left,
                count=found.count,
            )
        )
