"""One field of ours, out of another system's: its name there, its spelling, its zone."""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from inspect import isclass
from typing import Annotated, Any, Literal, Self, get_args
from zoneinfo import ZoneInfo

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from domain.amount import Currency
from domain.complaint.items import ITEMS_MAX

Codes = Mapping[str, Mapping[str, str | int | bool | None]]
Said = str | int | bool | dict[str, Any] | None
EPOCH = {"epoch_s": 1, "epoch_ms": 1_000}
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
OF_DAY = re.compile(r"%[HIMSXcT]")  # parts of a format that say a time of day
WHOLE = re.compile(r"-?[0-9]{1,18}")
ANY = "*"  # in a table of codes: whatever is not in it


class Strict(BaseModel):
    """A part of a profile: no word in it that we do not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


def _steps(said: object) -> object:
    return said.split(".") if isinstance(said, str) else said


Step = Annotated[str, StringConstraints(min_length=1, max_length=200)]
# `a.b.0` is the first of b in a; a list of words where a name has a dot in it.
Place = Annotated[
    tuple[Step, ...],
    BeforeValidator(_steps),
    Field(min_length=1, max_length=10, strict=False),  # what was split is a list
]


class UnfitError(Exception):
    """What stands there cannot be ours; the words say what would do, never what it is."""


class Source(Strict):
    """Where a field of ours comes from. What is blank there is unknown here."""

    from_: Place | None = Field(default=None, alias="from")
    value: str | int | bool | None = None  # the same in every message
    as_: Literal["text", "whole", "flag", "instant", "day", "money"] = Field(
        default="text", alias="as"
    )
    codes: str | None = None  # a table of the profile: their code, ours
    formats: tuple[str, ...] = Field(
        default=(), strict=False
    )  # of strptime, or epoch_s, epoch_ms; else ISO 8601
    currency: Currency | None = None
    decimals: int = Field(default=2, ge=0, le=4)  # of the currency

    @model_validator(mode="after")
    def _is_one_thing(self) -> Self:
        if (self.from_ is None) == (self.value is None):
            raise ValueError("say `from` or `value`, one of them")
        if self.formats and self.as_ not in {"instant", "day"}:
            raise ValueError("only an instant or a day has formats")
        if (self.as_ == "money") != (self.currency is not None):
            raise ValueError("money has a currency, and nothing else has one")
        return self

    @property
    def place(self) -> str:
        """What the system itself calls it."""
        return ".".join(self.from_ or ())

    def trouble(self, *, codes: Codes, zone: str | None) -> str | None:
        """Why it could never be read: a table or a zone is not there."""
        if self.codes is not None and self.codes not in codes:
            return f"no table of codes is called {self.codes}"
        for form in self.formats:
            if form not in EPOCH and _is_no_format(form):
                return f"{form} is no format of strptime"
        naive = [f for f in self.formats if "%z" not in f and f not in EPOCH]
        if self.as_ == "instant" and naive and zone is None:
            return f"{naive[0]} says no offset, and the profile names no zone"
        return None

    def read(self, data: object, *, codes: Codes, zone: str | None) -> Said:
        """Our value; `None` when nothing is said. Raises `UnfitError`."""
        said = self.value if self.from_ is None else found(data, self.from_)
        if said is None or (isinstance(said, str) and not said.strip()):
            return None
        if self.codes is not None:
            return _coded(said, codes[self.codes])
        if self.as_ == "money":
            return {"minor": self._minor(said), "currency": self.currency}
        if self.as_ == "instant":
            return _moment(said, self.formats, zone)[0].isoformat()
        return PLAIN[self.as_](said, self.formats)

    def is_day(self, data: object) -> bool:
        """Whether the instant there is a date without a time of day."""
        said = None if self.from_ is None else found(data, self.from_)
        return self.as_ == "instant" and _moment(said, self.formats, "UTC")[1]

    def _minor(self, said: object) -> int:
        if isinstance(said, bool | float) or not isinstance(said, str | int):
            raise UnfitError("send an amount as decimal text, as 12.50")
        try:
            minor = Decimal(said).scaleb(self.decimals)
        except InvalidOperation as error:
            raise UnfitError("send an amount as decimal text, as 12.50") from error
        if not minor.is_finite() or minor != minor.to_integral_value():
            raise UnfitError(f"send at most {self.decimals} decimals")
        return int(minor)


FieldMap = Annotated[
    Source, BeforeValidator(lambda said: said if isinstance(said, dict) else {"from": said})
]


def _is_no_format(form: str) -> bool:
    try:
        datetime.strptime("", form)  # noqa: DTZ007  # only the format is looked at
    except ValueError as error:
        return "format" in str(error) and "match" not in str(error)
    return True  # it asks for nothing


def check_target(shape: type[BaseModel], target: str) -> None:
    """Refuse a field that we do not have; `items.0.product` is the first item's."""
    name, *rest = target.split(".")
    if name not in shape.model_fields:
        raise ValueError(f"{target}: we have {', '.join(shape.model_fields)}")
    if rest and rest[0].isdecimal():
        if int(rest[0]) >= ITEMS_MAX:
            raise ValueError(f"{target}: at most {ITEMS_MAX} of them")
        rest = rest[1:]
    inner = _model_in(shape.model_fields[name].annotation)
    if rest and inner is not None:
        check_target(inner, ".".join(rest))
    elif rest:
        raise ValueError(f"{target}: {name} has no parts")


