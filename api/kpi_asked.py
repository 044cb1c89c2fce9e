"""What an address asks of the figures: which month and scope, known when, judged when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pydantic
from psycopg import Connection

import domain.kpi
from api.openapi import Doc
from api.parts import Parts
from api.problems import DoorError
from domain.errors import InvalidError, Lack
from domain.kpi.contribution import month_of
from domain.kpi.definition import Dictionary, Kpi, UnknownKpiError, read
from domain.times import Instant
from infra import yaml_files
from projections import freshness
from projections.kpi_query import Asked

FILE = Path(domain.kpi.__file__).parent / "kpis.yaml"
TABLE = "kpi"
POSITION_MAX = 2**63 - 1
SCOPE = ("site", "customer", "product")
RECORDED_AT = "SELECT recorded_at FROM ledger.event WHERE position = %s"


class Question(pydantic.BaseModel):
    """The questions an address may ask, as it spells them."""

    model_config = pydantic.ConfigDict(frozen=True)

    month: str = pydantic.Field(default="", pattern=r"^([0-9]{4}-(0[1-9]|1[0-2]))?$")
    position: int | None = pydantic.Field(default=None, ge=1, le=POSITION_MAX)
    at: Instant | None = None
    site: str = pydantic.Field(default="", max_length=200)
    customer: str = pydantic.Field(default="", max_length=200)
    product: str = pydantic.Field(default="", max_length=200)


ABOUT: Mapping[str, str] = {
    "month": "as in 2026-05, at the plant; without it the present one",
    "position": "what the ledger held then; without it, all it holds",
    "at": "judged at this instant; without it at that of the position, or now",
    "site": "of one site only",
    "customer": "of one customer only",
    "product": "of one product only",
}
PARAMETERS: list[Doc] = [
    {
        "name": name,
        "in": "query",
        "required": False,
        "description": said,
        "schema": {"type": "integer" if name == "position" else "string"},
    }
    for name, said in ABOUT.items()
]


@dataclass(frozen=True, slots=True)
class Put:
    """A question with what nobody said filled in."""

    month: str
    asked: Asked
    known: int  # the position up to which the tables have everything

    @property
    def position(self) -> int:
        """What the answer rests on."""
        return min(self.known, self.asked.position or self.known)


@cache
def dictionary() -> Dictionary:
    """Every figure there is, read once: a text does not change while we run."""
    return read(yaml_files.read(FILE))


def kpi_of(name: str) -> Kpi:
    """The definition of this name, with or without its version."""
    try:
        return dictionary()[name]
    except UnknownKpiError as error:
        raise DoorError("not-found", Lack("kpi", "check its id")) from error


def question_of(params: Mapping[str, str]) -> Question:
    """The question of an address; an empty field of a form asks nothing."""
    said: dict[str, Any] = {
        name: params[name].strip() for name in ABOUT if params.get(name, "").strip()
    }
    try:
        return Question.model_validate(said)
    except pydantic.ValidationError as error:
        lacks = [Lack(str(e["loc"][0]), e["msg"]) for e in error.errors()]
        raise InvalidError(*lacks) from error


def put(conn: Connection[Any], question: Question, parts: Parts) -> Put:
    """The question as the lines are asked: two coordinates, position and instant."""
    known = freshness.read(conn, TABLE).position
    at = question.at or _recorded_at(conn, question.position, parts)
    asked = Asked(
        at=at,
        position=question.position,
        zone=parts.zone,
        site=question.site or None,
        customer=question.customer or None,
        product=question.product or None,
    )
    return Put(question.month or month_of(at, parts.zone), asked, known)


def _recorded_at(conn: Connection[Any], position: int | None, parts: Parts) -> datetime:
    if position is None:
        return parts.now()
    row = conn.execute(RECORDED_AT, [position]).fetchone()
    if row is None:
        raise InvalidError(Lack("position", "the ledger has not come so far"))
    at: datetime = row[0]
    return at
