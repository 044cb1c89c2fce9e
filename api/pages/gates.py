"""Gates: what has to be so before the work may end, and what opened each."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from api.complaints.timeline import Entry
from api.pages.choices import named
from api.pages.shown import Shown
from api.pages.values import CODED, link_to
from api.pages.words import WordList
from domain.complaint.closure import missing
from domain.complaint.facts import facts_of
from domain.complaint.intake import Screened
from domain.complaint.state import Complaint
from domain.errors import NotAllowedError
from domain.rulebooks.gates import Gate, Need, Reference
from domain.rulebooks.predicates import Facts
from domain.rulebooks.rulebook import Rules
from domain.rulebooks.screening import Outcome


@dataclass(frozen=True, slots=True)
class Shut:
    """One gate as a page shows it."""

    name: str
    is_open: bool
    why: Markup
    clause: str
    run: tuple[int, int] | None = None  # how many in a row, of how many


@dataclass(frozen=True, slots=True)
class Closing:
    """Whether it can be closed, and what of it is still missing."""

    title: str
    gates: tuple[Shut, ...]
    note: str | None = None


@dataclass(frozen=True, slots=True)
class _Seen:
    """What the answer is read off, and how it is told."""

    complaint: Complaint
    entries: Sequence[Entry]
    w: WordList
    shown: Shown


def closing(
    complaint: Complaint, rules: Rules, entries: Sequence[Entry], w: WordList, shown: Shown
) -> Closing:
    """The answer to “can it be closed?”, as the closing decision itself gives it."""
    try:
        closure = rules.closing()
    except NotAllowedError:
        return Closing(str(w("complaint.no_rules")), ())
    seen = _Seen(complaint, entries, w, shown)
    lacks = missing(complaint, rules, closure)
    title = w("complaint.can_close")
    if complaint.closed:
        title = w("complaint.closed")
    elif lacks:
        title = w.many("complaint.cannot_close", len(lacks))
    if outcome := _ends(complaint, rules):
        gates = [_needed(one, outcome.clause, seen) for one in outcome.needs]
        said = w("complaint.not_ours", outcome=named(outcome.name, w.lang))
        return Closing(str(title), tuple(gates), str(said))
    note: str | None = None
    if complaint.withdrawn and not complaint.closed:
        note = str(w("complaint.withdrawn_may"))
    elif closure.mode == "any":
        note = str(w("complaint.any_gate"))
    facts = facts_of(complaint)
    gates = [_shown(one, facts, seen) for one in closure.gates.values()]
    return Closing(str(title), tuple(gates), note)


def _ends(complaint: Complaint, rules: Rules) -> Outcome | None:
    """The outcome of screening that leaves little to be done, if there is one."""
    screened = complaint.latest(Screened)
    if screened is None or complaint.withdrawn:
        return None
    outcome = rules.on("screening").screened(screened.outcome)
    return outcome if outcome.ends_complaint else None


def _needed(wanted: Reference, clause: str, seen: _Seen) -> Shut:
    """What has to follow even when the complaint is not ours."""
    event = seen.w.coded("event", f"complaint.{wanted.event}")
    by = [v for v, said in seen.complaint.happened.items() if wanted.matches(said)]
    why = _by(by[-1], seen) if by else _wanted(wanted, seen.w)
    return Shut(event, bool(by), why, clause)


def _shown(gate: Gate, facts: Facts, seen: _Seen) -> Shut:
    need, complaint, w = gate.need, seen.complaint, seen.w
    is_open = not gate.shut(complaint, facts)
    run = None
    if need.clean_run and need.after:
        run = (need.in_a_row(complaint), need.clean_run)
        event = w.coded("event", f"complaint.{need.after.event}")
        why = w("complaint.gate_run", n=run[0], of=run[1], event=event)
    elif is_open and (by := _opened(need, complaint)):
        why = _by(by, seen)
    else:
        why = w("complaint.or").join(_wanted(n.event, w) for n in need.each() if n.event)
    why = why or w("complaint.met" if is_open else "complaint.no_event")
    return Shut(named(gate.name, w.lang), is_open, why, gate.clause, run)


def _opened(need: Need, complaint: Complaint) -> int | None:
    """The event by which it stands open, if one event opens it."""
    since = complaint.cycle_since if need.since == "cycle" else 0
    versions = [
        version
        for version, event in complaint.happened.items()
        for one in need.each()
        if version > since and one.event and one.event.matches(event)
    ]
    return max(versions, default=None)


def _by(version: int, seen: _Seen) -> Markup:
    """By which event, and when."""
    at = next(entry.at for entry in seen.entries if entry.version == version)
    return seen.w("complaint.gate_by", link=link_to(version), at=seen.shown.short(at))


def _wanted(wanted: Reference, w: WordList) -> Markup:
    """What would open it."""
    event = w.coded("event", f"complaint.{wanted.event}")
    parts = []
    for name, value in wanted.where.items():
        values = value if isinstance(value, tuple) else (value,)
        said = w("frame.list_separator").join(_said(name, one, w) for one in values)
        parts.append(f"{w.field(name, wanted.event)} {said}")
    if not parts:
        return w("complaint.gate_wants", event=event)
    where = str(w("frame.list_separator")).join(parts)
    return w("complaint.gate_wants_where", event=event, where=where)


def _said(name: str, value: bool | int | str, w: WordList) -> str:
    if isinstance(value, bool):
        return str(w("form.yes" if value else "form.no"))
    return w.coded(CODED.get(name, "code"), str(value))
