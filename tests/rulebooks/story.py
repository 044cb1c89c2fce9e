"""A story in lines: what was said of a complaint, when and by whom, as people write it.

A line is a day, perhaps a time, the word of what is said, and its fields, each
`name=value` without a space (a value is JSON where it can be, else a text):

    2025-03-14 12:00 received items=[{"batch":"B1"}]
    2025-03-17 09:00 signed as=quality_control decision=customer_reply meaning=proposed

`as` is the role somebody speaks in, `by` who they are where that matters.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from domain.complaint import deadlines
from domain.complaint.reception import Reception
from domain.deadline import Deadline
from domain.deeds import DEEDS, Deed
from domain.errors import RefusedError
from domain.event import Stream, Who
from domain.rulebooks.rulebook import Rulebook, Rules
from tests.domain.calendars import CALENDARS
from tests.domain.flow import Flow, instant

LINE = re.compile(r"(\d{4}-\d\d-\d\d(?: \d\d:\d\d(?::\d\d)?)?) (\w+)((?: \w+=\S+)*)")


class Line(NamedTuple):
    """What somebody says at an instant."""

    day: str
    word: str
    who: Who
    said: dict[str, Any]


def lines(text: str) -> Iterator[Line]:
    """Each line of a story."""
    for line in filter(None, map(str.strip, text.splitlines())):
        found = LINE.fullmatch(line)
        assert found, f"no line of a story: {line}"
        said = dict(one.split("=", 1) for one in found[3].split())
        role = said.pop("as", "quality_engineer")
        who = Who(by=said.pop("by", f"p-{role.replace('_', '-')}"), role=role, source="web")
        yield Line(found[1], found[2], who, {n: _value(v) for n, v in said.items()})


def _value(text: str) -> Any:
    """What a field takes: a number, a list, a text."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def tell(
    deeds: Mapping[str, Deed], stream: Stream, rules: Rules, line: Line
) -> tuple[str, ...]:
    """Say it. What the refusal names, if it is refused: then nothing may be recorded."""
    deed = deeds[line.word]
    said = line.said | ({"role": line.who.role} if line.word == "signed" else {})
    body = deed.shape.model_validate_json(json.dumps(said))
    decide = deed.said(body, who=line.who, at=instant(line.day), ids={})
    before = len(stream.news)
    try:
        decide(stream, rules)
    except RefusedError as refused:
        assert len(stream.news) == before, "a refusal records nothing"
        return tuple(dict.fromkeys(lack.field for lack in refused.lacks))
    return ()


class Story:
    """A complaint under one regulation, of which this was said; the last may be refused.

    Without a line `received` it is received at the instant of the first line.
    """

    def __init__(self, book: Rulebook, text: str) -> None:
        first, *rest = told = list(lines(text))
        if first.word != "received":
            first, rest = Line(first.day, "received", first.who, {}), told
        said = {"items": [{}]} | first.said
        reception = Reception.model_validate_json(json.dumps(said))
        self.book = book
        self.flow = Flow(book, first.day, **dict(reception))
        self.refused: tuple[str, ...] = ()
        self.now = instant(first.day)
        self._follow()
        for line in rest:
            assert not self.refused, f"{self.refused} of an earlier line"
            self._tell(line)

    def _tell(self, line: Line) -> None:
        self.now = instant(line.day)
        self.refused = tell(DEEDS, self.flow.complaint, self.flow.rules, line)
        self._follow()

    def _follow(self) -> None:
        deadlines.follow(self.flow.complaint, self.flow.rules, CALENDARS)

    def due(self, clock: str) -> str:
        """Each run of a clock: when it is due, and in time or late."""
        runs = sorted(self.flow.complaint.deadlines.values(), key=lambda one: one.cycle)
        return "; ".join(_told(one) for one in runs if one.clock == clock)


def _told(one: Deadline) -> str:
    if one.due_at is not None:
        return f"{one.due_at:%Y-%m-%d %H:%M:%S} {one.verdict}"
    done = f", done {one.stopped_at:%Y-%m-%d}" if one.stopped_at else ""
    return f"{one.verdict}{done}"
