"""No number without its row: put one up or down by one, and a row goes red."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from pydantic import ValidationError

from consumers.opening import RULEBOOKS
from domain.errors import RefusedError
from domain.rulebooks.rulebook import Rulebook, read
from infra import yaml_files
from tests.rulebooks.clause import BOOKS, said
from tests.rulebooks.test_every_clause import rows

HEAD = {"schema", "version"}  # these number the file, and rule nothing
# Nothing follows from these alone: a graver grade ends where the number is anyway.
NO_MATTER = {("S22", "grading.grades.1.when.all.1.yuan")}


def numbers(part: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where a number stands in a file."""
    if type(part) is int:
        yield path
    elif isinstance(part, dict | list):
        steps = part.items() if isinstance(part, dict) else enumerate(part)
        for step, inner in steps:
            if step not in HEAD:
                yield from numbers(inner, (*path, step))


def put(data: Any, path: tuple[Any, ...]) -> Iterator[tuple[str, Any]]:
    """The same file with one number up by one, and down where it still is one."""
    for by in (1, -1):
        made = deepcopy(data)
        part = made
        for step in path[:-1]:
            part = part[step]
        part[path[-1]] += by
        if part[path[-1]] > 0:
            yield f"{'.'.join(map(str, path))} {by:+}", made


def as_read(data: Any) -> Rulebook | None:
    """None where the number is no longer possible, such as a thirteenth month."""
    try:
        return read(data)
    except ValidationError:
        return None


def is_red(book: Rulebook, name: str) -> bool:
    """Whether a row says that something else follows now, or that nothing does."""
    for path, _, given, then in rows(name):
        try:
            if said(book, path, given) != then:
                return True
        except (RefusedError, AssertionError):
            return True
    return False


@pytest.mark.parametrize("name", sorted(BOOKS))
def test_each_number_of_a_regulation_is_held_by_a_row(name: str) -> None:
    data = yaml_files.read(RULEBOOKS / "files" / f"{name}.yaml")
    unheld = [
        told
        for path in numbers(data)
        if (name, ".".join(map(str, path))) not in NO_MATTER
        for told, made in put(data, path)
        if (book := as_read(made)) and not is_red(book, name)
    ]
    assert unheld == []
