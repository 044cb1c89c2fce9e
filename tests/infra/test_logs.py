"""A log line is one line, is JSON, and never holds a complainant's words."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from infra.logs import BYTES_MAX

ROOT = Path(__file__).parents[2]
BEGIN = "from infra import logs; from infra.logs import log; logs.configure('INFO')\n"

LIBRARY = """
import logging
try:
    fail()
except Exception:
    logging.getLogger('uvicorn.error').exception('crashed')
"""


def logged(code: str) -> list[dict[str, Any]]:
    """What a process that runs `code` says: logging belongs to a whole process."""
    said = subprocess.run(
        [sys.executable, "-c", BEGIN + code],
        cwd=ROOT,
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert said.stdout == b""
    assert b"Planted" not in said.stderr
    return [json.loads(line) for line in said.stderr.decode().split("\n")[:-1]]


def test_a_line_says_when_how_grave_and_what() -> None:
    [line] = logged(
        "from uuid import UUID\n"
        "log.warning('parked', complaint_id=UUID(int=7), position=12,"
        " seconds=0.25, of=[1, 2])"
    )

    assert line.pop("at").endswith("+00:00")
    assert line == {
        "level": "warning",
        "action": "parked",
        "complaint_id": "00000000-0000-0000-0000-000000000007",
        "position": 12,
        "seconds": 0.25,
        "of": [1, 2],
    }


def test_what_is_less_grave_than_asked_for_is_left_out() -> None:
    assert logged("log.debug('chatter')") == []


@pytest.mark.parametrize(
    "key", ["name", "phone", "words", "body", "customer", "complainant"]
)
def test_only_keys_on_the_list_are_written(key: str) -> None:
    [line] = logged(f"log.info('received', {key}='Ann Planted', number='C-1')")

    assert line[key] == "[withheld]"
    assert line["number"] == "C-1"


def test_what_is_no_plain_value_is_named_by_its_type_alone() -> None:
    [line] = logged("log.info('x', reason={'name': 'Ann Planted'}, code=b'Planted')")

    assert (line["reason"], line["code"]) == ("[dict]", "[bytes]")


def test_a_value_breaks_no_line_commands_no_terminal_and_has_an_end() -> None:
    code = (
        r"hostile = 'a\nb\r\x00\x1b[31m\x7f\x85\u2028\u202e\u200b\ud800中'" + "\n"
        "log.info('x', reason=hostile, code='长' * 5000, field='{\"level\":\"error\"}')\n"
        "log.info('a\\nb')"
    )
    said = subprocess.run(
        [sys.executable, "-c", BEGIN + code],
        cwd=ROOT,
        capture_output=True,
        check=True,
        timeout=60,
    ).stderr.decode()

    first, second, rest = said.split("\n")
    assert rest == ""
    assert all(char.isprintable() for char in first + second)
    assert "中" in first  # readable, not escaped
    line = json.loads(first)
    assert line["reason"] == "a\nb\r\x00\x1b[31m\x7f\x85\u2028\u202e\u200b\ud800中"
    assert len(line["code"].encode()) <= BYTES_MAX + 3
    assert line["level"] == "info"


def test_libraries_go_the_same_way_and_quote_nothing() -> None:
    lines = logged(
        "import logging, warnings\n"
        "logging.getLogger('uvicorn.access').info('%s - \"%s %s HTTP/%s\" %d',"
        " '10.0.0.9:1', 'GET', '/complaints?q=Ann%20Planted', '1.1', 200)\n"
        "logging.getLogger('asyncio').error('Task exception\\nfuture: <Planted>')\n"
        "logging.getLogger('kafka.x').info('chatter about Planted')\n"
        "logging.getLogger('kafka.x').warning('broker away')\n"
        "logging.getLogger('uvicorn.error').log(25, 'odd level')\n"
        "warnings.warn('mind the gap')\n"
    )

    assert [line["action"] for line in lines] == [
        "request",
        "Task exception",
        "broker away",
        "odd level",
        "<string>:8: UserWarning: mind the gap",
    ]
    assert (lines[0]["path"], lines[0]["status"]) == ("/complaints", 200)
    assert "10.0.0.9" not in json.dumps(lines)


@pytest.mark.parametrize(
    ("failing", "error"),
    [
        ("int('Ann Planted')", "ValueError"),
        ("{}['Ann Planted']", "KeyError"),
        ("open('/no/Planted')", "builtins.FileNotFoundError: No such file or directory"),
        (
            "from pydantic import TypeAdapter; TypeAdapter(int).validate_python('Planted')",
            "pydantic_core._pydantic_core.ValidationError",
        ),
        (
            "from infra import yaml_files as y; raise y.YamlFileError('f', 1, 2, 'odd')",
            "infra.yaml_files.YamlFileError: f:1:2: odd",
        ),
        (
            "import psycopg; psycopg.connect('host=/no/where user=x')",
            "psycopg.OperationalError: connection is bad:",
        ),
    ],
)
def test_an_error_names_its_kind_and_place_but_not_what_it_failed_on(
    failing: str, error: str
) -> None:
    [line] = logged(f"def fail():\n    {failing}\nfail()")

    assert line["action"] == "crashed"
    assert line["error"].startswith(error)
    assert any(
        "<string>" in frame and frame.endswith(" fail") for frame in line["error_at"]
    )


@pytest.mark.parametrize(
    "way",
    [
        "try:\n    fail()\nexcept Exception:\n    log.exception('crashed')",
        LIBRARY,
        "import threading; threading.Thread(target=fail).start()",
    ],
)
def test_an_error_is_told_the_same_way_whoever_tells_it(way: str) -> None:
    code = "def fail():\n    raise KeyError('Ann Planted') from ValueError('Planted')\n"

    [line] = logged(code + way)

    assert (line["action"], line["error"], line["cause"]) == (
        "crashed",
        "KeyError",
        "ValueError",
    )


def test_a_database_error_shows_its_state_and_no_row(database: str) -> None:
    [line] = logged(
        f"import psycopg\n"
        f"with psycopg.connect({database!r}) as conn:\n"
        f"    conn.execute('CREATE TABLE t (n text CONSTRAINT known UNIQUE)')\n"
        f"    conn.execute(\"INSERT INTO t VALUES ('Planted')\")\n"
        f"    conn.execute(\"INSERT INTO t VALUES ('Planted')\")\n"
    )

    assert line["error"] == "psycopg.errors.UniqueViolation: 23505 known"
