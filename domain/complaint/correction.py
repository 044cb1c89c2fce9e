"""Correction: a fact was written down wrongly; the old value stays where it was."""

import json
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, StringConstraints, ValidationError

from domain.complaint.state import Complaint
from domain.errors import InvalidError, Lack, NotAllowedError
from domain.event import Event, Fact, MaybeSealed, When, Who, sealed_fields
from domain.rulebooks.rulebook import Rules
from domain.words import Text

# What identifies the complaint, or says who spoke, is not a fact about the world.
FIXED = {
    "who",
    "number",
    "party_id",
    "policy_set",
    "rulebooks",
    "origin",
    "source_key",
    "zone",
}

# A field, or a place in it: `region`, `when.occurred_at`, `items.1.quantity` (from 1).
Path = Annotated[
    str, StringConstraints(pattern=r"^[a-z_]+(\.[a-z0-9_]+){0,3}$", max_length=80)
]
Scalar = bool | int | Text | None


class Corrected(Fact):
    """One value of an earlier fact was wrong, and this is the right one.

    What may name a person is sealed; its old value stays sealed where it was said.
    """

    TOPIC = "complaint.corrected"

    party_id: UUID
    corrects: Annotated[int, Field(ge=1)]  # the version of the event that was wrong
    topic: str  # of that event
    field: str
    old: bool | int | str | None = None
    new: bool | int | str | None = None
    new_sealed: MaybeSealed = None
    reason: str

    def apply(self, complaint: Complaint) -> None:
        """Fold it in; seals stay as they were, since no decision reads them."""
        wrong = complaint.happened[self.corrects]
        if self.field.split(".")[0] not in sealed_fields(type(wrong)):
            complaint.happened[self.corrects] = with_value(wrong, self.field, self.new)


def correct(
    complaint: Complaint,
    _rules: Rules,
    *,
    who: Who,
    when: When,
    corrects: Annotated[int, Field(ge=1, le=10_000)],
    field: Path,
    new: Scalar = None,
    reason: Text,
) -> None:
    """Say what the right value is. No new value means that it is unknown after all."""
    wrong = correctable(complaint, corrects, field)
    sealed = field in sealed_fields(type(wrong))
    if sealed and not isinstance(new, str | None):
        raise InvalidError(Lack("new", "this field holds text"))
    old = None if sealed else value_at(wrong, field)
    if not sealed:
        checked(wrong, field, new)
        if old == new:
            return
    complaint.record(
        Corrected(
            who=who,
            when=when,
            party_id=complaint.party_id,
            corrects=corrects,
            topic=wrong.TOPIC,
            field=field,
            old=old,
            new=None if sealed else new,
            new_sealed=str(new) if sealed and new is not None else None,
            reason=reason,
        )
    )


def correctable(complaint: Complaint, corrects: int, field: str) -> Fact:
    """The fact to be corrected, as it was last corrected; refused when it is none."""
    wrong = complaint.happened.get(corrects)
    if wrong is None:
        raise InvalidError(Lack("corrects", "name an event of this complaint"))
    if not isinstance(wrong, Fact) or isinstance(wrong, Corrected):
        raise NotAllowedError(
            Lack("corrects", "only a fact is corrected; a decision is taken anew")
        )
    if field.split(".", maxsplit=1)[0] in FIXED:
        raise NotAllowedError(Lack("field", "this is what the complaint is known by"))
    return wrong


def checked(wrong: Event, field: str, new: bool | int | str | None) -> Event:
    """The event with the new value, if that is an event; the refusal says what is wrong."""
    try:
        return with_value(wrong, field, new)
    except ValidationError as error:
        said = error.errors(include_input=False, include_url=False)[0]["msg"]
        raise InvalidError(Lack("new", f"{field}: {said}")) from error


def with_value(event: Event, field: str, new: bool | int | str | None) -> Event:
    """The same event with another value at one place."""
    words = event.model_dump(mode="json")
    inside, last = _walk(words, field)
    inside[last] = new
    made = type(event).model_validate_json(json.dumps(words))
    return made.at(event.originator_id, event.originator_version)


def value_at(event: Event, field: str) -> bool | int | str | None:
    """The value at one place, in the words of JSON; refused when it is no single value."""
    inside, last = _walk(event.model_dump(mode="json"), field)
    value = inside[last]
    if not isinstance(value, bool | int | str | None):
        raise InvalidError(Lack("field", f"name one value inside {field}"))
    return value


def _walk(words: Any, field: str) -> tuple[Any, str | int]:  # noqa: ANN401  # any JSON
    """Where the last step of a path stands; items are counted from 1."""
    *way, last = (int(step) - 1 if step.isdecimal() else step for step in field.split("."))
    for step in way:
        words = _inside(words, step)
    _inside(words, last)
    return words, last


def _inside(words: Any, step: str | int) -> Any:  # noqa: ANN401  # any JSON
    fits = isinstance(words, dict) if isinstance(step, str) else isinstance(words, list)
    there = fits and (step in words if isinstance(step, str) else 0 <= step < len(words))
    if not there:
        raise InvalidError(Lack("field", "name a field of that event"))
    return words[step]
