"""Verifies a complaint bundle of the ledger: one file, Python alone, no network, no ledger.

    python3 verify.py BUNDLE.json --key KEY [--held CHECKPOINTS]

KEY is the ledger's public key (`name+id+base64`), or a file that holds it. Have it from
somebody you trust: a key that came with the bundle proves nothing. CHECKPOINTS is a file
with checkpoints you were given before. Ends with 0 if every claim holds, 1 if not.
"""

# ruff: noqa: ANN401 a bundle may hold anything

from __future__ import annotations

import argparse
import base64
import json
import re
import struct
import sys
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta, timezone
from hashlib import sha256, sha512
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

FORMAT = "complaint-ledger-bundle/1"
BYTES_MAX = 64 * 1024 * 1024
NOTE = re.compile(r"((?:[^\n]+\n)+)\n((?:— [^\n]+\n)+)")
SEALED = "c1:"  # stands before a sealed field and the hash that binds its text
HASH, ID = 32, 4
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)  # noqa: UP017 older Pythons, too


class Wrong(Exception):  # noqa: N818 it is what a failed claim says
    """Why a claim does not hold."""


class Root(NamedTuple):
    origin: str
    size: int
    root: bytes


def need(holds: bool, why: str) -> None:
    if not holds:
        raise Wrong(why)


def node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\1" + left + right).digest()


