"""Drafts: a regulation or policy set as somebody sends it, read to the last name."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from functools import partial
from typing import Any

from domain.errors import InvalidError, Lack
from domain.rulebooks import reading
from domain.rulebooks.policy import PolicySet
from domain.rulebooks.publication import DOCUMENT_MAX, Draft
from domain.rulebooks.reading import WrongRulebookError
from domain.rulebooks.rulebook import Rulebook
from infra import yaml_files


def rulebook_draft(
    text: str, *, effective_on: date | None = None, retroactive: str | None = None
) -> tuple[Draft, Rulebook]:
    """A regulation as somebody sends it, with the day from which it is in force."""
    book = rulebook_of(text)
    if book.effective_on and effective_on not in (None, book.effective_on):
        fix = f"the text says {book.effective_on}: leave it out, or change the text"
        raise InvalidError(Lack("effective_on", fix))
    day = book.effective_on or effective_on
    if day is None:
        fix = "the text names no day: say from which day it is in force"
        raise InvalidError(Lack("effective_on", fix))
    draft = Draft(
        kind="rulebook",
        id=book.id,
        version=book.version,
        text=text,
        sha256=book.sha256,
        effective_on=day,
        retroactive=retroactive,
    )
    return draft, book


def rulebook_of(text: str) -> Rulebook:
    """The regulation a text says; refused with all that is wrong, line by line."""
    _check_length(text)
    with _refused():
        return read_rulebook(text)


def policy_draft(
    text: str, books: Mapping[str, Rulebook], *, retroactive: str | None = None
) -> tuple[Draft, PolicySet]:
    """A policy set as somebody sends it, held to the rulebooks that are published."""
    _check_length(text)
    with _refused():
        policy = read_policy_set(text, books)
    draft = Draft(
        kind="policy_set",
        id=policy.id,
        version=policy.version,
        text=text,
        sha256=sha256_of(text),
        retroactive=retroactive,
    )
    return draft, policy


def sha256_of(text: str) -> str:
    """Of the bytes of a text as it is published."""
    return reading.sha256(text.encode())


def read_rulebook(text: str) -> Rulebook:
    """The same, with the faults as they were found."""
    raw = text.encode()
    data = yaml_files.parse(raw, "text")
    lines = partial(yaml_files.lines, raw)
    return reading.published(raw, data, _file(data), lines)


def read_policy_set(text: str, books: Mapping[str, Rulebook]) -> PolicySet:
    """The policy set a text says, with the faults as they were found."""
    raw = text.encode()
    data = yaml_files.parse(raw, "text")
    lines = partial(yaml_files.lines, raw)
    return reading.policy_set(data, _file(data), lines, beside=books)


def _file(data: Mapping[str, Any]) -> str:
    return f"{data.get('id', 'text')}.yaml"


def _check_length(text: str) -> None:
    if len(text) > DOCUMENT_MAX:
        raise InvalidError(Lack("text", f"send at most {DOCUMENT_MAX} characters"))


@contextmanager
def _refused() -> Iterator[None]:
    try:
        yield
    except yaml_files.YamlFileError as error:
        raise InvalidError(Lack("text", str(error))) from error
    except WrongRulebookError as wrong:
        lacks = [Lack(path or "text", said) for path, said in wrong.said]
        raise InvalidError(*lacks) from wrong


def policy_of(draft: Draft) -> PolicySet:
    """The policy set a draft says, which was in order when it was made."""
    return reading.policy_set(yaml_files.parse(draft.text.encode(), "text"), "text")
