"""`ledger rulebook …`: read a regulation's file before anybody relies on it."""

from pathlib import Path
from typing import Annotated

import typer

import domain.rulebooks
from api.terminal import fail, out
from domain.rulebooks.catalog import Catalog
from domain.rulebooks.catalog_reading import read_catalog
from domain.rulebooks.difference import difference
from domain.rulebooks.page import Omissions, page
from domain.rulebooks.reading import WrongRulebookError, published
from domain.rulebooks.rulebook import Rulebook
from infra import yaml_files

HERE = Path(domain.rulebooks.__file__).parent

rulebook = typer.Typer(help="Regulations as files.", no_args_is_help=True)
File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, metavar="FILE")]


@rulebook.command()
def validate(file: File) -> None:
    """Say all that is wrong with a file, each with its line and what mends it."""
    book = _read(file)
    out.print(f"{book.name} is in order: {book.title.en} / {book.title.zh}", markup=False)
    out.print(f"sha256 {book.sha256}")
    out.print(f"{len(book.assumed)} values assumed, {len(book.gaps)} gaps of the source")


@rulebook.command()
def diff(old: File, new: File) -> None:
    """Say what differs between two versions, clause by clause."""
    for line in difference(_read(old), _read(new)) or ["They say the same."]:
        out.print(line, markup=False, soft_wrap=True)


@rulebook.command("page")
def write_page() -> None:
    """Print the page that shows for every clause where it is."""
    typer.echo(_page(), nl=False)


def _page() -> str:
    books = [_read(file) for file in sorted((HERE / "files").glob("*.yaml"))]
    raw = (HERE / "not_carried.yaml").read_bytes()
    data = yaml_files.parse(raw, "not_carried.yaml")
    omissions = Omissions.model_validate(data, strict=False)
    return page(books, _catalogs(), omissions, _tests())


def _catalogs() -> list[Catalog]:
    files = sorted((HERE / "catalogs").glob("*.yaml"))
    return [
        read_catalog(file.read_bytes(), yaml_files.read(file), file.name) for file in files
    ]


def _tests() -> dict[str, str]:
    """The tests beside us, where the program runs from its sources."""
    files = sorted(Path("tests").rglob("test_*.py"))
    return {str(file.relative_to("tests")): file.read_text("utf-8") for file in files}


def _read(file: Path) -> Rulebook:
    raw = file.read_bytes()
    try:
        data = yaml_files.parse(raw, file.name)
        return published(raw, data, file.name, lambda: yaml_files.lines(raw))
    except (yaml_files.YamlFileError, WrongRulebookError) as error:
        fail(str(error))
