"""The repository as the house tests read it: files, and what they import and call."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROOMS = ("domain", "projections", "api", "consumers", "infra")


@cache
def files() -> tuple[Path, ...]:
    """All that git keeps or would keep, as paths from the root."""
    said = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    names = sorted(set(said.stdout.decode().split("\0")) - {""})
    return tuple(Path(name) for name in names if (ROOT / name).is_file())


def programs(*rooms: str) -> list[Path]:
    return [path for path in files() if path.suffix == ".py" and path.parts[0] in rooms]


@cache
def text(path: Path) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(text(path))


def imports(path: Path) -> Iterator[str]:
    """What a file imports, wherever in it, in full: `from a.b import c` is `a.b.c`."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module or ''}.{alias.name}" for alias in node.names)


def calls(path: Path) -> Iterator[tuple[str, ast.Call]]:
    """Each call with the name it goes by: `datetime.now`, `open`, `self.clock`."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node


def names(path: Path) -> Iterator[str]:
    """Each name and dotted name that stands in the code."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Name | ast.Attribute):
            yield ast.unparse(node)
