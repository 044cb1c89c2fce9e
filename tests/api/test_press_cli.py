"""Publishing at the terminal: two operators, one after the other."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from api.cli import app

S46 = Path("domain/rulebooks/files/S46.yaml").read_text()
SET = Path("domain/rulebooks/policy_sets/plant.yaml").read_text()


class Terminal:
    """A ledger that is asked by one operator or the other."""

    def __init__(self, database: str, folder: Path) -> None:
        self._env = {"LEDGER_DATABASE_URL": database, "LEDGER_DATA_DIR": str(folder)}

    def said(
        self, operator: str, *words: str | Path, role: str = "quality_manager"
    ) -> Result:
        who = {"LEDGER_OPERATOR_ID": operator, "LEDGER_OPERATOR_ROLE": role}
        return CliRunner().invoke(app, [*map(str, words)], env=self._env | who)


@pytest.fixture
def terminal(database: str, tmp_path: Path) -> Terminal:
    return Terminal(database, tmp_path / "home")


def test_one_puts_it_forward_and_another_publishes_it(
    terminal: Terminal, tmp_path: Path
) -> None:
    book, policy = tmp_path / "S46.yaml", tmp_path / "plant.yaml"
    book.write_text(S46.replace("version: 1", "version: 2", 1))
    policy.write_text(SET.replace("version: 1", "version: 2").replace("S46@1", "S46@2"))
    publish = ("rulebook", "publish", book, "--effective-on", "2099-01-01")

    put = terminal.said("p-li", *publish)
    assert "Somebody else: ledger rulebook approve S46@2" in put.output.replace("\n", " ")
    alone = terminal.said("p-li", "rulebook", "approve", "S46@2")
    done = terminal.said("p-wang", "rulebook", "approve", "S46@2")
    terminal.said("p-li", "policy-set", "publish", policy)
    second = terminal.said("p-wang", "policy-set", "approve", "plant@2")

    assert alone.exit_code == 1
    assert "S46@2 is published." in done.output
    assert "plant@2 is published." in second.output
    gone = ("rulebook", "withdraw", "S40@1", "--last-day", "2099-12-31", "--reason", "old")
    assert "nothing new after 2099-12-31" in terminal.said("p-li", *gone).output
    unwanted = ("rulebook", "reject", "S46@2", "--reason", "it is published")
    assert terminal.said("p-li", *unwanted).exit_code == 1
    refused = terminal.said("p-x", *publish, role="quality_engineer")
    assert "publishes nothing" in refused.output
