"""Gate words: how far a gate has come, and what would open it, in one language."""

from collections.abc import Callable, Mapping

from markupsafe import Markup, escape

from api.pages.choices import names_of
from api.pages.values import CODED
from api.pages.words import WordList
from domain.gate_reading import Found, GateRead
from domain.rulebooks.gates import Reference
from domain.rulebooks.rulebook import Rulebook

By = Callable[[int], Markup]  # how an event is pointed at, by its version


def why(read: GateRead, book: Rulebook, w: WordList, by: By) -> Markup:
    """Why it is open, or what is missing."""
    if read.state == "waived":
        return w("gate.waived")
    return _told(read.found, names_of([book], w.lang), w, by)


def _told(found: Found, names: Mapping[str, str], w: WordList, by: By) -> Markup:
    if found.wants and not found.met:
        return w("complaint.or").join(wanted(one, names, w) for one in found.wants)
    if found.kind == "any_of":
        met = [part for part in found.parts if part.met]
        told = [_told(part, names, w, by) for part in met[:1] or found.parts]
        return w("complaint.or").join(told)
    if found.kind == "event":
        return by(found.by[-1])
    listed = w("frame.list_separator").join(names.get(n, n) for n in found.lacking)
    facts = {
        "n": found.done,
        "of": found.of,
        "percent": found.percent,
        "listed": listed,
        "since": found.since,
        "until": found.until,
        "history": ", ".join(map(str, found.history)) or "0",
    }
    return w(KEYS[found.kind, found.met], **facts)


KEYS = {
    ("clean_run", True): "gate.run",
    ("clean_run", False): "gate.run",
    ("observe", True): "gate.watched",
    ("observe", False): "gate.watch",
    ("evidence", True): "gate.evidence_whole",
    ("evidence", False): "gate.evidence",
    ("signatures", True): "gate.signed",
    ("signatures", False): "gate.signs_next",
    ("clock", True): "gate.stopped",
    ("clock", False): "gate.runs",
    ("facts", True): "gate.facts",
    ("facts", False): "gate.facts",
}


def wanted(one: Reference, names: Mapping[str, str], w: WordList) -> Markup:
    """What would open it."""
    event = w.coded("event", one.topic)
    parts = []
    for name, value in one.where.items():
        values = value if isinstance(value, tuple) else (value,)
        said = w("frame.list_separator").join(_said(name, v, names, w) for v in values)
        parts.append(f"{w.field(name, one.event)} {said}")
    if not parts:
        return w("complaint.gate_wants", event=event)
    where = str(w("frame.list_separator")).join(parts)
    return w("complaint.gate_wants_where", event=event, where=where)


def _said(
    name: str, value: bool | int | str, names: Mapping[str, str], w: WordList
) -> Markup:
    if isinstance(value, bool):
        return w("form.yes" if value else "form.no")
    coded = w.coded(CODED.get(name, "code"), str(value))
    return escape(names.get(str(value), coded))
