"""Settings are read once, strictly, and no secret of theirs is ever shown."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SHOW = "from infra import settings; print(repr(settings.load()))"


def shown(code: str = SHOW, **environment: str) -> subprocess.CompletedProcess[str]:
    """A process of its own, since the environment belongs to a whole process."""
    bare = {name: v for name, v in os.environ.items() if not name.startswith("LEDGER_")}
    return subprocess.run(
        [sys.executable, "-c", code],
        env=bare | environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_nested_names_are_read_and_secrets_are_not_shown() -> None:
    said = shown(
        LEDGER_DATABASE_URL="postgresql://ledger:hush-1@db/ledger",
        LEDGER_KAFKA__SASL_PASSWORD="hush-2",
        LEDGER_KAFKA__PARTITIONS="3",
        LEDGER_SITE="plant-7",
    )

    assert said.returncode == 0, said.stderr
    assert "partitions=3" in said.stdout
    assert "plant-7" in said.stdout
    assert "hush" not in said.stdout


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"LEDGER_DATABSE_URL": "x"}, "LEDGER_DATABSE_URL: no such setting"),
        ({"LEDGER_KAFKA__PORT": "hush"}, "LEDGER_KAFKA__PORT: no such setting"),
        ({"LEDGER_KAFKA": '{"partitions": 3}'}, "LEDGER_KAFKA: no such setting"),
        ({"LEDGER_PORT": "hush"}, "LEDGER_PORT: Input should be a valid integer"),
        ({"LEDGER_ZONE": "Mars/Hush"}, "LEDGER_ZONE: Value error, no IANA time zone"),
        ({"LEDGER_ZONE": "../hush"}, "LEDGER_ZONE: Value error, no IANA time zone"),
        ({"LEDGER_KAFKA__PARTITIONS": "0"}, "LEDGER_KAFKA__PARTITIONS: Input should be"),
        ({"LEDGER_LANGUAGE": "hush"}, "LEDGER_LANGUAGE: Input should be 'zh' or 'en'"),
    ],
)
def test_a_setting_that_is_unknown_or_unfit_stops_the_start_and_is_named(
    environment: dict[str, str], words: str
) -> None:
    said = shown(**environment)

    assert said.returncode == 1
    assert f"SettingsError: {words}" in said.stderr
    assert "hush" not in said.stderr


def test_what_is_for_tests_alone_is_passed_over() -> None:
    assert shown(LEDGER_TEST_DATABASE_URL="postgresql:///x").returncode == 0


def test_the_table_names_every_setting_and_its_default() -> None:
    said = shown("import runpy; runpy.run_module('infra.settings', run_name='__main__')")

    assert "| `LEDGER_PORT` | `8000` |" in said.stdout
    assert "| `LEDGER_KAFKA__TOPIC_PREFIX` | – |" in said.stdout
    assert all(line.count("|") == 4 for line in said.stdout.splitlines())
