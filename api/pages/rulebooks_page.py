"""The pages of regulations: what governs what, one version in words, two compared."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from api.pages.change_words import told
from api.pages.for_people import ForPeople
from api.pages.page import Page
from api.pages.publication_words import history, scope_in, waiting
from api.pages.rulebook_sections import sections
from api.pages.rulebook_words import Plain
from api.pages.values import Values
from api.parts import Parts, apart
from api.press import Press
from api.problems import DoorError
from domain.errors import Lack
from domain.rulebooks.policy import PolicyLine
from domain.rulebooks.publication import Publication, Published, Withdrawn
from domain.rulebooks.rulebook import Rulebook, Rules

router = APIRouter(prefix="/rulebooks", include_in_schema=False, route_class=ForPeople)


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a regulation, on the list."""

    book: Rulebook
    said: Published
    withdrawn: Withdrawn | None
    topics: tuple[str, ...]  # that it governs now


@router.get("")
async def every(request: Request) -> Response:
    """What is published, which of it governs what since when, and how it came to be."""
    page = await Page.open(request)
    page.parts.operator.has_to("read")
    policy = await apart(page.parts.opened.policies.look)
    books, sets = await apart(_published, page.parts)
    books.sort(key=lambda each: (len(each.name), each.name))
    return page.shows(
        "rulebooks.html",
        policy=policy.policy_set,
        scope=scope_in(page),
        versions=[
            one for each in books for one in _versions(page, each, policy.policy_set.lines)
        ],
        waiting=[one for each in (*books, *sets) for one in waiting(each)],
        history=[one for each in sets for one in history(each)],
    )


@router.get("/{old}/difference")
async def differing(
    old: str, request: Request, to: Annotated[str, Query(max_length=80)]
) -> Response:
    """Two versions side by side, clause by clause."""
    page = await Page.open(request)
    page.parts.operator.has_to("read")
    before, after = [await apart(_book, page.parts, name) for name in (old, to)]
    return page.shows(
        "rulebook_difference.html",
        old=before,
        new=after,
        lines=told(page, before, after),
    )


@router.get("/{name}")
async def one(name: str, request: Request) -> Response:
    """One version in plain words, with what is assumed and what is not stated."""
    page = await Page.open(request)
    page.parts.operator.has_to("read")
    book = await apart(_book, page.parts, name)
    books, _ = await apart(_published, page.parts)
    mine = [one for one in books if one.name == book.id]
    plain = Plain(book, Values(page.w, page.shown, Rules({})))
    others = [v for each in mine for v in each.published if v != book.version]
    return page.shows(
        "rulebook.html",
        book=book,
        title=plain.name(book.title),
        sections=sections(book, plain),
        others=sorted(others),
        withdrawn=next((each.withdrawn.get(book.version) for each in mine), None),
        history=[one for each in mine for one in history(each)],
    )


def _book(parts: Parts, name: str) -> Rulebook:
    try:
        return parts.ledger.rulebooks[name]
    except KeyError as error:
        fix = "name a rulebook and its version, as in S46@1"
        raise DoorError("not-found", Lack("name", fix)) from error


def _published(parts: Parts) -> tuple[list[Publication], list[Publication]]:
    press = Press(opened=parts.opened, reads=parts.reads, zone=parts.zone)
    return press.each("rulebook"), press.each("policy_set")


def _versions(
    page: Page, publication: Publication, lines: Sequence[PolicyLine]
) -> list[Version]:
    """Newest first, each with what it governs today."""
    today = page.now.date()
    found = []
    for version, said in sorted(publication.published.items(), reverse=True):
        name = f"{publication.name}@{version}"
        governed = {
            topic: None
            for line in lines
            if line.rulebook == name and line.active(today)
            for topic in line.topics
        }
        book = page.parts.ledger.rulebooks[name]
        found.append(
            Version(book, said, publication.withdrawn.get(version), tuple(governed))
        )
    return found
