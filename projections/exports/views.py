"""What analysts read: every view and column, what stands in it, and who may see it."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from psycopg import Connection, sql

FILE = Path(__file__).with_name("views.toml")
READER = "ledger_reader"  # the role of those who read by SQL, and do nothing else
KINDS = ("id", "text", "texts", "whole", "instant", "day", "yesno", "json")


class Column(NamedTuple):
    """One column. Its meaning is written in both languages, for whoever has only SQL."""

    name: str
    kind: str  # one of KINDS
    unit: str  # empty where a number counts nothing, or where it is no number
    may_lack: bool  # NULL is unknown: nobody has stated it
    zh: str
    en: str
    withheld: bool  # names whom a penalty is about: not for everybody who reads


class View(NamedTuple):
    """One view of the schema `reading`."""

    name: str
    projection: str  # the read model that fills it
    zh: str
    en: str
    columns: tuple[Column, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Its columns' names."""
        return tuple(column.name for column in self.columns)

    @property
    def is_withheld(self) -> bool:
        """Whether all of it asks for the right to read penalties."""
        return any(column.withheld for column in self.columns)


@cache
def views() -> Mapping[str, View]:
    """Every view that is described; what is not described, no analyst is shown."""
    told = tomllib.loads(FILE.read_text(encoding="utf-8"))
    shared = told.pop("shared")
    return MappingProxyType(
        {name: _view(name, said, shared) for name, said in told.items()}
    )


def _view(name: str, said: Mapping[str, Any], shared: Mapping[str, Any]) -> View:
    first, *rest = said["columns"].items()
    also = ((one, shared[one]) for one in said.get("shared", ()))
    withheld = said.get("withheld", ())
    return View(
        name,
        said.get("of", name),
        said["zh"],
        said["en"],
        tuple(
            _column(one, words, withheld=one in withheld)
            for one, words in (first, *also, *rest)
        ),
    )


def _column(name: str, words: list[str], *, withheld: bool) -> Column:
    kind, zh, en = words
    kind, _, unit = kind.partition(" ")
    known = kind.removesuffix("?")
    assert known in KINDS, f"{name}: no such kind as {known}"
    return Column(name, known, unit, known != kind, zh, en, withheld)


def describe(conn: Connection[Any], names: Iterable[str]) -> None:
    """Write down in the database what these views mean, and show them to the reader.

    *conn* owns the views. Nothing is done where it is already so: a view that was put in
    place of another keeps its comments and rights.
    """
    there = dict(
        conn.execute(
            "SELECT relname, obj_description(oid, 'pg_class') FROM pg_class"
            " WHERE relnamespace = 'reading'::regnamespace AND relkind = 'v'"
        ).fetchall()
    )
    for name in names:
        view = views().get(name)
        if view is not None and name in there and there[name] != _about(view):
            conn.execute(sql.SQL(";").join(_statements(view)))


def _about(view: View) -> str:
    return f"{view.zh} / {view.en}"


def meaning(column: Column) -> str:
    """What a column means, in one line of both languages, with its unit."""
    unit = f" [{column.unit}]" if column.unit else ""
    return f"{column.zh} / {column.en}{unit}"


def _statements(view: View) -> Iterator[sql.Composable]:
    """The view's own comment comes last: when it is there, all of them are."""
    table = sql.Identifier("reading", view.name)
    shown = [column.name for column in view.columns if not column.withheld]
    which = sql.SQL("({})").format(sql.SQL(", ").join(map(sql.Identifier, shown)))
    yield sql.SQL("GRANT SELECT {} ON {} TO {}").format(
        which if len(shown) < len(view.columns) else sql.SQL(""),
        table,
        sql.Identifier(READER),
    )
    for column in view.columns:
        yield sql.SQL("COMMENT ON COLUMN {}.{} IS {}").format(
            table, sql.Identifier(column.name), sql.Literal(meaning(column))
        )
    yield sql.SQL("COMMENT ON VIEW {} IS {}").format(table, sql.Literal(_about(view)))
