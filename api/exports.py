"""What analysts take along: views and logs as files, each true to one position."""

from collections.abc import Callable, Iterator, Mapping
from typing import Annotated, Any, Literal, NamedTuple

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import Response
from psycopg import Connection
from starlette.datastructures import QueryParams

from api import openapi
from api.columns import named
from api.complaints import query
from api.file_answer import file_answer
from api.identity.permissions import Person
from api.identity.sites import narrowed
from api.pages.words import Lang
from api.parts import Parts, parts_of
from domain.codec import Codec
from projections.exports import ocel, parquet, xes, xlsx
from projections.exports.cut import LISTED, view_of
from projections.exports.views import View
from projections.tracking_filter import Query

PROBLEMS = {403, 422, 503}
Name = Annotated[str, Path(pattern=r"^[a-z_]{1,40}$", description="of a view")]


class Asked(NamedTuple):
    """Which part of a view, and for whom."""

    view: View
    query: Query | None
    about: str  # the filter as the address has it
    zone: str
    lang: Lang


class Form(NamedTuple):
    """One kind of file: its media type, and how it is made."""

    media_type: str
    pieces: Callable[[Connection[Any], Asked], Iterator[bytes]]


def _parquet(conn: Connection[Any], asked: Asked) -> Iterator[bytes]:
    return parquet.parquet(conn, asked.view, asked.query, about=asked.about)


def _xlsx(conn: Connection[Any], asked: Asked) -> Iterator[bytes]:
    return xlsx.xlsx(
        conn,
        asked.view,
        asked.query,
        zone=asked.zone,
        heads={column.name: named(column, asked.lang) for column in asked.view.columns},
        about={"filter": asked.about},
    )


FORMS: Mapping[str, Form] = {
    "parquet": Form(parquet.MEDIA_TYPE, _parquet),
    "xlsx": Form(xlsx.MEDIA_TYPE, _xlsx),
}


class MiningLog(NamedTuple):
    """One log for process mining, made from the events themselves."""

    file: str
    media_type: str
    pieces: Callable[[Connection[Any], Codec, Person], Iterator[bytes]]


def _ocel(conn: Connection[Any], codec: Codec, person: Person) -> Iterator[bytes]:
    return ocel.ocel(conn, codec, penalties=person.may("read_penalties"))


def _xes(conn: Connection[Any], codec: Codec, _person: Person) -> Iterator[bytes]:
    return xes.xes(conn, codec)


LOGS: Mapping[str, MiningLog] = {
    "ocel": MiningLog("ledger.ocel.json", ocel.MEDIA_TYPE, _ocel),
    "xes": MiningLog("complaints.xes", xes.MEDIA_TYPE, _xes),
}

router = APIRouter(prefix="/exports", tags=["exports"])


def rights_of(view: View) -> Iterator[str]:
    """What it takes to read a view: penalties name whom they are about.

    The list is narrowed to a person's own sites; nothing else is of one site.
    """
    yield "read" if view.name == LISTED else "read_all"
    if view.is_withheld:
        yield "read_penalties"


def may_take(person: Person, view: View) -> bool:
    """Whether they may take it along."""
    return all(person.may(right) for right in rights_of(view))


def permitted(person: Person, view: View) -> None:
    """Refuse whoever may not take it along."""
    for right in rights_of(view):
        person.has_to(right)


def asked_of(name: str, params: QueryParams, parts: Parts, lang: Lang) -> Asked:
    """What an address asks for; only the tracking table can be narrowed."""
    view, asked = view_of(name), None
    if params or name == LISTED:
        asked = query.query_of(params, limit_max=parts.limits.page_rows)
        asked = narrowed(parts, asked)
    return Asked(view, asked, str(params), parts.zone, lang)


@router.get(
    f"/{LOGS['ocel'].file}",
    response_model=None,
    **openapi.of_file((ocel.MEDIA_TYPE,), {403, 413, 503}),
)
async def as_ocel(parts: Annotated[Parts, Depends(parts_of)]) -> Response:
    """OCEL 2.0: complaints, customers, products, batches, people, and what happened.

    Penalties are in it for those who may read them.
    """
    return await _log(parts, LOGS["ocel"])


@router.get(
    f"/{LOGS['xes'].file}",
    response_model=None,
    **openapi.of_file((xes.MEDIA_TYPE,), {403, 413, 503}),
)
async def as_xes(parts: Annotated[Parts, Depends(parts_of)]) -> Response:
    """XES: one trace a complaint, its events in the order they happened."""
    return await _log(parts, LOGS["xes"])


async def _log(parts: Parts, wanted: MiningLog) -> Response:
    person, codec = parts.operator, parts.opened.codec
    person.has_to("read_all")
    return await file_answer(
        parts,
        wanted.file,
        wanted.media_type,
        lambda conn: wanted.pieces(conn, codec, person),
    )


@router.get(
    "/{name}.{form}",
    response_model=None,
    openapi_extra={"parameters": query.PARAMETERS},
    **openapi.of_file((form.media_type for form in FORMS.values()), PROBLEMS | {413}),
)
async def exported(
    name: Name,
    form: Literal["parquet", "xlsx"],
    request: Request,
    parts: Annotated[Parts, Depends(parts_of)],
) -> Response:
    """A view as a file. The position it stands for is inside; all of it is of one instant.

    The tracking table takes the filters and the order of `/complaints`.
    """
    permitted(parts.operator, view_of(name))
    asked = asked_of(name, request.query_params, parts, parts.language)
    made = FORMS[form]
    return await file_answer(
        parts, f"{name}.{form}", made.media_type, lambda conn: made.pieces(conn, asked)
    )
