"""From the bytes of a file to a rulebook, or to everything that is wrong with it."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from domain.rulebooks import policy, ranges
from domain.rulebooks.faults import Fault
from domain.rulebooks.names import dangling
from domain.rulebooks.policy import PolicySet
from domain.rulebooks.rulebook import Rulebook, read

Lines = Mapping[str, int]  # path in the file → line, counted from one
PLAIN = {
    "extra_forbidden": ("an unknown word", "take it out, or spell it as the schema does"),
    "missing": ("this is missing", "add it"),
}


class WrongRulebookError(ValueError):
    """The file cannot be what it should; every fault says where and what mends it."""

    def __init__(self, file: str, faults: list[Fault], lines: Lines) -> None:
        self.faults = [(fault.line(lines), fault) for fault in faults]
        self.said = [(fault.path, fault.said(file, lines)) for fault in faults]
        super().__init__("\n".join(said for _, said in self.said))


def sha256(raw: bytes) -> str:
    """Of the bytes as published: another comment is another publication."""
    return hashlib.sha256(raw).hexdigest()


def published(
    raw: bytes, data: Mapping[str, Any], file: str, lines: Callable[[], Lines] = dict
) -> Rulebook:
    """The rulebook that these bytes say; *data* is what they hold as plain data.

    *lines* finds the lines of a file; it is only asked when something is wrong.
    """
    if wrong := [*_text(raw, data)]:
        raise WrongRulebookError(file, wrong, lines())
    try:
        book = read(data, sha256(raw))
    except ValidationError as error:
        raise WrongRulebookError(file, shape_faults(error), lines()) from error
    if wrong := [*dangling(book), *ranges.faults(book)]:
        raise WrongRulebookError(file, wrong, lines())
    return book


def policy_set(
    data: Mapping[str, Any],
    file: str,
    lines: Callable[[], Lines] = dict,
    *,
    beside: Mapping[str, Rulebook] | None = None,
) -> PolicySet:
    """The policy set a file holds; *beside* are the rulebooks it may name."""
    try:
        made = policy.read(data)
    except ValidationError as error:
        raise WrongRulebookError(file, shape_faults(error), lines()) from error
    wrong = [*made.faults(), *(policy.against(beside, made) if beside else ())]
    if wrong:
        raise WrongRulebookError(file, wrong, lines())
    return made


def _text(raw: bytes, data: Mapping[str, Any]) -> Iterator[Fault]:
    if b"\r" in raw:
        yield Fault("", "lines end with CR", "end each with LF alone")
    if "sha256" in data:
        yield Fault("sha256", "a file cannot hold its own hash", "take it out")


def shape_faults(error: ValidationError) -> list[Fault]:
    """What the schema says of plain data that does not fit it."""
    faults = []
    for wrong in error.errors(include_url=False, include_input=False):
        path = ".".join(str(step) for step in wrong["loc"])
        problem = wrong["msg"].removeprefix("Value error, ")
        faults.append(Fault(path, *PLAIN.get(wrong["type"], (problem, "mend it so"))))
    return faults
