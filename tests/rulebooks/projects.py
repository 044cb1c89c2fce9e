"""A story of a project: hold points checked and reports filed under one regulation."""

from uuid import UUID

from domain.kinds import PROJECT
from domain.project import ReportFiled
from domain.record import Opening, Record
from domain.rulebooks.rulebook import Rulebook, Rules
from tests.builders import LI, TUESDAY
from tests.rulebooks.story import lines, tell


def begun() -> Record:
    """A project that was taken on, and who is responsible for it."""
    opening = Opening(number="X-1", site="plant-1", zone="Asia/Shanghai", rulebooks={})
    said = {"name": "桂花园三期", "responsible": "p-li"}
    body = PROJECT.begins.shape.model_validate(said)
    return PROJECT.begins.begun(body, opening, who=LI, at=TUESDAY, stream_id=UUID(int=3))


def project(book: Rulebook, text: str) -> str:
    """The last line: recorded, with the day it was due if there is one; or refused."""
    made, rules = begun(), Rules({"projects": book})
    refused: tuple[str, ...] = ()
    for line in lines(text):
        assert not refused, f"{refused} of an earlier line"
        refused = tell(PROJECT.deeds, made, rules, line)
    if refused:
        return f"refused: {' '.join(refused)}"
    last = made.news[-1]
    due = last.due if isinstance(last, ReportFiled) else None
    return f"due {due}" if due else "recorded"
