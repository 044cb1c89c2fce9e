"""The embedded server starts in any folder, by any user, with the programs that fit."""

import os
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from infra.postgres import binaries
from infra.postgres.binaries import PostgresUnavailableError
from infra.postgres.launcher import EmbeddedPostgres
from tests.infra.embedded import ROOT, ask


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "postgres"


def wheel() -> Path:
    return binaries.find(None, None).parents[1]


@pytest.mark.parametrize("name", ["deep" * 25, "a,b", 'a"b', "with space", "数据"])
def test_a_home_of_any_name_can_be_reached(tmp_path: Path, name: str) -> None:
    home = tmp_path / name / "postgres"

    with EmbeddedPostgres(home, durable=False) as postgres:
        assert ask(postgres.dsn(), "SELECT 1") == 1
        folder = str(psycopg.conninfo.conninfo_to_dict(postgres.dsn())["host"])
        assert stat.S_IMODE(Path(folder).stat().st_mode) == 0o700
    if folder != str(home):
        shutil.rmtree(folder)


def test_data_is_opened_by_the_version_that_made_it(home: Path) -> None:
    older = min(wheel().glob("pginstall*/bin"), key=lambda folder: len(folder.parent.name))
    with EmbeddedPostgres(home, pg_bin=older, durable=False) as postgres:
        made_by = ask(postgres.dsn(), "SHOW server_version")

    with EmbeddedPostgres(home, durable=False) as postgres:
        assert ask(postgres.dsn(), "SHOW server_version") == made_by

    (home / "data" / "PG_VERSION").write_text("9\n")
    with pytest.raises(PostgresUnavailableError, match="PostgreSQL 9, which made the data"):
        EmbeddedPostgres(home).start()


def test_programs_that_are_not_there_are_named(home: Path, tmp_path: Path) -> None:
    with pytest.raises(PostgresUnavailableError, match=r"LEDGER_PG_BIN .*nowhere"):
        EmbeddedPostgres(home, pg_bin=tmp_path / "nowhere").start()

    with EmbeddedPostgres(home, durable=False):  # and nothing is held after the refusal
        pass


@pytest.fixture
def open_to_all() -> Iterator[Path]:
    """A folder that everybody may enter, with PostgreSQL's programs in it."""
    made = Path(tempfile.mkdtemp(prefix="ledger-test-"))
    made.chmod(0o755)
    for folder in (wheel(), wheel().with_suffix(".libs")):
        shutil.copytree(folder, made / folder.name)
    yield made
    shutil.rmtree(made)


WITHOUT = """
import sys
from pathlib import Path
from infra.postgres.launcher import EmbeddedPostgres
with EmbeddedPostgres(Path(sys.argv[1]), pg_bin=Path(sys.argv[2])) as postgres:
    print((Path(sys.argv[1]) / "data").stat().st_uid)
"""


def test_where_namespaces_are_forbidden_root_becomes_somebody_else(
    open_to_all: Path,
) -> None:
    """Forbidden: here by a PATH without `unshare`. Not root: nothing is put before."""
    tools = open_to_all / "tools"
    tools.mkdir()
    for name in ("setpriv", "sh", "test"):
        (tools / name).symlink_to(str(shutil.which(name)))
    programs = open_to_all / binaries.find(None, None).relative_to(wheel().parent)
    words = [sys.executable, "-c", WITHOUT, str(open_to_all / "home"), str(programs)]

    # Data of the one is taken over by the other, in both directions.
    for path, owner in ((tools, 65534), (None, 0), (tools, 65534)):
        environment = os.environ | ({"PATH": str(path)} if path else {})
        said = subprocess.run(
            words, env=environment, cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert said.returncode == 0, said.stderr
        assert int(said.stdout) == (owner if os.geteuid() == 0 else os.geteuid())
