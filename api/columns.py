"""The page that documents every column of every view, from the list the views come from."""

import sys
from collections.abc import Iterator

from api.pages.words import LANGS, Lang, word_list
from projections.exports.views import Column, View, views

HEAD = """# Columns

Written by `python -m api.columns` from `projections/exports/views.toml`; a test holds it to
the tables. The same words are COMMENTs in the database, and stand in the Parquet files.

Each view is in the schema `reading`. Who reads by SQL is a member of the role
`ledger_reader`: it may SELECT from these views and see nothing else: no event, no key,
nothing sealed, and not whom a penalty is about (⊘: such a view has no `SELECT *` for it).

    CREATE ROLE ann LOGIN PASSWORD '…' IN ROLE ledger_reader;   -- once, as the owner
    psql -h HOST -U ann -d ledger \\
      -c "SELECT stage, count(*) FROM reading.tracking GROUP BY 1"

The embedded database has no passwords and listens on a socket of its own: there
`psql "$(.venv/bin/ledger reader)"` does it. `\\d+ reading.tracking` shows these words.

Kinds: `id` and `text` are text, `texts` a list of texts, `whole` a 64-bit number, `instant`
a time in UTC, `day` a date of no zone, `yesno` a truth value, `json` a JSON value. With `?`
it may be NULL, which means unknown: nobody has stated it; never 0, never an empty text.
Money is in minor units (fen) beside its currency, so no sum is ever rounded.

| kind | pandas | Parquet |
|---|---|---|
| id, text | `string` | string |
| texts | `object` | list of string |
| whole | `Int64` | int64 |
| instant | `datetime64[us, UTC]` | timestamp[us, UTC] |
| day | `datetime64[s]` | date32 |
| yesno | `boolean` | bool |
| json | `object` | string (JSON) |
"""


def page() -> str:
    """The whole page."""
    return HEAD + "".join(_view(view) for view in views().values())


def named(column: Column, lang: Lang) -> str:
    """What a column is called on pages."""
    words = word_list(lang)
    kinds = ("column", "table", "sort", "field")
    return next(
        words.said(f"{kind}.{column.name}")
        for kind in kinds
        if f"{kind}.{column.name}" in words
    )


def _view(view: View) -> str:
    rows = "".join(f"| {' | '.join(_cells(column))} |\n" for column in view.columns)
    return (
        f"\n## {view.name}\n\n{view.zh}。{view.en[0].upper()}{view.en[1:]}.\n\n"
        f"| column | 中文 | English | kind | unit | 含义 | meaning |\n"
        f"|---|---|---|---|---|---|---|\n{rows}"
    )


def _cells(column: Column) -> Iterator[str]:
    yield f"`{column.name}`{' ⊘' if column.withheld else ''}"
    yield from (named(column, lang) for lang in LANGS)
    yield f"{column.kind}{'?' if column.may_lack else ''}"
    yield column.unit or "–"
    yield column.zh
    yield column.en


if __name__ == "__main__":
    sys.stdout.write(page())
