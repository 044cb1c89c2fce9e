"""Reach: who can get at the pages, and what has to be said before others can."""

from pathlib import Path

from consumers import address
from consumers.home import HomeError
from infra.settings import Settings


def check(chosen: Settings) -> None:
    """Refuse to be reached from elsewhere without TLS, unless told so in words."""
    said = chosen.sign_in
    if (said.tls_cert is None) != (said.tls_key is None):
        raise HomeError("LEDGER_SIGN_IN__TLS_CERT and __TLS_KEY go together: set both")
    if address.is_loopback(chosen.host) or said.by_tls or said.insecure:
        return
    raise HomeError(
        f"LEDGER_HOST={chosen.host}: others would reach this ledger without TLS. Set"
        " LEDGER_SIGN_IN__TLS_CERT and __TLS_KEY, or say LEDGER_SIGN_IN__INSECURE='others"
        " may read along'"
    )


def check_set_up(chosen: Settings, *, is_set_up: bool) -> None:
    """Refuse to let others reach the set-up: whoever is first would own the ledger."""
    if is_set_up or address.is_loopback(chosen.host) or chosen.sign_in.insecure:
        return
    raise HomeError(
        "make the first administrator with LEDGER_HOST=127.0.0.1, before others can reach"
        f" this ledger at {chosen.host}"
    )


def tls(chosen: Settings) -> tuple[Path, Path] | None:
    """Certificate and key of our own TLS, if we end it ourselves."""
    said = chosen.sign_in
    return (said.tls_cert, said.tls_key) if said.tls_cert and said.tls_key else None
