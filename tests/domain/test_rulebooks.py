"""The rulebook files: all of them load, whole and fast; each says what its source says."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from consumers.opening import RULEBOOKS, policy, regulation, rulebooks
from domain.rulebooks.gates import Reference
from domain.rulebooks.reading import published
from domain.rulebooks.rulebook import Rulebook, parts
from domain.rulebooks.strict import Words
from infra import yaml_files

FILES = sorted((RULEBOOKS / "files").glob("*.yaml"))
BOOKS = {path.stem: regulation(path) for path in FILES}


@pytest.fixture(params=FILES, ids=lambda path: path.stem)
def file(request: pytest.FixtureRequest) -> Path:
    path: Path = request.param
    return path


def words(part: object) -> Iterator[Words]:
    if isinstance(part, Words):
        yield part
    else:
        for _, inner in parts(part):
            yield from words(inner)


def test_the_policy_set_names_rulebooks_that_are_there() -> None:
    for line in policy().policy_set.lines:
        assert rulebooks()[line.rulebook].name == line.rulebook


def test_a_file_is_called_as_its_regulation(file: Path) -> None:
    assert BOOKS[file.stem].id == file.stem


def test_the_hash_is_of_the_bytes_as_they_stand(file: Path) -> None:
    raw = file.read_bytes()
    assert BOOKS[file.stem].sha256 == hashlib.sha256(raw).hexdigest()
    other = raw + b"# another comment\n"
    assert (
        regulation_of(other, file).sha256 != BOOKS[file.stem].sha256
    )  # another publication


def regulation_of(raw: bytes, file: Path) -> Rulebook:
    return published(raw, yaml_files.parse(raw, file.name), file.name)


def test_everything_is_said_in_both_languages(file: Path) -> None:
    said = list(words(BOOKS[file.stem]))
    assert said
    for word in said:
        assert any("\u4e00" <= char <= "\u9fff" for char in word.zh), word
        assert not any("\u4e00" <= char <= "\u9fff" for char in word.en), word


def test_what_the_source_leaves_open_is_said(file: Path) -> None:
    """No source states how long papers are kept, nor all of its limits."""
    book = BOOKS[file.stem]
    assert book.gaps
    assert all(keeping.retention_years is None for keeping in book.archive)


def references(part: object) -> Iterator[Reference]:
    if isinstance(part, Reference):
        yield part
    else:
        for _, inner in parts(part):
            yield from references(inner)
