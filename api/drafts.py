"""Drafts: a regulation or policy set as somebody sends it, read to the last name."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import Any

from domain.errors import InvalidError, Lack
from domain.rulebooks import reading
from domain.rulebooks.policy import PolicySet
from domain.rulebooks.publication import Draft
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
    book: Rulebook = _read(text.encode(), reading.published)
    return book


def policy_draft(
    text: str, books: Mapping[str, Rulebook], *, retroactive: str | None = None
) -> tuple[Draft, PolicySet]:
    """A policy set as somebody sends it, held to the rulebooks that are published."""
    raw = text.encode()

    def made(_raw: bytes, data: Any, file: str, lines: Any) -> PolicySet:  # noqa: ANN401
        return reading.policy_set(data, file, lines, beside=books)

    policy: PolicySet = _read(raw, made)
    draft = Draft(
        kind="policy_set",
        id=policy.id,
        version=policy.version,
        text=text,
        sha256=reading.sha256(raw),
        retroactive=retroactive,
    )
    return draft, policy


def _read(raw: bytes, make: Callable[..., Any]) -> Any:  # noqa: ANN401  # what *make* makes
    try:
        data = yaml_files.parse(raw, "text")
        file = f"{data.get('id', 'text')}.yaml"
        return make(raw, data, file, partial(yaml_files.lines, raw))
    except yaml_files.YamlFileError as error:
        raise InvalidError(Lack("text", str(error))) from error
    except WrongRulebookError as wrong:
        lacks = [Lack(path or "text", said) for path, said in wrong.said]
        raise InvalidError(*lacks) from wrong


def policy_of(draft: Draft) -> PolicySet:
    """The policy set a draft says, which was in order when it was made."""
    return reading.policy_set(yaml_files.parse(draft.text.encode(), "text"), "text")
