"""Breaks verify.py in every small way, one at a time: `python -m tests.proof.mutants`.

A verifier that says PASS too easily looks like one that works. So each mutant has to be
told from the real one by the same cases; 95 of 100 must be. Those that live are printed.
"""

import ast
import base64
import copy
import json
import signal
import sys
import types
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from infra.proof import verify
from infra.proof.note import SigningKey
from tests.proof.paper import Paper
from tests.proof.sealed import KEY

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


Case = Callable[[Any], object]


def asking(name: str, *words: object) -> Case:
    """What a function of the module says to these."""
    return lambda module: getattr(module, name)(*words)


def cases() -> list[Case]:
    """What the real one answers, and a mutant has to answer otherwise."""
    found = [asking("verified", *of) for of in (*texts(), *others())]
    for nth in range(6):
        private = Ed25519PrivateKey.from_private_bytes(bytes([nth]) * 32)
        public = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        said = private.sign(b"text")
        more = int.from_bytes(said[32:], "little") + verify.ORDER
        again = said[:32] + more.to_bytes(32, "little")
        wrongs = (said, said[::-1], said + b"x", again)
        found += [asking("signed", public, b"text", wrong) for wrong in wrongs]
    for size in range(1, 12):
        found += trees(size)
    points = (2, verify.P, verify.P + 1, 2**255 - 1)
    return found + [asking("decoded", y.to_bytes(32, "little")) for y in points]


def trees(size: int) -> Iterator[Case]:
    hashes = [bytes([n]) * 32 for n in range(6)]
    for many in range(6):
        for index in (-1, 0, 1, size // 2, size - 1, size):
            yield asking("included", hashes[5], index, size, hashes[:many])
        for old in range(1, size + 1):
            yield asking("extended", hashes[5], old, size, hashes[:many])


def texts() -> Iterator[tuple[str, str, str]]:
    """Bundles, good and bad, with the key and what is held."""
    paper, key = Paper(seed=5, complaints=12), str(KEY.verifying)
    stream = max(paper.streams, key=lambda s: sum(row.stream == s for row in paper.rows))
    good = paper.bundle(stream)
    both = f"{paper.held}\n{paper.now}"
    for held in ("", paper.held, paper.now, both, "x", paper.now[:-9]):
        yield json.dumps(good), key, held
    size = len(paper.rows)
    wrongs: list[dict[str, Any]] = [
        {"format": "x"},
        {"number": "C-x"},
        {"stream": good["stream"].upper()},
        {"stream": str(paper.streams[0])},
        {"more": 1},
        {"events": []},
        {"events": good["events"][:-1]},
        {"events": good["events"][1:]},
        {"events": good["events"][::-1]},
        {"statement": {"versions": 0, "position": size}},
        {"statement": {"versions": len(good["events"]), "position": size + 1}},
        {"consistency": []},
        {"consistency": [{"size": size // 2, "path": []}]},
        {"consistency": good["consistency"] + [{"size": size // 2, "path": []}]},
        {"disclosed": []},
        {"checkpoint": paper.held},
        {"checkpoint": paper.now.replace("\n\n", "\n")},
        {"checkpoint": paper.now + paper.now.partition("\n\n")[2]},
        {"checkpoint": paper.now + "— x y\n"},
        {"checkpoint": paper.now + f"— {KEY.verifying.name} AAAA\n"},
    ]
    for wrong in wrongs:
        yield json.dumps(good | wrong), key, paper.held
    for name, value in (
        ("position", 0),
        ("position", size + 1),
        ("version", 7),
        ("topic", "x"),
        ("state", "e30"),
        ("state", "e30=="),
        ("recorded_at", "2026-03-03T00:00:00"),
        ("recorded_at", good["events"][0]["recorded_at"].replace("T", " ")),
        ("path", []),
        ("path", ["AAAA"]),
        ("more", 1),
    ):
        other = copy.deepcopy(good)
        other["events"][0][name] = value
        yield json.dumps(other), key, ""
    for name, value in (
        ("text", "x"), ("salt", "AAAA"), ("field", "n"), ("version", 99), ("field", "who"),
    ):  # fmt: skip
        other = copy.deepcopy(good)
        other["disclosed"][0][name] = value
        yield json.dumps(other), key, ""
    plain = copy.deepcopy(good)
    state = json.loads(base64.b64decode(plain["events"][0]["state"]))
    state["words"] = "bare"
    plain["events"][0]["state"] = base64.b64encode(json.dumps(state).encode()).decode()
    yield json.dumps(plain), key, ""
    yield json.dumps(good)[:-1] + ', "format": "x"}', key, ""
    yield "[" * 100_000, key, ""


def others() -> Iterator[tuple[str, str, str]]:
    """The key given in other ways, and checkpoints of other lives and ledgers."""
    paper = Paper(seed=5, complaints=12)
    good = json.dumps(paper.bundle(paper.streams[0]))
    key, stranger = str(KEY.verifying), SigningKey(b"s" * 32, kind="x")
    name, key_id, data = key.split("+", 2)
    for said in (
        "",
        "x",
        str(stranger.verifying),
        f"{key}\n",
        f"{name}+{key_id}",
        f"{name}+0+{data}",
        f"{name}+{key_id}+{data[:-4]}",
        f"{name}x+{key_id}+{data}",
    ):
        yield good, said, ""
    for kind in (b"\2", b"\1"):
        whole = kind + KEY.verifying.key + b"x" * (kind == b"\1")
        made = sha256(f"{name}\n".encode() + whole).digest()[:4].hex()
        yield good, f"{name}+{made}+{base64.b64encode(whole).decode()}", ""
    forged = paper.now.splitlines()[-1]
    other = paper.held.partition("\n\n")[0]
    yield good, key, f"{other}\n\n{forged}\n"  # their signature of something else
    yield good, key, f"{other}\n\n{forged}\n{paper.held.splitlines()[-1]}\n"
    root = base64.b64encode(b"r" * 32).decode()
    for body in (
        f"{name}/1\n{len(paper.rows) // 2}\n{root}\n",  # two roots of one size: a fork
        f"{name}/1\n{len(paper.rows)}\n{root}\n",
        f"{name}/1\n{len(paper.rows)}\n{root[:-2]}s=\n",
        f"{name}/2\n{len(paper.rows)}\n{paper.now.splitlines()[2]}\n",
        f"{name}/1\n0\n{paper.now.splitlines()[2]}\n",
        f"{name}/1\n07\n{paper.now.splitlines()[2]}\n",
        f"{name}/1\n7\nAAAA\n",
        f"{name}/1\n99999\n{paper.now.splitlines()[2]}\n",
        f"{name}\n7\n{paper.now.splitlines()[2]}\n",
        f"x/{name}/1\n7\n{paper.now.splitlines()[2]}\n",
        f"{name}/1\n",
    ):
        signature = KEY.verifying.id + KEY._key.sign(body.encode())  # noqa: SLF001
        line = base64.b64encode(signature).decode()
        yield good, key, f"{body}\n— {name} {line}\n"


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
