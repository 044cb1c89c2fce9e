"""How each column of the tracking table follows from what was said of a complaint."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from projections import tracking_deadlines
from projections.tracking_kept import Kept, Said
from projections.tracking_row import ENDED, STAGES, Row, label

STEPS = {
    "accepted": "accepted_at",
    "contained": "contained_at",
    "root_caused": "root_caused_at",
    "action_planned": "action_planned_at",
    "action_implemented": "implemented_at",
    "verified": "verified_at",
}

# What a complaint is found by: of each of its items, and of itself.
OF_ITEMS = ("product", "batch", "defect")
OF_ALL = (
    "channel",
    "kind",
    "origin",
    "site",
    "source",
    "responsible_unit",
    "reply_result",
)
LISTED_MAX = 50  # causes or actions in one row; the complaint's page has them all


class _Step(NamedTuple):
    """One event in its place: ordered by when it happened, then by version."""

    at: datetime
    version: int
    said: Said


class _Told:
    """What was said of one complaint, by topic."""

    def __init__(self, said: Iterable[Said]) -> None:
        self._by: dict[str, list[_Step]] = {}
        for one in said:
            topic = one["topic"].removeprefix("complaint.")
            self._by.setdefault(topic, []).append(_Step(_at(one), one["version"], one))
        for steps in self._by.values():
            steps.sort()

    def all(self, *topics: str, since: _Step | None = None) -> list[_Step]:
        """Everything of these kinds, in the order it happened."""
        found = [step for topic in topics for step in self._by.get(topic, ())]
        if len(topics) > 1:
            found.sort()
        return found if since is None else [step for step in found if _after(step, since)]

    def first_at(self, topic: str, *, since: _Step | None = None) -> datetime | None:
        """When it happened first."""
        found = self.all(topic, since=since)
        return found[0].at if found else None

    def last(self, *topics: str) -> _Step | None:
        """What happened last of these kinds."""
        found = self.all(*topics)
        return found[-1] if found else None

    def decided(self, *topics: str) -> list[Said]:
        """Decisions of these kinds: each was taken on the one before it."""
        found = sorted(self.all(*topics), key=lambda step: step.version)
        return [step.said for step in found]


def row_of(kept: Kept) -> Row:
    """The line that follows from what is remembered."""
    told = _Told(kept.said)
    received = kept.said[0]
    columns = {
        **_as_received(received),
        **_about(_items(received, told)),
        **_graded(told, received),
        **_steps(told),
        **_answers(told),
        **_blame(told),
    }
    stage = _stage(columns)
    return Row(
        complaint_id=kept.complaint_id,
        version=kept.version,
        position=kept.position,
        recorded_at=kept.recorded_at,
        updated_at=kept.updated_at,
        stage=stage,
        stage_nth=STAGES.index(stage),
        labels=_labels(columns),
        fined=len(told.all("fined")),
        corrected=len(told.all("corrected")),
        **tracking_deadlines.columns_of(kept.said, ended=stage in ENDED),
        **columns,
    )


def _as_received(received: Said) -> dict[str, Any]:
    at = _instant(received["received_at"])
    return {
        "number": received["number"],
        "source": received["who"]["source"],
        "source_key": received.get("source_key"),
        "customer": received.get("customer"),
        "customer_number": received.get("customer_number"),
        "channel": received.get("channel"),
        "kind": received.get("kind"),
        "region": received.get("region"),
        "site": received["site"],
        "zone": received["zone"],
        "origin": received["origin"],
        "received_at": at,
        "received_on": at.astimezone(ZoneInfo(received["zone"])).date(),
        "occurred_at": _at(received),
        "occurred_precision": received["when"].get("precision"),
    }


def _items(received: Said, told: _Told) -> list[dict[str, Any]]:
    """Each item as it was received, and what was stated later over it."""
    things: list[dict[str, Any]] = [dict(item) for item in received["items"]]
    for _, _, one in told.all("item_stated"):
        while len(things) < one["number"]:
            things.append({})
        things[one["number"] - 1] |= one["item"]
    return things


def _about(things: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    quantities = [thing.get("quantity") for thing in things]
    known = [quantity for quantity in quantities if quantity is not None]
    same = len({thing.get("unit") for thing in things}) == 1
    first = things[0]
    return {
        "items": list(things),
        "item_count": len(things),
        **{
            name: first.get(name)
            for name in ("product", "batch", "shipment_batch", "defect", "quantity", "unit")
        },
        "total_quantity": sum(known) if same and len(known) == len(things) else None,
    }


def _graded(told: _Told, received: Said) -> dict[str, Any]:
    grades = {one["scheme"]: one["code"] for one in told.decided("graded", "upgraded")}
    own = received["rulebooks"].get("grading", "").split("@")[0]
    scheme = own if own in grades else min(grades, default=None)
    return {
        "grades": grades,
        "grade": None if scheme is None else f"{scheme}:{grades[scheme]}",
    }


def _steps(told: _Told) -> dict[str, Any]:
    """How far it has come. What did not help no longer counts: the next cycle began."""
    failed = [
        step
        for step in told.all("verified", "batch_checked")
        if step.said["result"] in {"ineffective", "same_problem"}
    ]
    since = failed[-1] if failed else None
    plans = told.all("action_planned", since=since)
    dues = [date.fromisoformat(due) for plan in plans if (due := plan.said.get("due"))]
    contacts = [step for step in told.all("contacted") if step.said["outward"]]
    return {
        "cycle": 1 + len(failed),
        "accepted_at": told.first_at("accepted"),
        "acknowledged_at": told.first_at("acknowledged"),
        "first_contact_at": contacts[0].at if contacts else None,
        "contained_at": told.first_at("contained"),
        "root_caused_at": told.first_at("root_caused"),
        "action_planned_at": told.first_at("action_planned", since=since),
        "implemented_at": told.first_at("action_implemented", since=since),
        "verified_at": told.first_at("verified", since=since),
        "action_due_on": max(dues, default=None),
        **_ends(told),
    }


def _ends(told: _Told) -> dict[str, Any]:
    turns = told.decided("closed", "reopened")
    ended = bool(turns) and turns[-1]["topic"] == "complaint.closed"
    return {
        "closed_at": _at(turns[-1]) if ended else None,
        "first_closed_at": told.first_at("closed"),
        "reopened": len(told.all("reopened")),
        "withdrawn_at": told.first_at("withdrawn"),
    }


def _answers(told: _Told) -> dict[str, Any]:
    replied = told.last("replied")
    confirmed = told.last("customer_confirmed")
    reached = [step for step in told.all("called_back") if step.said["reached"]]
    return {
        "replied_at": replied.at if replied else None,
        "reply_result": replied.said.get("result") if replied else None,
        "confirmed_at": confirmed.at if confirmed else None,
        "confirmation": confirmed.said["result"] if confirmed else None,
        "called_back_at": reached[-1].at if reached else None,
        "satisfied": reached[-1].said.get("satisfied") if reached else None,
    }


def _blame(told: _Told) -> dict[str, Any]:
    took = told.last("accepted", "handed_over")
    found = told.last("root_caused")
    links = told.decided("duplicate_linked", "duplicate_unlinked")
    other = links[-1].get("other") if links else None
    losses = [
        step.said["loss"] for step in told.all("loss_stated") if step.said.get("loss")
    ]
    loss = losses[-1] if losses else {}
    return {
        "screened": _latest(told, "screened").get("outcome"),
        "owner": _latest(told, "assigned").get("owner"),
        "responsible_unit": took.said.get("to_unit", took.said.get("unit"))
        if took
        else None,
        "duplicate_of": UUID(other) if other else None,
        "determined": _latest(told, "determined").get("result"),
        "causes": _only(("branch", "code", "text"), found.said["causes"] if found else ()),
        "actions": _only(
            ("action", "kind", "text", "owner", "due"),
            (step.said for step in told.all("action_planned")),
        ),
        "liable": _latest(told, "liability_assigned").get("shares"),
        "loss_minor": loss.get("minor"),
        "loss_currency": loss.get("currency"),
    }


def _only(names: Iterable[str], found: Iterable[Said]) -> list[dict[str, Any]] | None:
    """These values of the first of them; `None` when there is none to list."""
    listed = [{n: one[n] for n in names if one.get(n) is not None} for one in found]
    return listed[:LISTED_MAX] or None


def _latest(told: _Told, topic: str) -> Said:
    found = told.decided(topic)
    return found[-1] if found else {}


def _stage(columns: Mapping[str, Any]) -> str:
    """The furthest step that has happened, unless it is all over."""
    if columns["closed_at"]:
        return "closed"
    if columns["withdrawn_at"]:
        return "withdrawn"
    done = [stage for stage, column in STEPS.items() if columns[column]]
    return done[-1] if done else "received"


def _labels(columns: Mapping[str, Any]) -> list[str]:
    found = {
        label("grade", f"{scheme}:{code}") for scheme, code in columns["grades"].items()
    }
    for thing in columns["items"]:
        found |= {label(name, thing[name]) for name in OF_ITEMS if thing.get(name)}
    found |= {label(name, columns[name]) for name in OF_ALL if columns[name]}
    return sorted(found)


def _at(one: Said) -> datetime:
    if "when" in one:
        return _instant(one["when"]["occurred_at"])
    return _instant(one.get("decided_at") or one["follows_at"])


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def _after(one: _Step, other: _Step) -> bool:
    """Whether it happened after the other; within one mere date the version decides."""
    early, late = sorted((one, other))
    if _is_day(early.said) and late.at - early.at < timedelta(days=1):
        return one.version > other.version
    return (one.at, one.version) > (other.at, other.version)


def _is_day(said: Said) -> bool:
    return "when" in said and said["when"].get("precision") == "day"
