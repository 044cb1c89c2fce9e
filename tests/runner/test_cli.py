"""`ledger …` beside a running ledger, and without one."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from consumers.home import Home
from infra.postgres.pool import role_dsn
from infra.settings import Settings
from projections import freshness, generations
from tests.runner.asking import asked
from tests.runner.processes import ROOT, Started, alive, environment, started
from tests.waiting import until

HEAD = (
    "Date received,Product,Issue,Company,State,Submitted via,Date sent to company,"
    "Company response to consumer,Consumer complaint narrative,Complaint ID\n"
)
ROWS = (
    "2026-03-02,Credit card,Billing,Bank A,TX,Web,2026-03-03,Closed,,1001\n"
    "2026-03-02,Mortgage,Delay,Bank B,CA,Phone,2026-03-04,In progress,,1002\n"
)
PATIENCE_S = 100  # each is quick; the machine may be busy
BAD = "31/31/2026,Loan,Delay,Bank C,NY,Web,,,,1003\n"


class Said:
    """One command, started at once; what it said is asked for later."""

    def __init__(self, folder: Path, *words: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "api.cli", *words],
            cwd=ROOT,
            env=environment(folder) | {"COLUMNS": "120"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def ended(self) -> tuple[int, str]:
        text, _ = self._process.communicate(timeout=PATIENCE_S)
        assert "Traceback" not in text
        assert '"crashed"' not in text
        return self._process.returncode, text


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Started]:
    folder = tmp_path_factory.mktemp("cli")
    with started(["consumers.standalone"], folder) as ledger:
        ledger.address()
        yield ledger
        ledger.signal(signal.SIGINT)
        assert ledger.ended() == 0
        assert alive(folder) == {}


def test_a_file_is_imported_into_a_running_ledger_and_its_bad_row_named(
    running: Started, tmp_path: Path
) -> None:
    file, refused = tmp_path / "rows.csv", tmp_path / "refused.csv"
    file.write_text(HEAD + ROWS + BAD, "utf-8")
    words = ("import", str(file), "--profile", "cfpb", "--refused", str(refused))
    rehearsed = Said(running.folder, *words, "--dry-run").ended()
    assert rehearsed[0] == 1
    assert "3 rows, 5 messages to send" in rehearsed[1]

    code, text = Said(running.folder, *words).ended()

    assert code == 1, "a row was refused"
    assert "5 accepted" in text
    assert "1 rows are refused" in text
    assert refused.read_text("utf-8").splitlines()[1].startswith("4,Date received,")
    assert "31/31" not in text, "what stood there is nobody's business"
    address = running.address()
    until(lambda: json.loads(asked(f"{address}/complaints")[1])["total"] == 2)


def test_it_says_how_the_ledger_is_and_mends_it_while_it_runs(running: Started) -> None:
    expected = {
        ("status",): (0, "projection  tracking"),
        ("rebuild", "tracking"): (0, "is read from now on"),
        ("fsck",): (0, "stages: as the ledger says"),
        ("fsck", "nothing"): (1, "no read model nothing"),
        ("verify",): (0, "Everything that is sealed is as it was signed."),
        ("key",): (0, "complaint-ledger/"),
        ("unpark",): (0, "Nothing is parked."),
        ("rollback", "stages"): (1, "no earlier tables"),
        ("dismiss", "7"): (1, "it is settled, or there is none"),
        ("restore-functions",): (0, "The functions are as our files say."),
    }
    all_at_once = {words: Said(running.folder, *words) for words in expected}
    for words, one in all_at_once.items():
        code, text = one.ended()
        assert (code, expected[words][1] in text) == (expected[words][0], True), text


def test_what_is_parked_goes_on_once_it_is_mended(running: Started, tmp_path: Path) -> None:
    """A rule of the database keeps events out: parked until the rule is gone."""
    dsn = Home(Settings(data_dir=running.folder)).running_dsn()
    with psycopg.connect(role_dsn(dsn, "ledger_projector"), autocommit=True) as conn:
        live = generations.live(conn, "stages")
        assert live is not None
        rule = f"ALTER TABLE {live.name}.stages {{}} CONSTRAINT no_more"
        conn.execute(rule.format("ADD").encode() + b" CHECK (false) NOT VALID")
        file = tmp_path / "more.csv"
        file.write_text(HEAD + ROWS.splitlines()[0].replace("1001", "2001") + "\n", "utf-8")
        assert (
            Said(running.folder, "import", str(file), "--profile", "cfpb").ended()[0] == 0
        )
        until(lambda: freshness.read(conn, "stages").parked == 1)

        code, text = Said(running.folder, "unpark").ended()
        assert (code, "is parked again" in text) == (1, True), text
        conn.execute(rule.format("DROP").encode())
        code, text = Said(running.folder, "unpark").ended()

        assert (code, "goes on" in text) == (0, True), text
        assert freshness.read(conn, "stages").parked == 0


def test_without_a_running_ledger_a_command_starts_the_database_for_itself(
    tmp_path: Path,
) -> None:
    code, text = Said(tmp_path, "status").ended()
    assert code == 1
    assert "start the ledger first" in text

    assert Said(tmp_path, "dead-letters").ended()[0] == 0
    assert alive(tmp_path) == {}


def test_a_regulation_is_asked_about_the_whole_store(
    running: Started, tmp_path: Path
) -> None:
    file = tmp_path / "found.csv"
    asked_one = Said(running.folder, "backtest", "S46@1", "--csv", str(file))
    unknown = Said(running.folder, "backtest", "S99@1")

    code, said = asked_one.ended()
    assert code == 0, said
    assert "S46@1" in said
    assert file.read_bytes().startswith(b'\xef\xbb\xbf"# rulebook: S46@1"')
    code, said = unknown.ended()
    assert (code, "no regulation S99@1 is published" in said) == (1, True)
