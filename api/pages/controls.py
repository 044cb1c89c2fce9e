"""Controls: a form as it is drawn, with what was typed and what is wrong with it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from api.pages.choices import Options
from api.pages.fields import Field, Kind
from api.pages.typed import Texts, rows_of
from api.pages.words import WordList

RADIOS_MAX = 16  # more than that, or inside a row, and it is a list to pull down


@dataclass(frozen=True, slots=True)
class Control:
    """One field as it stands on the page."""

    name: str
    kind: Kind
    label: str
    hint: str | None
    required: bool
    value: str
    options: Options
    radios: bool
    most: int | None
    sealed: bool = False
    currency: str = ""
    parts: tuple["Control", ...] = ()  # of a group, or its rows
    wrong: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The id of its element, to which a summary of errors links."""
        return f"f-{self.name}"

    @property
    def filled(self) -> bool:
        """Whether anything is typed or wrong in it, so that it must not be folded away."""
        return bool(self.value or self.wrong) or any(part.filled for part in self.parts)


@dataclass(frozen=True, slots=True)
class Wrong:
    """One line of the summary of errors."""

    said: str
    label: str | None = None
    key: str | None = None  # the element to go to


@dataclass(frozen=True, slots=True)
class Drawing:
    """Draws fields in one language, for one event, with the choices there are."""

    w: WordList
    within: str  # the word of the event the form leads to
    options: Mapping[str, Options]
    texts: Texts = field(default_factory=dict)
    submitted: bool = False  # else what the texts leave out has its default
    sealed: frozenset[str] = frozenset()  # fields that may name a person
    offset: str = ""  # of the zone times are typed in
    more: str = ""  # the list that is to get one more row

    def drawn(self, fields: Sequence[Field]) -> tuple[Control, ...]:
        """The controls of a form, in its order."""
        return tuple(self._control(asked, asked.name, asked.name) for asked in fields)

    def _control(self, asked: Field, name: str, place: str) -> Control:
        known = place.rsplit(".", 1)[-1]
        options = self._options(asked, place)
        kind: Kind = "choice" if options else asked.kind
        parts: tuple[Control, ...] = ()
        if kind == "amount":
            options = self.options["currency"]
        elif kind == "group":
            parts = self._parts(asked, name, place)
        elif kind == "rows":
            parts = tuple(self._rows(asked, name, place))
        return Control(
            name=name,
            kind=kind,
            label=self.w.field(known, self.within),
            hint=self._hint(asked, known),
            required=asked.required,
            value=self._value(asked, name),
            options=options,
            radios=kind == "choice" and name == place and 0 < len(options) <= RADIOS_MAX,
            most=asked.most,
            sealed=known in self.sealed,
            currency=self.texts.get(f"{name}.currency", ""),
            parts=parts,
        )

    def _hint(self, asked: Field, name: str) -> str | None:
        """What helps: what the list says of it, how it is written, who may read it."""
        said = [self.w.hint(name, self.within)]
        if asked.kind == "instant":
            key = "form.when_hint" if name == "occurred_at" else "form.moment_hint"
            said.append(str(self.w(key, offset=self.offset)))
        if asked.kind == "day":
            said.append(str(self.w("form.day_hint")))
        if name in self.sealed:
            said.append(str(self.w("form.sealed_hint")))
        return " ".join(filter(None, said)) or None

    def _parts(self, asked: Field, name: str, place: str) -> tuple[Control, ...]:
        return tuple(
            self._control(part, f"{name}.{part.name}", f"{place}.{part.name}")
            for part in asked.parts
        )

    def _rows(self, asked: Field, name: str, place: str) -> Iterator[Control]:
        """A row for each that was typed, and one more when it was asked for."""
        given = len(rows_of(self.texts, name)) + (self.more == name)
        whole = not asked.parts[0].name  # a row is one value, not several
        for n in range(min(max(1, given), asked.most or given)):
            here = f"{name}.{n}"
            of = asked.parts[0] if whole else replace(asked, kind="group", required=False)
            row = self._control(of, here, place)
            yield replace(row, label=str(self.w("form.row", n=n + 1)), hint=None)

    def _options(self, asked: Field, place: str) -> Options:
        last = place.rsplit(".", 1)[-1]
        if asked.kind == "choice":
            return {code: self.w.coded(f"value.{last}", code) for code in asked.values}
        if asked.kind == "flag":
            unknown = (
                {} if asked.required or asked.default else {"": self.w("form.unknown")}
            )
            return {"yes": self.w("form.yes"), "no": self.w("form.no"), **unknown}
        for key in (f"{self.within}/{place}", place):
            if asked.kind == "line" and key in self.options:
                return self.options[key]
        return {}

    def _value(self, asked: Field, name: str) -> str:
        typed = f"{name}.minor" if asked.kind == "amount" else name
        return self.texts.get(typed, "" if self.submitted else asked.default)


def marked(
    controls: Sequence[Control], wrong: Mapping[str, Sequence[str]], w: WordList
) -> tuple[tuple[Control, ...], list[Wrong]]:
    """The controls with what is wrong beside each, and all of it as a summary.

    What is said of a place that is no control stands at the nearest one around it.
    """
    names = {control.name for control in _all(controls)}
    at: dict[str, list[str]] = {}
    homeless = []
    for place, said in wrong.items():
        sentences = [w.sentence(text) for text in said]
        if name := _around(place, names):
            at.setdefault(name, []).extend(sentences)
        else:
            homeless += [Wrong(text) for text in sentences]
    made = tuple(_with(control, at) for control in controls)
    lines = [
        Wrong(said, control.label, control.key)
        for control in _all(made)
        for said in control.wrong
    ]
    return made, lines + homeless


def _around(place: str, names: set[str]) -> str | None:
    while place and place not in names:
        place = place.rpartition(".")[0]
    return place or None


def _with(control: Control, at: Mapping[str, Sequence[str]]) -> Control:
    return replace(
        control,
        wrong=tuple(dict.fromkeys(at.get(control.name, ()))),
        parts=tuple(_with(part, at) for part in control.parts),
    )


def _all(controls: Sequence[Control]) -> list[Control]:
    every = []
    for control in controls:
        every += [control, *_all(control.parts)]
    return every
