"""Telling: what an event says, in words, with what was put right later beside it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from markupsafe import Markup, escape

from api.complaints.timeline import Correction, Entry
from api.pages.shown import Shown
from api.pages.values import LISTED, Values, link_to
from api.pages.words import WordList
from domain.rulebooks.rulebook import Rules

# What an event is mostly about stands in its title.
TITLED: Mapping[str, tuple[str, ...]] = {
    "accepted": ("unit",),
    "screened": ("outcome",),
    "item_stated": ("number",),
    "duplicate_linked": ("other",),
    "duplicate_unlinked": ("other",),
    "handed_over": ("to_unit",),
    "replied": ("part",),
    "customer_confirmed": ("result",),
    "graded": ("code",),
    "stock_swept": ("place",),
    "determined": ("result",),
    "action_planned": ("action",),
    "action_implemented": ("action",),
    "verified": ("result",),
    "batch_checked": ("shipment_batch", "result"),
    "return_requested": ("request",),
    "return_approved": ("request",),
    "goods_delivered": ("request",),
    "recall_requested": ("recall",),
    "recall_approved": ("recall",),
    "recall_executed": ("recall",),
    "inspection_stopped": ("part",),
    "plan_decided": ("treatment",),
    "work_accepted": ("result",),
    "disposed": ("disposition",),
    "assigned": ("owner",),
    "deadline_set": ("clock",),
    "deadline_moved": ("clock",),
    "deadline_stopped": ("clock",),
    "deadline_lapsed": ("clock",),
    "lapse_withdrawn": ("clock",),
    "sampled": ("sample",),
    "question_raised": ("question",),
    "question_answered": ("question",),
    "action_approved": ("action",),
    "action_rejected": ("action",),
    "deployed": ("target", "result"),
    "pledged": ("pledge",),
    "pledge_judged": ("pledge", "result"),
    "review_held": ("result",),
    "evidence_accepted": ("criterion",),
    "duty_done": ("duty",),
    "archived": ("by_role",),
    "signed": ("decision", "meaning"),
    "escalated": ("rung",),
}
# Stands elsewhere on the page, or says nothing to a person.
LEFT_OUT = frozenset(
    {"zone", "scheme", "policy_set", "received/number", "arithmetic", "calendar"}
    | {"rulebook", "state", "starts_at", "deadline_moved/reason", "deadline_moved/fact"}
    | {"lapse_withdrawn/reason"}
)
NOTHING: tuple[tuple[str, Any], ...] = (
    ("cycle", 1),
    ("provisional", False),
    ("missed", False),
)
PROSE = LISTED | {
    "words",
    "text",
    "summary",
    "reason",
    "about",
    "remark",
    "basis",
    "plan",
    "argument",
    "protection",
    "observed",
}

Labelled = tuple[str, Markup]


@dataclass(frozen=True, slots=True)
class Told:
    """One entry of a timeline, as a page tells it."""

    entry: Entry
    title: Markup
    facts: tuple[Labelled, ...]  # short ones, on one line
    prose: tuple[Labelled, ...]  # long ones, each on its own
    late: str | None
    correctable: bool


@dataclass(frozen=True, slots=True)
class Teller:
    """Tells the entries of one complaint in one language."""

    values: Values
    corrections: Mapping[int, Sequence[tuple[int, Correction]]]  # of which event, by which
    live: bool  # else it was written down late by design, and nobody was late

    @property
    def w(self) -> WordList:
        """The words it tells them in."""
        return self.values.w

    def told(self, entry: Entry) -> Told:
        """One entry, with each value as it was said and as it was put right."""
        word = entry.topic.split(".")[1]
        leaf = partial(self._leaf, entry.version)
        ahead = [n for n in TITLED.get(word, ()) if n in dict(entry.fields)]
        title = [escape(self.w.coded("event", entry.topic))]
        title += [leaf(name, dict(entry.fields)[name], name) for name in ahead]
        rest = [
            (name, (self.w.field(name, word), leaf(name, value, name)))
            for name, value in entry.fields
            if not {name, f"{word}/{name}"} & {*ahead, *LEFT_OUT}
            and value != []
            and (name, value) not in NOTHING
        ]
        late = None
        if self.live and not entry.precision and entry.kind == "F":
            late = self.values.shown.lateness(entry.at, entry.recorded_at)
        return Told(
            entry=entry,
            title=Markup(" ").join(title),
            facts=tuple(said for name, said in rest if name not in PROSE),
            prose=(*(said for name, said in rest if name in PROSE), *self._apart(entry)),
            late=late,
            correctable=entry.kind == "F" and entry.correction is None,
        )

    def value(self, name: str, value: Any) -> Markup:  # noqa: ANN401  # any JSON
        """A value as people read it."""
        return self.values.told(name, value)

    def unknown(self, key: str) -> Markup:
        """What nobody has stated."""
        return self.values.unknown(key)

    def label(self, path: str) -> str:
        """The name of a place in an event."""
        return self.values.label(path)

    def put_right(self, made: Correction, value: Any) -> Markup:  # noqa: ANN401  # any JSON
        """A value of a correction, as the place it stands in shows its values."""
        return self.value(made.field.rsplit(".", 1)[-1], value)

    def _leaf(self, version: int, name: str, value: Any, path: str) -> Markup:  # noqa: ANN401  # any JSON
        """One value; what was put right stands beside the old one, which is struck."""
        made = [(by, c) for by, c in self.corrections.get(version, ()) if c.field == path]
        if made:
            return self._struck(made)
        return self.values.told(name, value, path, partial(self._leaf, version))

    def _struck(self, made: Sequence[tuple[int, Correction]]) -> Markup:
        """Every value it ever had, the last one standing."""
        olds = [Markup("<del>{}</del>").format(self.put_right(c, c.old)) for _, c in made]
        by, last = made[-1]
        new = Markup("<ins>{}</ins>").format(self.put_right(last, last.new))
        link = Markup('<span class="fine nw">{}</span>').format(
            self.w("complaint.corrected_by", link=link_to(by))
        )
        return Markup(" ").join([*olds, new, link])

    def _apart(self, entry: Entry) -> Iterable[Labelled]:
        """What was put right in a place the event had left unknown, or in its time."""
        said = _places(dict(entry.fields))
        made: dict[str, list[tuple[int, Correction]]] = {}
        for by, correction in self.corrections.get(entry.version, ()):
            if correction.field not in said:
                made.setdefault(correction.field, []).append((by, correction))
        for path, these in made.items():
            yield self.label(path), self._struck(these)


def _places(words: Mapping[str, Any], above: str = "") -> set[str]:
    """Every place in an event where a value stands."""
    places = set()
    for name, value in words.items():
        places.add(f"{above}{name}")
        if isinstance(value, dict) and value.keys() != {"minor", "currency"}:
            places |= _places(value, f"{above}{name}.")
        if isinstance(value, list):
            rows = {str(n): one for n, one in enumerate(value, start=1)}
            places |= _places(rows, f"{above}{name}.")
    return places


def teller(w: WordList, shown: Shown, rules: Rules, entries: Sequence[Entry]) -> Teller:
    """Who tells these entries, knowing which of them correct which."""
    corrections: dict[int, list[tuple[int, Correction]]] = {}
    for entry in entries:
        if made := entry.correction:
            corrections.setdefault(made.corrects, []).append((entry.version, made))
    live = dict(entries[0].fields).get("origin") == "live"
    return Teller(Values(w, shown, rules), corrections, live)
