"""What differs between two versions of a regulation, its conditions read aloud."""

from collections.abc import Mapping
from dataclasses import replace

from api.pages.page import Page
from api.pages.rulebook_words import Plain
from api.pages.values import Values
from domain.rulebooks.difference import Change, changes
from domain.rulebooks.predicates import Predicate
from domain.rulebooks.rulebook import Rulebook, Rules, predicates

HEAD = "head"


def told(page: Page, old: Rulebook, new: Rulebook) -> list[Change]:
    """Each change; where it lies within a condition, the whole condition in words."""
    before, now = _Aloud(page, old), _Aloud(page, new)
    found: dict[str, Change] = {}
    for change in changes(old, new):
        one = change
        if change.clause == HEAD:
            one = replace(one, clause=str(page.w("rulebook.head")))
        path = before.within(change.path) or now.within(change.path)
        if path:
            one = replace(one, path=path, old=before.said(path), new=now.said(path))
        found[one.path] = one
    return list(found.values())


class _Aloud:
    """The conditions of one version, each by its place."""

    def __init__(self, page: Page, book: Rulebook) -> None:
        self._plain = Plain(book, Values(page.w, page.shown, Rules({})))
        self._known: Mapping[str, Predicate] = dict(predicates(book))

    def within(self, path: str) -> str | None:
        """The condition that a place lies in."""
        steps = path.split(".")
        while steps:
            if (place := ".".join(steps)) in self._known:
                return place
            steps.pop()
        return None

    def said(self, path: str) -> str | None:
        """The condition in words; none where there is none."""
        known = self._known.get(path)
        return self._plain.when(known) if known else None
