"""Gates: what has to be so before the work may end, and what opened each."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from api.complaints.timeline import Entry
from api.pages.choices import named
from api.pages.shown import Shown
from api.pages.telling import link_to
from api.pages.values import CODED
from api.pages.words import WordList
from domain.complaint.state import Complaint
from domain.errors import NotAllowedError
from domain.rulebooks.gates import Gate, Need
from domain.rulebooks.rulebook import Rules


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


def closing(
    complaint: Complaint, rules: Rules, entries: Sequence[Entry], w: WordList, shown: Shown
) -> Closing:
    """The answer to “can it be closed?”, as the closing decision itself would give it."""
    try:
        closure = rules.closing()
    except NotAllowedError:
        return Closing(str(w("complaint.no_rules")), ())
    missing = () if complaint.withdrawn else closure.shut(complaint)
    if complaint.closed:
        title = str(w("complaint.closed"))
    elif missing:
        title = str(w.many("complaint.cannot_close", len(missing)))
    else:
        title = str(w("complaint.can_close"))
    note = None
    if complaint.withdrawn and not complaint.closed:
        note = w("complaint.withdrawn_may")
    if closure.mode == "any":
        note = w("complaint.any_gate")
    gates = tuple(
        _shown(gate, complaint, entries, w, shown) for gate in closure.gates.values()
    )
    return Closing(title, gates, str(note) if note else None)


def _shown(
    gate: Gate, complaint: Complaint, entries: Sequence[Entry], w: WordList, shown: Shown
) -> Shut:
    need = gate.need
    is_open = not gate.shut(complaint, {})
    run = None
    if need.clean_run and need.after:
        run = (need.in_a_row(complaint), need.clean_run)
        event = w.coded("event", f"complaint.{need.after.event}")
        why = w("complaint.gate_run", n=run[0], of=run[1], event=event)
    elif is_open and (by := _opened(need, complaint)):
        at = next(entry.at for entry in entries if entry.version == by)
        why = w("complaint.gate_by", link=link_to(by), at=shown.short(at))
    else:
        why = w("complaint.or").join(_wanted(one, w) for one in need.each() if one.event)
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


def _wanted(need: Need, w: WordList) -> Markup:
    """What would open it."""
    wanted = need.event
    assert wanted is not None
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
