"""Refusals in words: every sentence that can refuse somebody is on both word lists."""

import ast
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from api.complaints import as_of
from api.pages import as_of_bar, typed
from api.pages.fields import fields_of
from api.pages.words import LANGS, Lang, WordList, word_list
from domain.complaint.reception import Reception
from domain.deeds import DEEDS
from domain.errors import InvalidError
from domain.json_text import validated

ROOT = Path(__file__).parents[2]
ROOMS = ("domain", "projections", "consumers", "api")
SHAPES: tuple[type[BaseModel], ...] = (Reception, *(deed.shape for deed in DEEDS.values()))
HOLE = "7"  # stands for whatever differs in a sentence

each_language = pytest.mark.parametrize("lang", LANGS)


# Where a refusal says its sentence: which argument of which call, or the name `fix`.
SAYS = {"Lack": 1, "UnfitError": 0, "MalformedError": 2, "TableError": 0}


def sentences() -> Iterator[tuple[str, str]]:
    """What each refusal in the code says, and where."""
    for path in (path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            said = _sentence(node)
            if said is not None and isinstance(node, ast.expr | ast.stmt):
                yield f"{path.relative_to(ROOT)}:{node.lineno}", said


def _sentence(node: ast.AST) -> str | None:
    match node:
        case ast.Call(func=ast.Name(id=name), args=args) if name in SAYS:
            return _text(args[SAYS[name]]) if len(args) > SAYS[name] else None
        case ast.Assign(targets=[ast.Name(id="fix")], value=value):
            return _text(value)
        case _:
            return None


def _text(value: ast.expr) -> str | None:
    match value:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=values):
            return "".join(
                str(part.value) if isinstance(part, ast.Constant) else HOLE
                for part in values
            )
        case _:
            return None


# Told to programs only, or to whoever writes a regulation: no page shows these.
ELSEWHERE = (
    "api/asked.py",
    "api/cli",
    "api/complaints/counts.py",
    "api/complaints/query.py",
    "api/records_read.py",
    "api/input_limits.py",
    "domain/rulebooks/fact_names.py",
    "domain/rulebooks/policy.py",
    "domain/rulebooks/ranges.py",
)


@each_language
def test_every_sentence_of_a_refusal_is_on_the_list(lang: Lang) -> None:
    w = word_list(lang)
    found = [(at, said) for at, said in sentences() if not at.startswith(ELSEWHERE)]

    assert len(found) > 100
    assert [(at, said) for at, said in found if not spoken(w, said)] == []


def spoken(w: WordList, said: str) -> bool:
    """Whether it is on the list; what stands before a colon is a place, as in `file: …`."""
    _, colon, tail = said.partition(": ")
    return w.speaks(said) or said == HOLE or bool(colon and spoken(w, tail))


@each_language
def test_what_cannot_be_read_in_a_form_is_said_in_words(lang: Lang) -> None:
    w = word_list(lang)
    said = [typed.NO_NUMBER, typed.NO_DAY, typed.NO_MOMENT, typed.AHEAD, typed.NO_AMOUNT]
    said += [as_of.NO_POINT, as_of_bar.NO_POINT]

    assert [one for one in said if not w.speaks(one)] == []


WRONG: tuple[Any, ...] = (
    None,
    "",
    "x" * 20_000,
    "a\nb",
    "\u0001",
    "e" + "\u0301" * 40,
    "no such thing",
    -1,
    10**17,
    1.5,
    True,
    [],
    ["x"] * 200,
    {},
    {"minor": -1, "currency": "?"},
    "2026-13-41",
    "2026-03-03T09:00:00",
    "2026-03-03T09:00:00.5Z",
)


def faults_found(shape: type[BaseModel]) -> set[str]:
    """What the shape says of every wrong value in every place."""
    fields = fields_of(shape.model_json_schema())
    bodies: list[dict[str, Any]] = [{f.name: wrong} for f in fields for wrong in WRONG]
    for field in fields:
        inside = [{part.name: wrong} for part in field.parts for wrong in WRONG]
        bodies += [{field.name: [one] if field.kind == "rows" else one} for one in inside]
    found: set[str] = set()
    for body in bodies:
        try:
            validated(shape, json.dumps(body).encode())
        except InvalidError as refused:
            found |= {lack.fix for lack in refused.lacks}
    return found


@each_language
@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
def test_whatever_is_wrong_with_a_form_is_said_in_words(
    lang: Lang, shape: type[BaseModel]
) -> None:
    w = word_list(lang)

    assert [said for said in faults_found(shape) if not w.speaks(said)] == []


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("choose one of A, B", "从这些里选：A, B"),
        ("ask one of: quality_manager, administrator", "请找：质量经理, 管理员"),
        ("quantity: Input should be less than or equal to 5", "quantity: 不能大于 5"),
        ("something nobody wrote down", "something nobody wrote down"),
    ],
)
def test_a_refusal_is_said_in_the_language_of_the_page(said: str, shown: str) -> None:
    assert word_list("zh").sentence(said) == shown
