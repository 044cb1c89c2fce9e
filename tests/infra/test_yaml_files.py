"""A regulation's file means what it looks like, or is refused with its place."""

from datetime import date
from pathlib import Path

import pytest

from infra import yaml_files
from infra.yaml_files import YamlFileError


def test_plain_data_is_read_as_it_looks(tmp_path: Path) -> None:
    path = tmp_path / "S46.yaml"
    path.write_text(
        "id: S46\n"
        "version: 1\n"
        "title: {zh: 客户抱怨处理程序, en: complaint procedure}\n"
        "issued_on: null\n"
        "effective_on: 2024-03-01\n"
        "grounded: true\n"
        "limit: -5\n"
        'amount: "0.5"\n'
        'due: "23:59:59"\n'
        "clause: 5.1.1(A)\n"
        "roles: [market, no one, n]\n",
        encoding="utf-8",
    )

    assert yaml_files.read(path) == {
        "id": "S46",
        "version": 1,
        "title": {"zh": "客户抱怨处理程序", "en": "complaint procedure"},
        "issued_on": None,
        "effective_on": date(2024, 3, 1),
        "grounded": True,
        "limit": -5,
        "amount": "0.5",
        "due": "23:59:59",
        "clause": "5.1.1(A)",
        "roles": ["market", "no one", "n"],
    }


@pytest.mark.parametrize(
    "unclear",
    [
        *("0.5", "1e3", ".5", "1.", "-0.1", ".inf", ".NaN", "1_000.5"),
        *("16:20", "23:59:59", "1:2:3.5"),
        *("010", "0o10", "0x1F", "0b1", "+1", "1_000", "1,000"),
        *("yes", "no", "on", "off", "Yes", "NO", "On", "True", "FALSE", "Null"),
        *("2024-1-5", "2024-02-30", "2024-01-05T10:00:00Z", "2024-01-05 10:00:00"),
        "1234567890123456789",
    ],
)
def test_what_may_be_read_in_two_ways_is_refused_unless_quoted(unclear: str) -> None:
    with pytest.raises(YamlFileError) as refused:
        yaml_files.parse(f"head: 1\nlimit: {unclear}\n".encode(), "S46.yaml")

    assert (refused.value.line, refused.value.column) == (2, 8)
    quoted = f'limit: "{unclear}"\n'.encode()
    assert yaml_files.parse(quoted, "S46.yaml") == {"limit": unclear}


@pytest.mark.parametrize(
    ("raw", "line", "column", "words"),
    [
        (b"a: 1\nb: 2\na: 3\n", 3, 1, "a stands here twice"),
        (b"a: {zh: x, zh: y}\n", 1, 12, "zh stands here twice"),
        (b"a: &x [1]\nb: *x\n", 1, 4, "anchor"),
        (b"a: *x\n", 1, 4, "alias"),
        (b"a:\n  <<: {b: 1}\n", 2, 3, "merge"),
        (b"a: !!python/name:os.system x\n", 1, 4, "tag"),
        (b"a: !!str 5\n", 1, 4, "tag"),
        (b"on: 1\n", 1, 1, "on: write true"),
        (b"1: one\n", 1, 1, "a key is a word"),
        (b"? [a, b]\n: 1\n", 1, 3, "a key is a word"),
        (b"a: [1\n", 2, 1, "expected"),
        (b"a: 1\n---\nb: 2\n", 2, 1, "another document"),
        (b"- a\n", 1, 1, "not a mapping"),
        (b"", 1, 1, "not a mapping"),
        (b"a: b\nc: \xff\n", 2, 1, "not UTF-8"),
        (b"a: \x00\n", 1, 1, "not allowed"),
        (b'a: "\\ud800"\n', 1, 4, "half a character"),
        (b"a: " + b"[" * 31 + b"]" * 31, 1, 33, "nested deeper than 30"),
        (b"a: " + b"[" * 5000, 1, 33, "nested deeper than 30"),
        (b"a: " + b"x" * 1_000_000, 1, 1, "longer than"),
    ],
)
def test_what_hides_meaning_is_refused_with_its_place(
    raw: bytes, line: int, column: int, words: str
) -> None:
    with pytest.raises(YamlFileError, match=words) as refused:
        yaml_files.parse(raw, "S46.yaml")

    assert (refused.value.line, refused.value.column) == (line, column)
    assert str(refused.value).startswith(f"S46.yaml:{line}:{column}: ")


def test_a_file_of_the_longest_kind_is_not_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "long.yaml"
    with path.open("wb") as opened:
        opened.truncate(50 * yaml_files.BYTES_MAX)

    with pytest.raises(YamlFileError, match="longer than"):
        yaml_files.read(path)
