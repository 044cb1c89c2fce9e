"""A message in our words: a complaint that begins, or what is said about one."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, TypeAdapter, ValidationError

from consumers.inbound.fields import Place, UnfitError, found
from consumers.inbound.message import CloudEvent, plain
from consumers.inbound.profile import Kind, Profile
from consumers.inbound.sources import Known
from domain import json_text, kinds
from domain.complaint.reception import Reception
from domain.deeds import Deed
from domain.errors import InvalidError, Lack
from domain.words import Line

# A number of another system that ours may be: not a series, and readable in a URL.
NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,58}[A-Za-z0-9]|[A-Za-z0-9]")
_LINE: TypeAdapter[str] = TypeAdapter(Line)


@dataclass(frozen=True, slots=True)
class Receiving:
    """Somebody complained to another system."""

    said: Reception
    key: str | None  # the system's own key of the complaint
    number: str | None  # the system's own number, when it is kept


@dataclass(frozen=True, slots=True)
class Beginning:
    """Another system has a shipment or a project."""

    kind: kinds.Kind
    body: BaseModel
    key: str | None  # the system's own key of it


@dataclass(frozen=True, slots=True)
class Telling:
    """Something is said about a complaint, or another stream, that is or will be there."""

    deed: Deed
    body: BaseModel
    subject: str  # the system's own key of it, or our number
    version: int | None  # a request may name what it was decided on

    @property
    def number(self) -> tuple[str, str]:
        """The name it has if the subject is a number of ours."""
        kind = self.deed.kind
        return ("number" if kind == "complaint" else kind, self.subject)


Said = Receiving | Beginning | Telling


def worded(event: CloudEvent, known: Known) -> Said:
    """What a message says. Raises `InvalidError` with every field that does not fit."""
    profile = known.profile
    kind = profile.messages.get(event.type)
    if kind is None:
        raise InvalidError(Lack("type", f"send one of {', '.join(profile.messages)}"))
    if not isinstance(event.data, dict):
        raise InvalidError(Lack("data", "send a JSON object"))
    subject = event.subject
    if kind.subject is not None:
        subject = _line(event.data, kind.subject)
    data = event.data if kind.fields is None else _mapped(event.data, kind, profile)
    version = None
    if kind.as_ == "request" and "version" in data:
        data = dict(data)
        version = _version(data.pop("version"))
    body = _shaped(data, kind)
    if kind.begins is not None:
        return Beginning(kind.begins, body, subject)
    if kind.deed is None:
        assert isinstance(body, Reception)
        return Receiving(body, subject, _number(event.data, profile))
    if subject is None:
        raise InvalidError(Lack("subject", "name the complaint by your key or our number"))
    return Telling(kind.deed, body, subject, version)


def _mapped(data: object, kind: Kind, profile: Profile) -> dict[str, Any]:
    """Our fields out of theirs; an instant that is a date says so beside it."""
    made: dict[str, Any] = {}
    lacks = []
    for target, field in (kind.fields or {}).items():
        try:
            said = field.read(data, codes=profile.codes, zone=profile.zone)
            if said is None:
                continue
            _put(made, target.split("."), said)
            if target == "occurred_at" and field.is_day(data):
                made["precision"] = "day"
        except UnfitError as unfit:
            lacks.append(Lack(field.place, str(unfit)))
    if lacks:
        raise InvalidError(*lacks[: json_text.LACKS_MAX])
    return made


def _put(made: dict[str, Any], steps: list[str], said: object) -> None:
    """Set a value at its place; a whole number in it is a place in a list."""
    name, *rest = steps
    if not rest:
        made[name] = said
    elif rest[0].isdecimal():
        many = made.setdefault(name, [])
        while len(many) <= int(rest[0]):
            many.append({})
        _put(many[int(rest[0])], rest[1:], said)
    else:
        _put(made.setdefault(name, {}), rest, said)


def _shaped(data: Mapping[str, Any], kind: Kind) -> BaseModel:
    """As the shape of what is said; JSON again, since there an instant is text."""
    try:
        return kind.shape.model_validate_json(json.dumps(data))
    except ValidationError as error:
        wrongs = _first_causes(error)
        lacks = [_lack(wrong["type"], wrong["loc"], wrong["msg"], kind) for wrong in wrongs]
        raise InvalidError(*lacks[: json_text.LACKS_MAX]) from None


def _first_causes(error: ValidationError) -> list[Any]:
    """What is wrong, without lists that are only too short since a part of them is."""
    wrongs = error.errors(include_url=False, include_input=False)
    deeper = {wrong["loc"][:n] for wrong in wrongs for n in range(len(wrong["loc"]))}
    return [w for w in wrongs if w["type"] != "too_short" or w["loc"] not in deeper]


def _lack(what: str, loc: tuple[str | int, ...], fix: str, kind: Kind) -> Lack:
    """One thing that does not fit, under the name its sender gives it."""
    if what == "extra_forbidden":  # its name is the sender's own, so it is not told
        words = f": {', '.join(kind.shape.model_fields)}" if len(loc) == 1 else ""
        return Lack(
            ".".join([*map(str, loc[:-1]), "?"]), f"leave out what is not ours{words}"
        )
    ours = ".".join(map(str, loc))
    for target, field in (kind.fields or {}).items():
        if field.from_ is not None and (ours + ".").startswith(target + "."):
            return Lack(field.place, fix)
    return Lack(plain(ours), fix)


def _line(data: object, place: Place) -> str | None:
    said = found(data, place)
    if said is None or said == "":
        return None
    try:
        return _LINE.validate_python(str(said) if isinstance(said, int) else said)
    except ValidationError as error:
        raise InvalidError(Lack(".".join(place), error.errors()[0]["msg"])) from None


def _number(data: object, profile: Profile) -> str | None:
    place = profile.complaints.number
    if place is None:
        return None
    number = _line(data, place)
    if number is None or not NUMBER.fullmatch(number):
        fix = (
            "send the number: 1 to 60 letters, digits, dots and dashes, no dash at its end"
        )
        raise InvalidError(Lack(".".join(place), fix))
    return number


def _version(said: object) -> int:
    if isinstance(said, bool) or not isinstance(said, int) or said < 1:
        raise InvalidError(Lack("version", "send the version as a whole number"))
    return said
