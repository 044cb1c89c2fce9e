"""Asking: what the form of a deed asks about one complaint, step by step where it must."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from api.pages.case import Case
from api.pages.choices import Options, of_complaint, questions
from api.pages.fields import Field, field_at, fields_of
from api.pages.typed import Texts
from api.pages.words import WordList
from api.problems import DoorError
from domain.complaint.correction import FIXED
from domain.deeds import Deed
from domain.event import Event, Fact, sealed_fields
from domain.rulebooks.rulebook import Question

NOT_APPLICABLE = "na"
MARKS = {"originator_id", "originator_version"}
NOT_ASKED = {"when.precision"}  # a person types a date with or without a time of day


@dataclass(frozen=True, slots=True)
class Asking:
    """The fields of a form, what is settled before it, and what there is to choose."""

    fields: tuple[Field, ...]
    options: Mapping[str, Options]
    sealed: frozenset[str]
    fixed: Mapping[str, Any] = field(default_factory=dict)  # carried along, not asked
    given: Texts = field(default_factory=dict)  # what stands there before anybody types
    about: str = ""  # the place that is corrected, the question that is answered

    @property
    def hidden(self) -> dict[str, str]:
        """What the form carries along, as text."""
        return {name: str(value) for name, value in self.fixed.items()}


def asked(deed: Deed, case: Case, texts: Texts, w: WordList) -> Asking:
    """The form of this deed. A correction has a place, an established fact a question."""
    made = Asking(
        fields=fields_of(deed.shape.model_json_schema()),
        options=of_complaint(case.complaint, case.rules, w),
        sealed=frozenset(sealed_fields(deed.event)),
    )
    match deed.name:
        case "corrected":
            return _correction(made, case, texts)
        case "fact_established":
            return _answer(made, case, texts.get("fact", ""), w)
        case "graded" if len(case.rules.schemes()) == 1:
            return _settled(made, scheme=next(iter(case.rules.schemes())))
        case "assigned" if case.complaint.owner:
            return replace(made, given={"owner": case.complaint.owner})
        case _:
            return made


def said(deed: Deed, asking: Asking, words: dict[str, Any]) -> dict[str, Any]:
    """The words of the form as the deed takes them."""
    words = {**words, **asking.fixed}
    if deed.name == "fact_established":
        answers = {"yes": True, "no": False, NOT_APPLICABLE: None}
        value = words.get("value")
        words["value"] = answers.get(value, value) if isinstance(value, str) else value
    return words


def _settled(asking: Asking, **fixed: Any) -> Asking:  # noqa: ANN401  # any JSON
    fields = tuple(one for one in asking.fields if one.name not in fixed)
    return replace(asking, fields=fields, fixed=fixed)


# --- A fact that a regulation asks for. ------------------------------------------------


def _answer(asking: Asking, case: Case, fact: str, w: WordList) -> Asking:
    question = questions(case.rules).get(fact)
    if question is None:
        raise DoorError("not-found")
    made = _settled(asking, fact=fact)
    value, options = _value(question, w)
    fields = tuple(value if one.name == "value" else one for one in made.fields)
    choices = {**made.options, "value": options} if options else made.options
    return replace(made, fields=fields, options=choices, about=fact)


def _value(question: Question, w: WordList) -> tuple[Field, Options]:
    """How the answer is given, and what it can be."""
    never = {NOT_APPLICABLE: str(w("deed_page.not_applicable"))}
    match question.kind:
        case "flag":
            yes_no = {"yes": str(w("form.yes")), "no": str(w("form.no"))}
            return Field("value", "line", required=True), {**yes_no, **never}
        case "code":
            codes = {code: w.coded("code", code) for code in question.values}
            return Field("value", "line", required=True), {**codes, **never}
        case "number" | "money":
            return Field("value", "number"), {}
        case "date":
            return Field("value", "day"), {}


# --- A correction: which event, which place in it. -------------------------------------


@dataclass(frozen=True, slots=True)
class Place:
    """One value of an event that can be put right."""

    path: str
    value: Any
    sealed: bool


def corrected_event(case: Case, texts: Texts) -> Event:
    """The fact that is to be put right, as it was last corrected."""
    version = texts.get("corrects", "")
    found = case.complaint.happened.get(int(version) if version.isdecimal() else 0)
    if not isinstance(found, Fact) or found.TOPIC == "complaint.corrected":
        raise DoorError("not-found")
    return found


def places(event: Event) -> list[Place]:
    """Every single value of an event that a correction may name."""
    sealed = sealed_fields(type(event))
    words = event.model_dump(mode="json", exclude={*FIXED, *MARKS})
    schema = type(event).model_json_schema()
    return [
        Place(path, value, path in sealed)
        for path, value in _leaves(words, "")
        if field_at(schema, path) and path not in NOT_ASKED
    ]


def _leaves(words: Any, above: str) -> Iterator[tuple[str, Any]]:  # noqa: ANN401  # any JSON
    if isinstance(words, list):
        words = {str(n): one for n, one in enumerate(words, start=1)}
    for name, value in words.items():
        if isinstance(value, dict | list):
            yield from _leaves(value, f"{above}{name}.")
        else:
            yield f"{above}{name}", value


def _correction(asking: Asking, case: Case, texts: Texts) -> Asking:
    event = corrected_event(case, texts)
    path = texts.get("field", "")
    place = next((one for one in places(event) if one.path == path), None)
    kind = field_at(type(event).model_json_schema(), path)
    if place is None or kind is None:
        raise DoorError("not-found")
    made = _settled(asking, corrects=event.originator_version, field=path)
    now = "" if place.sealed or place.value is None else _typed(place.value)
    new = replace(kind, name="new", required=False, default=now)
    fields = tuple(new if one.name == "new" else one for one in made.fields)
    sealed = made.sealed | ({"new"} if place.sealed else set())
    return replace(made, fields=fields, sealed=sealed, about=path)


def _typed(value: bool | int | str) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
