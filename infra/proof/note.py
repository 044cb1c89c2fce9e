"""Signed checkpoints: size and root of the tree as a C2SP note, signed with Ed25519."""

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from infra.proof.merkle import HASH_BYTES
from infra.secret_file import secret

ED25519 = b"\1"
SEED_BYTES, ID_BYTES = 32, 4
NAMED_AFTER = 12  # hex digits of the key's hash, in its name
NOTE = re.compile(r"((?:[^\n]+\n)+)\n((?:— [^\n]+\n)+)")
SIGNATURE = re.compile(r"— (\S+) (\S+)\n")
LINES = 5


class NoteError(ValueError):
    """This is no checkpoint, or not one that our key signed."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What the sealer vouches for: everything up to a position, and how it is named."""

    origin: str  # which ledger, and which of its lives
    size: int  # events: the last position
    root: bytes
    answers: int  # to messages, of those that led to these events
    answers_root: bytes
    at: datetime

    def body(self) -> str:
        """The text that is signed."""
        return (
            f"{self.origin}\n{self.size}\n{_text(self.root)}\n"
            f"answers {self.answers} {_text(self.answers_root)}\n"
            f"at {self.at.isoformat(timespec='microseconds')}\n"
        )


@dataclass(frozen=True, slots=True)
class VerifyingKey:
    """The public half: what an auditor is given, by another way than the evidence."""

    name: str
    key: bytes

    @property
    def id(self) -> bytes:
        """How a signature says whose it is."""
        return sha256(f"{self.name}\n".encode() + ED25519 + self.key).digest()[:ID_BYTES]

    def __str__(self) -> str:
        """As it is given to people."""
        return f"{self.name}+{self.id.hex()}+{_text(ED25519 + self.key)}"

    @classmethod
    def read(cls, text: str) -> "VerifyingKey":
        """The key as it is given to people."""
        name, _, rest = text.strip().partition("+")
        whole = _bytes(rest.partition("+")[2])
        found = cls(name, whole[1:])
        if str(found) != text.strip() or len(whole) != 1 + SEED_BYTES:
            raise NoteError("this is no public key of the form name+id+base64")
        return found

    def checked(self, note: str) -> Checkpoint:
        """The checkpoint in a note, if this key signed exactly this text."""
        found = NOTE.fullmatch(note)
        if found is None:
            raise NoteError("no signed note")
        body, signatures = found.groups()
        for name, said in SIGNATURE.findall(signatures):
            whole = _bytes(said)
            if (name, whole[:ID_BYTES]) == (self.name, self.id):
                try:
                    Ed25519PublicKey.from_public_bytes(self.key).verify(
                        whole[ID_BYTES:], body.encode()
                    )
                except InvalidSignature as error:
                    raise NoteError("the signature is not of this text") from error
                return self._read(body)
        raise NoteError(f"not signed by {self.name}")

    def _read(self, body: str) -> Checkpoint:
        lines = body.splitlines()
        if len(lines) != LINES or lines[0].rpartition("/")[0] != self.name:
            raise NoteError("another ledger's, or in other words than ours")
        answers, at = lines[3].split(" "), lines[4].split(" ")
        try:
            read = Checkpoint(
                lines[0],
                int(lines[1]),
                _bytes(lines[2]),
                int(answers[1]),
                _bytes(answers[2]),
                datetime.fromisoformat(at[1]),
            )
        except (ValueError, IndexError) as error:
            raise NoteError("in other words than ours") from error
        if read.body() != body or len(read.root) != HASH_BYTES:
            raise NoteError("in other words than ours")
        return read


class SigningKey:
    """The sealer's own key. Whoever has it can sign what they like, so nobody else may."""

    def __init__(self, seed: bytes, *, kind: str) -> None:
        """*kind* stands before the key's own name and says what it vouches for."""
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        public = self._key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        name = f"{kind}/{sha256(public).hexdigest()[:NAMED_AFTER]}"
        self.verifying = VerifyingKey(name, public)

    def signed(self, checkpoint: Checkpoint) -> str:
        """The note."""
        body = checkpoint.body()
        signature = self.verifying.id + self._key.sign(body.encode())
        return f"{body}\n— {self.verifying.name} {_text(signature)}\n"


def signing_key(path: Path, *, kind: str) -> SigningKey:
    """The key in this file, made at the first start."""
    return SigningKey(secret(path, SEED_BYTES), kind=kind)


def notes_in(text: str) -> Iterator[str]:
    """Each whole note of a text that holds several, one after the other."""
    return (found[0] for found in NOTE.finditer(text))


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise NoteError("no base64") from error
