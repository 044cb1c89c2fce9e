"""What the command line shows with: tables, a bar, and the last sentence of a failure."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import NoReturn, Protocol

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table
from rich.text import Text

out = Console(highlight=False)


class Reached(Protocol):
    """Told how far something is, and of how much if anybody knows."""

    def __call__(self, done: int, of: int | None = None, /) -> None: ...


@contextmanager
def bar(words: str, *, of: int | None = None) -> Iterator[Reached]:
    """A progress bar for something that says how far it is."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=out) as progress:
        task = progress.add_task(words, total=of)

        def reached(done: int, of: int | None = None, /) -> None:
            if of is None:
                progress.update(task, completed=done)
            else:
                progress.update(task, completed=done, total=of)

        yield reached
        progress.update(task, total=progress.tasks[0].completed)


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> Table:
    """Rows under their heads; what they say is shown as it is."""
    made = Table(*head, box=None, pad_edge=False)
    for row in rows:
        made.add_row(*(Text(str(cell)) for cell in row))
    return made


def fail(words: str) -> NoReturn:
    """Say why, and end."""
    sys.stderr.write(f"{words}\n")
    sys.exit(1)
