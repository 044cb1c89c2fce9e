"""A text before anybody relies on it: its faults in words, or what it would change."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from api import drafts
from api.back_testing import asked_of
from api.back_tests import Run
from api.pages.back_test import graded
from api.pages.change_words import told
from api.pages.choices import named
from api.pages.page import Page
from api.pages.words import WordList
from api.parts import apart
from api.press import Press
from domain.errors import BusyError
from domain.rulebooks.difference import Change
from domain.rulebooks.policy import PolicyLine, PolicySet
from domain.rulebooks.publication import Kind
from domain.rulebooks.reading import WrongRulebookError
from domain.rulebooks.rulebook import Rulebook
from infra.yaml_files import YamlFileError


@dataclass(frozen=True, slots=True)
class FaultRow:
    """One thing that is wrong: the line as it stands, where, what, and what mends it."""

    line: int | None
    stands: str
    path: str
    problem: str
    fix: str


class FaultyError(Exception):
    """The text cannot be published as it is."""

    def __init__(self, rows: Sequence[FaultRow]) -> None:
        super().__init__("the text has faults")
        self.rows = rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """A text that is in order, beside the version that is in force."""

    id: str
    name: str
    title: str
    sha256: str
    states_day: bool  # the text itself says from which day it is in force
    since: str | None = None  # the version it is compared with
    changes: Sequence[Change] = ()
    gone: Sequence[PolicyLine] = ()
    come: Sequence[PolicyLine] = ()
    grades: Sequence[tuple[str, int, int]] = ()  # how many would be graded so, before, now
    assumed: int = 0
    gaps: int = 0
    run: Run | None = None
    before: Run | None = None  # the same question to the version in force
    busy: bool = False  # another back-test is under way

    @property
    def waits(self) -> bool:
        """Whether its back-test has more to say later."""
        runs = [self.run, self.before] if self.since else [self.run]
        return self.busy or any(run is None or run.state == "running" for run in runs)


@dataclass(slots=True)
class Looking:
    """Reads texts of a kind for one page."""

    page: Page
    press: Press

    async def at(self, kind: Kind, text: str) -> Looked:
        """What it says; *FaultyError* with every fault when it cannot be read so."""
        w = self.page.w
        try:
            if kind == "rulebook":
                return await self._rulebook(drafts.read_rulebook(text))
            books = await apart(self.press.books)
            return await self._policy_set(drafts.read_policy_set(text, books), text)
        except YamlFileError as error:
            raise FaultyError([_unread(w, text, error)]) from error
        except WrongRulebookError as wrong:
            rows = [
                FaultRow(
                    line,
                    _line(text, line),
                    one.path,
                    w.fault(one.problem),
                    w.fault(one.fix),
                )
                for line, one in wrong.faults
            ]
            raise FaultyError(rows) from wrong

    async def _rulebook(self, book: Rulebook) -> Looked:
        every = await apart(self.press.each, "rulebook")
        newest = max((one.newest for one in every if one.name == book.id), default=0)
        rulebooks = self.page.parts.ledger.rulebooks
        old = await apart(rulebooks.__getitem__, f"{book.id}@{newest}") if newest else None
        run, before, busy = await self._asked(book, old)
        return Looked(
            id=book.id,
            name=book.name,
            title=named(book.title, self.page.lang),
            sha256=book.sha256,
            states_day=book.effective_on is not None,
            since=old.name if old else None,
            changes=told(self.page, old, book) if old else (),
            grades=_graded(book, run, before, self.page),
            assumed=len(book.assumed),
            gaps=len(book.gaps),
            run=run,
            before=before,
            busy=busy,
        )

    async def _asked(
        self, book: Rulebook, old: Rulebook | None
    ) -> tuple[Run | None, Run | None, bool]:
        """The back-test of a text, then that of the version in force, one at a time."""
        parts = self.page.parts
        try:
            run = await asked_of(parts, book)
            if old is None or run.state == "running":
                return run, None, False
            return run, await asked_of(parts, old), False
        except BusyError:
            return parts.back_tests.of(book), None, True

    async def _policy_set(self, made: PolicySet, text: str) -> Looked:
        now = (await apart(self.page.parts.opened.policies.look)).policy_set
        return Looked(
            id=made.id,
            name=made.name,
            title=named(made.title, self.page.lang),
            sha256=drafts.sha256_of(text),
            states_day=True,
            since=now.name,
            gone=[line for line in now.lines if line not in made.lines],
            come=[line for line in made.lines if line not in now.lines],
        )


def _graded(
    book: Rulebook, run: Run | None, before: Run | None, page: Page
) -> list[tuple[str, int, int]]:
    """How many complaints would be given each grade, under the old version and the new."""
    if run is None or not book.grading:
        return []
    counts = []
    for one in (before, run):
        found: Counter[str | None] = Counter()
        for (_, would_be), n in one.summary.grades.items() if one else ():
            found[would_be] += n
        counts.append(found)
    codes = dict.fromkeys([*counts[0], *counts[1]])
    return [
        (graded(code, book, page), counts[0][code], counts[1][code])
        for code in sorted(codes, key=lambda code: (code is None, code or ""))
    ]


def _line(text: str, line: int | None) -> str:
    """The line as it stands in the text."""
    lines = text.splitlines()
    return lines[line - 1].strip() if line and line <= len(lines) else ""


def _unread(w: WordList, text: str, error: YamlFileError) -> FaultRow:
    """A place where the text stops being one that can be read."""
    problem, _, fix = error.problem.partition(": ")
    if w.tells(error.problem):
        problem, fix = error.problem, ""
    said = w.fault(problem)
    if not w.tells(problem):  # the words of the reader of YAML
        said = f"{w.fault('not YAML')} ({problem})"
    fix = w.fault(fix or "look at this line and the one above")
    return FaultRow(error.line, _line(text, error.line), "", said, fix)
