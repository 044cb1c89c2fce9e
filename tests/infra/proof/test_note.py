"""Checkpoints: signed as others can check, and refused when one letter is not ours."""

import base64
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from infra.proof.note import (
    Checkpoint,
    NoteError,
    SigningKey,
    VerifyingKey,
    notes_in,
    signing_key,
)

KEY = SigningKey(bytes(range(32)), kind="complaint-ledger")
OTHER = SigningKey(b"o" * 32, kind="complaint-ledger")
SAID = Checkpoint(
    f"{KEY.verifying.name}/1",
    17,
    b"r" * 32,
    9,
    b"a" * 32,
    datetime(2026, 3, 3, 1, tzinfo=UTC),
)


def test_a_note_reads_as_c2sp_says() -> None:
    note = KEY.signed(SAID)
    body, _, signature = note.partition("\n\n")
    dash, name, said = signature.split()
    whole = base64.b64decode(said)
    public = Ed25519PublicKey.from_public_bytes(KEY.verifying.key)

    assert body.splitlines()[:3] == [
        SAID.origin,
        "17",
        base64.b64encode(SAID.root).decode(),
    ]
    assert (dash, name, len(whole)) == ("—", KEY.verifying.name, 4 + 64)
    public.verify(whole[4:], f"{body}\n".encode())
    assert str(KEY.verifying).split("+")[1] == whole[:4].hex()


def test_what_was_signed_is_read_again() -> None:
    assert KEY.verifying.checked(KEY.signed(SAID)) == SAID


def test_no_letter_of_a_note_may_be_another() -> None:
    note, chance = KEY.signed(SAID), random.Random(7)  # noqa: S311
    letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/= \n—"
    for at in range(len(note)):
        other = chance.choice([each for each in letters if each != note[at]])
        with pytest.raises(NoteError):
            KEY.verifying.checked(note[:at] + other + note[at + 1 :])
        with pytest.raises(NoteError):
            KEY.verifying.checked(note[:at] + note[at + 1 :])


@pytest.mark.parametrize(
    "note",
    [
        "",
        "\n\n",
        OTHER.signed(SAID),
        KEY.signed(SAID).replace("\n", "\r\n"),
        KEY.signed(SAID) + "x",
    ],
)
def test_a_note_that_is_not_ours_is_refused(note: str) -> None:
    with pytest.raises(NoteError):
        KEY.verifying.checked(note)


def test_a_signature_of_another_ledgers_words_is_refused() -> None:
    note = OTHER.signed(
        Checkpoint(f"{KEY.verifying.name}/1", 1, b"r" * 32, 0, b"", SAID.at)
    )

    with pytest.raises(NoteError):
        OTHER.verifying.checked(note)


def test_a_second_witness_may_sign_beside_us() -> None:
    ours = KEY.signed(SAID)
    theirs = OTHER.signed(SAID).partition("\n\n")[2]

    assert KEY.verifying.checked(ours + theirs) == SAID


def test_notes_are_found_one_after_the_other_and_a_torn_one_is_none() -> None:
    notes = [
        KEY.signed(
            Checkpoint(SAID.origin, n, SAID.root, 0, SAID.root, SAID.at + timedelta(n))
        )
        for n in range(1, 4)
    ]
    text = "\n".join(notes)

    assert list(notes_in(text)) == notes
    assert list(notes_in(text[:-4])) == notes[:2]


def test_the_key_is_made_once_and_nobody_else_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "sealer.key"
    first, again = signing_key(path, kind="x"), signing_key(path, kind="x")

    assert first.verifying == again.verifying
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(path.parent.iterdir()) == [path]
    assert signing_key(tmp_path / "other.key", kind="x").verifying != first.verifying
    assert VerifyingKey.read(f"{first.verifying}\n") == first.verifying
    for wrong in (
        "",
        "x",
        str(first.verifying)[:-5],
        str(first.verifying).replace("x", "y"),
    ):
        with pytest.raises(NoteError):
            VerifyingKey.read(wrong)
