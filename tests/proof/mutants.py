"""Breaks verify.py in every small way, one at a time: `python -m tests.proof.mutants`.

A verifier that says PASS too easily looks like one that works. So each mutant has to be
told from the real one by the same cases; 95 of 100 must be. Those that live are printed.
"""

import ast
import signal
import sys
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from infra.proof import verify
from tests.proof.mutant_cases import Case, cases

SOURCE = Path(verify.__file__).read_text("utf-8")
SECONDS = 2.0
KILLED_MIN = 0.95
SWAPPED: dict[type[ast.AST], type[ast.AST]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.Mod: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.Is: ast.IsNot,
}
LEFT_OUT = {"main", "NOT_CHECKED", "FORMAT", "BYTES_MAX"}  # what decides nothing


class Slow(Exception):  # noqa: N818
    """A mutant that does not come back."""


def sites(tree: ast.Module) -> Iterator[tuple[ast.AST, str, Any]]:
    """What can be broken: a node, its field, and what stands there instead."""
    for top in tree.body:
        name = getattr(top, "name", None) or ast.unparse(getattr(top, "targets", [top])[0])
        if isinstance(top, ast.Import | ast.ImportFrom | ast.If) or name in LEFT_OUT:
            continue
        for node in ast.walk(top):
            yield from broken(node)


def broken(node: ast.AST) -> Iterator[tuple[ast.AST, str, Any]]:  # noqa: C901 a table
    match node:
        case ast.Compare(ops=[op]) if type(op) in SWAPPED:
            yield node, "ops", [SWAPPED[type(op)]()]
        case ast.BinOp(op=op) | ast.BoolOp(op=op) | ast.AugAssign(op=op):
            if type(op) in SWAPPED:
                yield node, "op", SWAPPED[type(op)]()
        case ast.Constant(value=bool(value)):
            yield node, "value", not value
        case ast.Constant(value=int(value)):
            yield node, "value", value + 1
        case ast.Constant(value=bytes(value)):
            yield node, "value", value + b"x"
        case ast.If(test=test) | ast.IfExp(test=test):
            yield node, "test", ast.UnaryOp(ast.Not(), test)
        case ast.Return(value=ast.expr()):
            yield node, "value", ast.Constant(None)
        case ast.Expr(value=ast.Call(func=ast.Name(id="need"))):
            yield node, "value", ast.Constant(None)
        case ast.Call(func=ast.Name(id="all")):
            yield node, "func", ast.Name("any", ast.Load())


def loaded(tree: ast.Module) -> types.ModuleType:
    module = types.ModuleType("mutant")
    sys.modules["mutant"] = module
    exec(compile(ast.fix_missing_locations(tree), "mutant", "exec"), module.__dict__)  # noqa: S102
    return module


def answer(module: Any, case: Case) -> object:
    try:
        return case(module)
    except Slow:
        raise
    except Exception as error:  # noqa: BLE001 whatever a mutant does
        return type(error).__name__, str(error)[:40]


def lives(index: int, expected: list[object], every: list[Case]) -> str | None:
    """None when it was killed; else what was broken."""
    tree = ast.parse(SOURCE)
    node, field, instead = list(sites(tree))[index]
    before = ast.unparse(node)
    setattr(node, field, instead)
    after = ast.unparse(ast.fix_missing_locations(node))
    words = f"{getattr(node, 'lineno', 0)}: {before} → {after}"
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    try:
        module = loaded(tree)
        for case, right in zip(every, expected, strict=True):
            if answer(module, case) != right:
                return None
    except Slow:
        return None
    except Exception:  # noqa: BLE001 it does not even load
        return None
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    return words


def main() -> int:
    def slow(*_: object) -> None:
        raise Slow

    signal.signal(signal.SIGALRM, slow)
    every = cases()
    expected = [answer(loaded(ast.parse(SOURCE)), case) for case in every]
    count = len(list(sites(ast.parse(SOURCE))))
    living = [words for n in range(count) if (words := lives(n, expected, every))]
    for words in living:
        print(words)
    share = 1 - len(living) / count
    print(f"{count - len(living)} of {count} mutants killed: {share:.1%}")
    return int(share < KILLED_MIN)


if __name__ == "__main__":
    sys.exit(main())
