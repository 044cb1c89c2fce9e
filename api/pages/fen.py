"""Yuan as people type them, in fen."""

import re

YUAN = re.compile(r"([0-9]{1,13})(?:\.([0-9]{1,2}))?")


def fen_of(said: str) -> int | None:
    """12050 for "120.5"; none for what is no amount."""
    found = YUAN.fullmatch(said.strip().replace(",", ""))
    return (
        None if found is None else int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))
    )
