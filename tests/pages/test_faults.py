"""Faults in words: whatever can be wrong with a text is said in both languages."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.pages.words import LANGS, Lang, word_list

ROOT = Path(__file__).parents[2]
READERS = (
    *sorted((ROOT / "domain" / "rulebooks").glob("*.py")),
    ROOT / "domain" / "calendar.py",
    ROOT / "infra" / "yaml_files.py",
)
# Which arguments of which call are sentences.
SAYS = {"Fault": (1, 2), "ValueError": (0,), "_at": (1,), "YamlFileError": (3,)}
NAMES = {"fix", "problem", "others"}
HOLE = "7"
ELSEWHERE = {"approving.py", "rulebook.py", "reading.py"}  # refusals, in another test

each_language = pytest.mark.parametrize("lang", LANGS)


def sentences() -> Iterator[tuple[str, str]]:
    """Every sentence a reader of files says, and where."""
    for path in READERS:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            for said in _said(node, path):
                yield path.name, said


def _said(node: ast.AST, path: Path) -> Iterator[str]:
    if isinstance(node, ast.Call):
        name = ast.unparse(node.func)
        for nth in SAYS.get(name, ()):
            if len(node.args) > nth:
                yield from _texts(node.args[nth])
    if (
        isinstance(node, ast.Assign)
        and path.name not in ELSEWHERE
        and ast.unparse(node.targets[0]) in NAMES
    ):
        yield from _texts(node.value)


def _texts(value: ast.expr) -> Iterator[str]:
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        yield value.value
    elif isinstance(value, ast.JoinedStr):
        yield "".join(
            str(part.value) if isinstance(part, ast.Constant) else HOLE
            for part in value.values
        )
    elif isinstance(value, ast.IfExp):
        yield from _texts(value.body)
        yield from _texts(value.orelse)


@each_language
def test_every_fault_is_on_the_list(lang: Lang) -> None:
    w = word_list(lang)
    found = [(at, said) for at, said in sentences() if re.sub(r"[7\s]", "", said)]

    assert len(found) > 90
    assert [(at, said) for at, said in found if not told(w.tells, said)] == []


def told(tells: object, said: str) -> bool:
    """Whole, or its two halves: what is wrong, and after a colon what mends it."""
    assert callable(tells)
    problem, colon, fix = said.partition(": ")
    return bool(tells(said) or (colon and tells(problem) and tells(fix)))


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("there is no fact injry", "没有事实 injry"),
        ("there is no value of grade X", "等级 没有值 X"),
        ("injury is a flag", "injury 是“是或否”类"),
        ("Input should be greater than or equal to 1", "不能小于 1"),
        ("nobody wrote this down", "nobody wrote this down"),
    ],
)
def test_a_fault_is_said_in_the_language_of_the_page(said: str, shown: str) -> None:
    assert word_list("zh").fault(said) == shown
