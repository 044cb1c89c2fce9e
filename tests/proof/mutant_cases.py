"""The cases that tell a broken verifier from the real one, by what it answers."""

import base64
import copy
import json
from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from infra.proof import verify
from infra.proof.note import SigningKey
from tests.proof.paper import Paper
from tests.proof.sealed import KEY

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
    for wrong in (*wholes(paper, good), *parts(len(paper.rows), good)):
        yield json.dumps(wrong), key, paper.held
    yield json.dumps(good)[:-1] + ', "format": "x"}', key, ""
    yield "[" * 100_000, key, ""


def wholes(paper: Paper, good: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """With another value of the bundle itself."""
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
    yield from (good | wrong for wrong in wrongs)


def parts(size: int, good: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """With another value in the first event, or of an opened text."""
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
        yield other
    for name, value in (
        ("text", "x"), ("salt", "AAAA"), ("field", "n"), ("version", 99), ("field", "who"),
    ):  # fmt: skip
        other = copy.deepcopy(good)
        other["disclosed"][0][name] = value
        yield other
    plain = copy.deepcopy(good)
    state = json.loads(base64.b64decode(plain["events"][0]["state"]))
    state["words"] = "bare"
    plain["events"][0]["state"] = base64.b64encode(json.dumps(state).encode()).decode()
    yield plain


def others() -> Iterator[tuple[str, str, str]]:
    """The key given in other ways, and other checkpoints that are held."""
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
    for note in checkpoints(paper, name):
        yield good, key, note


def checkpoints(paper: Paper, name: str) -> Iterator[str]:
    """Of other lives and ledgers, forked, or not in our words; most of them signed."""
    forged = paper.now.splitlines()[-1]
    other = paper.held.partition("\n\n")[0]
    yield f"{other}\n\n{forged}\n"  # a signature of something else
    yield f"{other}\n\n{forged}\n{paper.held.splitlines()[-1]}\n"
    root = base64.b64encode(b"r" * 32).decode()
    for body in (
        f"{name}/1\n{len(paper.rows) // 2}\n{root}\n",  # two roots of one size: a fork
        f"{name}/1\n{len(paper.rows)}\n{root}\n",
        f"{name}/1\n{len(paper.rows)}\n{root[:-2]}J=\n",
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
        yield f"{body}\n— {name} {line}\n"
