"""`ledger export` and `ledger reader`: how analysts get at the data from a terminal."""

from pathlib import Path
from typing import Annotated

import psycopg
import typer
from starlette.datastructures import QueryParams

from api.complaints.query import query_of
from api.exports import FORMS, LOGS, Asked, permitted
from api.file_answer import Pieces
from api.identity.permissions import Person
from api.terminal import fail, out
from consumers.home import Home
from domain.codec import Codec
from domain.registry import REGISTRY
from infra import settings
from infra.postgres.pool import role_dsn
from infra.settings import Settings
from projections.exports.cut import LISTED, view_of
from projections.exports.views import READER
from projections.tracking_filter import PAGE_MAX


def export(
    what: Annotated[
        str, typer.Argument(help="A view, as docs/columns.md lists them; or ocel, or xes.")
    ],
    to: Annotated[Path, typer.Option(help="The file: .parquet or .xlsx of a view.")],
    where: Annotated[
        str, typer.Option(help="Filters of the tracking table, as the page's address.")
    ] = "",
) -> None:
    """Write a view or a log for process mining to a file; its position is inside."""
    chosen = settings.load()
    pieces = _pieces(what, to.suffix.removeprefix("."), where, chosen)
    half = to.with_name(f"{to.name}.half")
    with (
        Home(chosen).reached() as dsn,
        psycopg.connect(role_dsn(dsn, "ledger_app"), autocommit=True) as conn,
        half.open("wb") as file,
    ):
        for piece in pieces(conn):
            file.write(piece)
    half.replace(to)
    out.print(f"{to}: {to.stat().st_size:,} bytes")


def _pieces(what: str, suffix: str, where: str, chosen: Settings) -> Pieces:
    person = Person(chosen.operator_id, chosen.operator_role, chosen.operator_name)
    person.has_to("read")
    if (log := LOGS.get(what)) is not None:
        return lambda conn: log.pieces(conn, Codec(REGISTRY), person)
    view, form = view_of(what), FORMS.get(suffix)
    if form is None:
        fail(f"--to: end its name with {' or '.join(f'.{name}' for name in FORMS)}")
    permitted(person, view)
    narrowed = bool(where) or what == LISTED
    query = query_of(QueryParams(where), limit_max=PAGE_MAX) if narrowed else None
    asked = Asked(view, query, where, chosen.zone, chosen.language)
    return lambda conn: form.pieces(conn, asked)


def reader() -> None:
    """Print the address for psql and other SQL tools: it reads the views, no more."""
    out.print(role_dsn(Home(settings.load()).running_dsn(), READER), soft_wrap=True)