def included(found: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes:
    """The root of RFC 6962 over *size* leaves, if this is at *index* and the path right."""
    need(0 <= index < size, f"there is no leaf {index} among {size}")
    need(bool(path) is (size > 1), "the path is too long or too short")
    if size == 1:
        return found
    left, rest = 1 << (size - 1).bit_length() - 1, path[:-1]  # a power of two below
    if index < left:
        return node(included(found, index, left, rest), path[-1])
    return node(path[-1], included(found, index - left, size - left, rest))


def extended(
    held: bytes, old: int, new: int, path: Sequence[bytes], *, whole: bool = True
) -> tuple[bytes, bytes]:
    """The roots over *old* and over *new* leaves, when one begins the other."""
    if old == new:
        need(len(path) == (0 if whole else 1), "the path is too long or too short")
        return (held, held) if whole else (path[0], path[0])
    need(bool(path), "the path is too short")
    left, last, rest = 1 << (new - 1).bit_length() - 1, path[-1], path[:-1]
    if old <= left:
        before, after = extended(held, old, left, rest, whole=whole)
        return before, node(after, last)
    before, after = extended(held, old - left, new - left, rest, whole=False)
    return node(last, before), node(last, after)


# Ed25519 (RFC 8032): Python alone has none, and what is checked here is no secret.
P, ORDER = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D, ROOT_OF_MINUS_1 = -121665 * pow(121666, -1, P) % P, pow(2, (P - 1) // 4, P)
Point = tuple[int, int, int, int]  # x, y, z, t


def add(a: Point, b: Point) -> Point:
    left, right = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    t, z = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = right - left, z - t, z + t, right + left
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(n: int, point: Point) -> Point:
    found = (0, 1, 1, 0)
    while n:
        if n & 1:
            found = add(found, point)
        point, n = add(point, point), n >> 1
    return found


def decoded(data: bytes) -> Point:
    y, sign = int.from_bytes(data, "little") % 2**255, data[-1] >> 7
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * ROOT_OF_MINUS_1 % P
    need(x * x % P == square and y < P, "the key is no point of the curve")
    if x % 2 != sign:
        x = P - x
    return x, y, 1, x * y % P


BASE = decoded((4 * pow(5, -1, P) % P).to_bytes(32, "little"))


def signed(key: bytes, text: bytes, signature: bytes) -> bool:
    r, s = signature[:32], int.from_bytes(signature[32:], "little")
    if len(signature) != 2 * HASH or s >= ORDER:
        return False
    h = int.from_bytes(sha512(r + key + text).digest(), "little") % ORDER
    x, y, z, t = times(h, decoded(key))
    x, y, z, t = add(times(s, BASE), (P - x, y, z, P - t))
    x, y = x * pow(z, -1, P) % P, y * pow(z, -1, P) % P
    return (y | (x % 2) << 255).to_bytes(32, "little") == r


def exact(text: str) -> bytes:
    data = base64.b64decode(text, validate=True)
    need(base64.b64encode(data).decode() == text, "base64 of another form")
    return data


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    need(len(dict(pairs)) == len(pairs), "a name is given twice")
    return dict(pairs)


def hashes(texts: Sequence[str]) -> list[bytes]:
    found = [exact(text) for text in texts]
    need(all(len(one) == HASH for one in found), "a hash is not of 32 bytes")
    return found


def key_of(said: str) -> tuple[str, bytes, bytes]:
    name, key_id, data = [*said.strip().split("+", 2), "", ""][:3]
    whole = exact(data)
    expected = sha256(f"{name}\n".encode() + whole).digest()[:ID]
    formed = whole[:1] == b"\1" and len(whole) == 1 + HASH and key_id == expected.hex()
    need(formed, "this is no Ed25519 key of the form name+id+base64")
    return name, expected, whole[1:]


def checkpoint(note: str, key: tuple[str, bytes, bytes]) -> Root:
    name, key_id, public = key
    found = NOTE.fullmatch(note)
    body, signatures = found.groups() if found else ("", "")
    lines = [[*line.split(" "), "", ""] for line in signatures.splitlines()]
    ours = [exact(said) for _, who, said, *_ in lines if who == name]
    ours = [one[ID:] for one in ours if one[:ID] == key_id]
    need(bool(ours), f"{name} did not sign it")
    need(all(signed(public, body.encode(), one) for one in ours), "it signed another text")
    origin, size, root = [*body.splitlines(), "", ""][:3]
    need(origin.rpartition("/")[0] == name, f"it is of another ledger than {name}")
    need(bool(re.fullmatch("[1-9][0-9]{0,18}", size)), "its size is no number")
    return Root(origin, int(size), hashes([root])[0])


def leaf_of(stream: bytes, event: Any) -> bytes:
    topic, state = event["topic"].encode(), exact(event["state"])
    said = event["recorded_at"]
    time = datetime.fromisoformat(said)
    need(time.isoformat(timespec="microseconds") == said, "a time of another form")
    at = (time - EPOCH) // timedelta(microseconds=1)
    place = event["position"], at, stream, event["version"], len(topic)
    head = struct.pack(">4sQq16sQH", b"ev1\0", *place) + topic
    return sha256(b"\0" + head + struct.pack(">I", len(state)) + state).digest()


def stands(bundle: Any, now: Root) -> str:
    stream = UUID(bundle["stream"])
    need(str(stream) == bundle["stream"], "the stream can be written otherwise")
    for event in bundle["events"]:
        path, index = hashes(event["path"]), event["position"] - 1
        root = included(leaf_of(stream.bytes, event), index, now.size, path)
        need(root == now.root, f"version {event['version']} is not what was recorded")
    return f"{len(bundle['events'])} events, each with its position and its time"


def gapless(bundle: Any, now: Root) -> str:
    count, size = (bundle["statement"][name] for name in ("versions", "position"))
    versions = [event["version"] for event in bundle["events"]]
    complete = versions == [*range(1, len(versions) + 1)]
    need(complete and (len(versions), now.size) == (count, size), "not what is stated")
    return f"versions 1 to {count}, stated to be all up to position {size}"


def named(bundle: Any, _: Root) -> str:
    first = json.loads(exact(bundle["events"][0]["state"]))
    need(first["number"] == bundle["number"], "its first event gives another number")
    return str(bundle["number"])


def opened(bundle: Any, _: Root) -> str:
    states = {e["version"]: json.loads(exact(e["state"])) for e in bundle["events"]}
    for one in bundle["disclosed"]:
        place = f"{bundle['stream']}:{one['version']}:{one['field']}"
        sealed = states[one["version"]][one["field"]]
        need(sealed.startswith(SEALED), f"{place} was sealed without a commitment")
        text = exact(one["salt"]) + f"{place}\0{one['text']}".encode()
        bound = exact(sealed[len(SEALED) :])[:HASH]
        need(sha256(text).digest() == bound, f"{place} does not open to this text")
    return f"{len(bundle['disclosed'])} texts"


def begins(bundle: Any, now: Root, held: str, key: tuple[str, bytes, bytes]) -> str:
    old = checkpoint(held, key)
    proofs: list[list[bytes]] = [[]] if old.size == now.size else []
    proofs += [hashes(p["path"]) for p in bundle["consistency"] if p["size"] == old.size]
    need(old.size <= now.size and bool(proofs), f"no proof: ask for held={old.size}" + GONE)
    roots = old.root, now.root
    same = all(extended(old.root, old.size, now.size, path) == roots for path in proofs)
    need(same, f"what was recorded up to position {old.size} was changed since" + GONE)
    return f"up to position {old.size}"


GONE = ", or an older copy of the ledger was put back"
SIGNED = "the checkpoint is signed by the key you gave"
HELD = "a checkpoint that you hold is a beginning of it"
CLAIMS = {
    "every event stands in the ledger as it was recorded": stands,
    "no event is missing between the first and the last": gapless,
    "the number is that of the first event": named,
    "opened texts are those that were sealed": opened,
}
NOT_CHECKED = (
    "events that came after the last one here: ask for a later bundle and compare",
    "who the people behind the pseudonyms are, and whether what they said is true",
    "whether the clock of the ledger's machine was right",
    "sealed texts that were not opened for you",
    "penalty notices and other streams that the complaint points to",
)
EVENT = {"position", "recorded_at", "version", "topic", "state", "path"}
BUNDLE = "checkpoint consistency disclosed events format number statement stream"
MALFORMED: tuple[type[Exception], ...]
MALFORMED = AttributeError, LookupError, RecursionError, TypeError, ValueError, struct.error
Row = tuple[str, str, str]


def tried(claim: str, shown: Callable[..., str], *of: Any) -> Row:
    try:
        return "PASS", claim, shown(*of)
    except Wrong as error:
        return "FAIL", claim, str(error)
    except MALFORMED as error:
        return "FAIL", claim, f"not well formed ({type(error).__name__})"


def verified(text: str, key: str, held: str = "") -> list[Row]:
    """PASS, FAIL or NOT CHECKED, the claim, and more about it; whatever is read."""
    read: list[Any] = []

    def begun() -> str:
        bundle, known = json.loads(text, object_pairs_hook=once), key_of(key)
        plain = all(set(event) == EVENT for event in bundle["events"])
        need(plain and " ".join(sorted(bundle)) == BUNDLE, "more or less than a bundle")
        need(bundle["format"] == FORMAT, "this is another format")
        now = checkpoint(bundle["checkpoint"], known)
        read.extend((bundle, now, known))
        return f"{now.size} events, {now.origin}"

    rows = [tried(SIGNED, begun)]
    if read:
        bundle, now, known = read
        rows += [tried(claim, shown, bundle, now) for claim, shown in CLAIMS.items()]
        notes = [found[0] for found in NOTE.finditer(held)] or [held] * bool(held)
        rows += [tried(HELD, begins, bundle, now, note, known) for note in notes]
    return rows + [("NOT CHECKED", each, "") for each in NOT_CHECKED]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("bundle", type=Path)
    parser.add_argument("--key", required=True, help="the public key, or a file with it")
    parser.add_argument("--held", type=Path, help="checkpoints you were given before")
    said = parser.parse_args()
    if said.bundle.stat().st_size > BYTES_MAX:
        parser.error("the bundle is larger than any complaint")
    key = Path(said.key).read_text("utf-8") if Path(said.key).is_file() else said.key
    held = said.held.read_text("utf-8") if said.held else ""
    found = verified(said.bundle.read_text("utf-8"), key, held)
    for verdict, claim, more in found:
        sys.stdout.write(f"{verdict:12} {claim}{more and ': '}{more}\n")
    return int(any(verdict == "FAIL" for verdict, _, _ in found))


if __name__ == "__main__":
    sys.exit(main())
