"""`ledger export` and `ledger reader`: how analysts get at the data from a terminal."""

from pathlib import Path
from typing import Annotated

import psycopg
import typer
from starlette.datastructures import QueryParams

from api.complaints.query import query_of
from api.exports import FORMS, Asked, permitted
from api.identity.permissions import Person
from api.terminal import fail, out
from consumers.home import Home
from infra import settings
from infra.postgres.pool import role_dsn
from projections.exports.cut import LISTED, view_of
from projections.exports.views import READER
from projections.tracking_filter import PAGE_MAX


def export(
    what: Annotated[str, typer.Argument(help="A view, as docs/columns.md lists them.")],
    to: Annotated[Path, typer.Option(help="The file to write: .parquet or .xlsx.")],
    where: Annotated[
        str, typer.Option(help="Filters of the tracking table, as the page's address.")
    ] = "",
) -> None:
    """Write a view to a file, all of it of one instant; its position is inside."""
    form = FORMS.get(to.suffix.removeprefix("."))
    if form is None:
        fail(f"{to.name}: end its name with {' or '.join(f'.{name}' for name in FORMS)}")
    view, chosen = view_of(what), settings.load()
    permitted(Person(chosen.operator_id, chosen.operator_role, chosen.operator_name), view)
    query = None
    if where or what == LISTED:
        query = query_of(QueryParams(where), limit_max=PAGE_MAX)
    asked = Asked(view, query, where, chosen.zone, chosen.language)
    half = to.with_name(f"{to.name}.half")
    with (
        Home(chosen).reached() as dsn,
        psycopg.connect(role_dsn(dsn, "ledger_app"), autocommit=True) as conn,
        half.open("wb") as file,
    ):
        for piece in form.pieces(conn, asked):
            file.write(piece)
    half.replace(to)
    out.print(f"{to}: {to.stat().st_size:,} bytes")


def reader() -> None:
    """Print the address for psql and other SQL tools: it reads the views, no more."""
    out.print(role_dsn(Home(settings.load()).running_dsn(), READER), soft_wrap=True)
