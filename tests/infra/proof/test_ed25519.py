"""The verifier's Ed25519: the vectors of RFC 8032, and the library as second opinion."""

import random

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from infra.proof import verify
from infra.proof.verify import Wrong, signed

# Public key, text, signature: RFC 8032, 7.1, tests 1 to 3.
VECTORS = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        (
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bac"
            "c61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
        ),
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        (
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e"
            "458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
        ),
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        (
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290"
            "ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
        ),
    ),
]


@pytest.mark.parametrize(("key", "text", "signature"), VECTORS)
def test_the_vectors_of_the_rfc(key: str, text: str, signature: str) -> None:
    words = [bytes.fromhex(each) for each in (key, text, signature)]

    assert signed(*words)
    for at, word in enumerate(words):
        if word:
            other = [*words[:at], word[:-1] + bytes([word[-1] ^ 1]), *words[at + 1 :]]
            assert not holds(*other)


def test_it_agrees_with_the_library() -> None:
    chance = random.Random(25519)  # noqa: S311
    for _ in range(20):
        private = Ed25519PrivateKey.from_private_bytes(chance.randbytes(32))
        key = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        text = chance.randbytes(chance.randrange(200))
        signature = private.sign(text)

        assert signed(key, text, signature)
        bit = 1 << chance.randrange(512)
        wrong = (int.from_bytes(signature) ^ bit).to_bytes(64)
        assert not signed(key, text, wrong)
        assert not signed(key, text + b"x", signature)


def test_a_signature_has_one_form_and_a_key_is_a_point() -> None:
    key, text, signature = (bytes.fromhex(each) for each in VECTORS[1])
    s = int.from_bytes(signature[32:], "little") + verify.ORDER

    assert not signed(key, text, signature[:32] + s.to_bytes(32, "little"))
    assert not signed(key, text, signature + b"\0")
    assert not signed(key, text, signature[:-1])
    for bad in (b"\xff" * 32, (verify.P + 1).to_bytes(32, "little"), b"\2" + bytes(31)):
        with pytest.raises(Wrong):
            signed(bad, text, signature)


def holds(key: bytes, text: bytes, signature: bytes) -> bool:
    try:
        return signed(key, text, signature)
    except Wrong:
        return False