def _model_in(annotation: object) -> type[BaseModel] | None:
    if isclass(annotation) and issubclass(annotation, BaseModel):
        return annotation
    return next(filter(None, map(_model_in, get_args(annotation))), None)


def found(data: object, place: tuple[str, ...]) -> object:
    """What stands at a place in plain JSON; `None` when nothing does."""
    for step in place:
        if isinstance(data, dict):
            data = data.get(step)
        elif isinstance(data, list) and step.isdecimal() and int(step) < len(data):
            data = data[int(step)]
        else:
            return None
    return data


def _coded(said: object, table: Mapping[str, str | int | bool | None]) -> Said:
    word = str(said).strip() if isinstance(said, str | int) else ""
    if word not in table and ANY not in table:
        raise UnfitError("send one of the codes that the profile knows")
    return table.get(word, table.get(ANY))


def _text(said: object, _formats: tuple[str, ...]) -> str:
    if isinstance(said, bool) or not isinstance(said, str | int):
        raise UnfitError("send text")
    return str(said).replace("\r\n", "\n").replace("\r", "\n")


def _whole(said: object, _formats: tuple[str, ...]) -> int:
    if isinstance(said, bool) or not WHOLE.fullmatch(str(said).strip()):
        raise UnfitError("send a whole number")
    return int(str(said))


def _flag(said: object, _formats: tuple[str, ...]) -> bool:
    if not isinstance(said, bool):
        raise UnfitError("send true or false, or name a table of codes in the profile")
    return said


def _day(said: object, formats: tuple[str, ...]) -> str:
    return _moment(said, formats, "UTC")[0].date().isoformat()


PLAIN: Mapping[str, Callable[[object, tuple[str, ...]], Said]] = {
    "text": _text,
    "whole": _whole,
    "flag": _flag,
    "day": _day,
}


def _moment(
    said: object, formats: tuple[str, ...], zone: str | None
) -> tuple[datetime, bool]:
    """The instant, in whole seconds, and whether only its day is known."""
    moment, day = _read(said, formats)
    if moment.tzinfo is None:
        if zone is None:
            raise UnfitError("send the offset, or name a zone in the profile")
        moment = _in_zone(moment, ZoneInfo(zone))
    return moment.replace(microsecond=0), day


def _read(said: object, formats: tuple[str, ...]) -> tuple[datetime, bool]:
    for form in formats:
        # What does not fit this format may fit another; what fits none is refused below.
        with suppress(ValueError, OverflowError):
            if form in EPOCH and isinstance(said, int):
                since = timedelta(seconds=said / EPOCH[form])
                return datetime.fromtimestamp(0, UTC) + since, False
            if form not in EPOCH and isinstance(said, str):
                read = datetime.strptime(said.strip(), form)  # noqa: DTZ007  # a zone follows
                return read, not OF_DAY.search(form)
    if formats or not isinstance(said, str):
        raise UnfitError("send a time in a format that the profile knows")
    try:
        return datetime.fromisoformat(said.strip()), bool(DAY.fullmatch(said.strip()))
    except ValueError as error:
        raise UnfitError("send an ISO 8601 date or time") from error


def _in_zone(moment: datetime, zone: ZoneInfo) -> datetime:
    """The earlier of two, when clocks went back; none when they went forward over it."""
    local = moment.replace(tzinfo=zone)
    if local.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != moment:
        raise UnfitError("there was no such time: clocks went forward over it")
    return local
