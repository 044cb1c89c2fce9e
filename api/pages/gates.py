"""Gates: what has to be so before the work may end, and what opened each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from markupsafe import Markup

from api.complaints.timeline import Entry
from api.pages.choices import named, names_of
from api.pages.gate_words import wanted, why
from api.pages.shown import Shown
from api.pages.values import link_to
from api.pages.words import WordList
from domain.complaint.closure import missing
from domain.complaint.screening import outcome_of
from domain.complaint.state import Complaint
from domain.gate_reading import GateRead, read_gates
from domain.rulebooks.gates import Reference
from domain.rulebooks.rulebook import Rulebook, Rules
from domain.rulebooks.screening import Outcome


@dataclass(frozen=True, slots=True)
class Shut:
    """One gate as a page shows it."""

    name: str
    is_open: bool
    why: Markup
    clause: str
    run: tuple[int, int] | None = None  # how many in a row, of how many
    state: str = "open"


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
    book: Rulebook
    entries: Sequence[Entry]
    w: WordList
    shown: Shown


def closing(
    complaint: Complaint,
    rules: Rules,
    entries: Sequence[Entry],
    w: WordList,
    shown: Shown,
    now: datetime,
) -> Closing:
    """The answer to “can it be closed?”, as the closing decision itself gives it."""
    book = rules.get("closure")
    if book is None or book.closure is None:
        return Closing(str(w("complaint.no_rules")), ())
    seen = _Seen(complaint, book, entries, w, shown)
    lacks = missing(complaint, rules, now)
    title = w("complaint.can_close")
    if complaint.closed:
        title = w("complaint.closed")
    elif lacks:
        title = w.many("complaint.cannot_close", len(lacks))
    outcome = None if complaint.withdrawn else outcome_of(complaint, rules)
    needed = [_needed(one, outcome, seen) for one in outcome.needs] if outcome else []
    if outcome and outcome.ends_complaint:
        said = w("complaint.not_ours", outcome=named(outcome.name, w.lang))
        return Closing(str(title), tuple(needed), str(said))
    note: str | None = None
    if complaint.withdrawn and not complaint.closed:
        note = str(w("complaint.withdrawn_may"))
    elif book.closure.mode == "any":
        note = str(w("complaint.any_gate"))
    gates = [_shown(read, seen) for read in read_gates(complaint, book, now).gates]
    return Closing(str(title), (*needed, *gates), note)


def _needed(one: Reference, outcome: Outcome, seen: _Seen) -> Shut:
    """What has to follow what was judged in the screening."""
    event = seen.w.coded("event", one.topic)
    by = [v for v, said in seen.complaint.happened.items() if one.matches(said)]
    names = names_of([seen.book], seen.w.lang)
    reason = _by(seen, by[-1]) if by else wanted(one, names, seen.w)
    state = "open" if by else "shut"
    return Shut(event, bool(by), reason, outcome.clause, state=state)


def _shown(read: GateRead, seen: _Seen) -> Shut:
    found, w = read.found, seen.w
    counts = found.kind in {"clean_run", "evidence", "signatures"} and not found.wants
    return Shut(
        named(read.gate.name, w.lang),
        read.is_open,
        why(read, seen.book, w, partial(_by, seen)),
        read.gate.clause,
        (min(found.done, found.of), found.of) if counts else None,
        read.state,
    )


def _by(seen: _Seen, version: int) -> Markup:
    """By which event, and when."""
    at = next(entry.at for entry in seen.entries if entry.version == version)
    return seen.w("complaint.gate_by", link=link_to(version), at=seen.shown.short(at))
