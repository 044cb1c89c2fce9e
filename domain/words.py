"""Text as people and systems send it: bounded, and nothing in it that breaks a reader."""

import re
import unicodedata
from typing import Annotated

from pydantic import AfterValidator, StringConstraints

BYTES_PER_CHARACTER_MAX = 4
MARKS_IN_A_ROW_MAX = 16
_BREAKS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def _clean(text: str) -> str:
    """Refuse what a table, a log or a terminal would choke on; keep every other byte.

    Control characters (C0 and C1) other than line feed and tab, lone surrogates, and long
    runs of combining marks. Direction overrides stay: they are evidence, and pages isolate
    them.
    """
    if broken := _BREAKS.search(text):
        raise ValueError(f"character U+{ord(broken[0]):04X} is not allowed in text")
    if text.isascii():  # most texts of most systems, and none of it combines
        return text
    marks = 0
    for character in text:
        marks = marks + 1 if unicodedata.category(character) in {"Mn", "Me"} else 0
        if marks > MARKS_IN_A_ROW_MAX:
            raise ValueError("too many combining marks in a row")
    return text


def _one_line(text: str) -> str:
    if "\n" in text or "\t" in text:
        raise ValueError("this is one line, without line feed or tab")
    return text


_CLEAN = AfterValidator(_clean)
_LINE = AfterValidator(_one_line)

# Lengths are in code points.
Text = Annotated[str, StringConstraints(min_length=1, max_length=10_000), _CLEAN]
# What somebody said, word for word. What is longer still belongs into a file.
Verbatim = Annotated[str, StringConstraints(min_length=1, max_length=40_000), _CLEAN]
Line = Annotated[str, StringConstraints(min_length=1, max_length=200), _CLEAN, _LINE]
Code = Annotated[
    str,
    StringConstraints(min_length=1, max_length=80, strip_whitespace=True),
    _CLEAN,
    _LINE,
]
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]  # SHA-256, hex
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}(-[A-Z]{2})?$")]
