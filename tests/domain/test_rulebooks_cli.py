"""A regulation's file at the command line: whole, wrong, or differing."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.cli import app
from consumers.opening import RULEBOOKS
from tests.domain.wrong_rulebooks import WRONG, Wrong

S46 = RULEBOOKS / "files" / "S46.yaml"


def ran(*words: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["rulebook", *map(str, words)])
    return result.exit_code, result.output


def test_a_whole_file_is_in_order() -> None:
    code, said = ran("validate", S46)
    assert code == 0
    assert "S46@1 is in order" in said
    assert "sha256 " in said


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_a_wrong_file_is_told_file_line_and_fix(tmp_path: Path, wrong: Wrong) -> None:
    file = tmp_path / "X.yaml"
    file.write_text(wrong.text)

    code, said = ran("validate", file)

    said = " ".join(said.split())
    assert code == 1
    assert f"X.yaml:{wrong.line}: " in said
    assert wrong.en in said
    assert wrong.mends in said


def test_what_is_no_yaml_is_told_the_place(tmp_path: Path) -> None:
    file = tmp_path / "X.yaml"
    file.write_text(S46.read_text().replace("schema: 1", "schema: ["))
    code, said = ran("validate", file)
    assert (code, "X.yaml:" in said) == (1, True)


def test_two_versions_are_told_apart(tmp_path: Path) -> None:
    other = tmp_path / "X.yaml"
    other.write_text(S46.read_text().replace("clean_run: 3", "clean_run: 4"))

    assert ran("diff", S46, S46) == (0, "They say the same.\n")
    code, said = ran("diff", S46, other)
    assert (code, said.split(":")[0]) == (0, "5.2.3 B")


def test_the_page_goes_to_the_terminal() -> None:
    code, said = ran("page")
    assert code == 0
    assert without_tests(said) == without_tests(Path("docs/rulebooks.md").read_text())


def without_tests(page: str) -> list[str]:
    """The page but for its last column, which grows with every test."""
    return [line.rpartition(" | ")[0] or line for line in page.splitlines()]
