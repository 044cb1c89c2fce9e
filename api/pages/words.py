"""Words: everything a page says, from one list for each language, with the same keys."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal

from markupsafe import Markup, escape

Lang = Literal["zh", "en"]
LANGS: tuple[Lang, Lang] = ("zh", "en")
FOLDER = Path(__file__).parent.parent / "words"
SENTENCE, FAULT = "sentence.", "fault."
NO_NAMES: Mapping[str, str] = {}


class WordList:
    """The words of one language. A key nobody wrote down is a defect, and raises."""

    def __init__(self, lang: Lang, words: Mapping[str, str]) -> None:
        self.lang = lang
        self._words = words
        self._sentences = _patterns(words, SENTENCE)
        self._faults = [*_patterns(words, FAULT), *self._sentences]

    def __call__(self, key: str, **facts: object) -> Markup:
        """What the page says here; *facts* stand in its braces, escaped unless markup."""
        return escape(self._words[key]).format(**facts)

    def __contains__(self, key: str) -> bool:
        return key in self._words

    def keys(self) -> frozenset[str]:
        """Every key there is."""
        return frozenset(self._words)

    def said(self, key: str) -> str:
        """The words of a key as they were written down."""
        return self._words[key]

    def many(self, key: str, n: int, **facts: object) -> Markup:
        """The same for a number of things: `key.one` when it is one."""
        return self(f"{key}.one" if n == 1 else f"{key}.many", n=f"{n:,}", **facts)

    def coded(self, kind: str, code: str) -> str:
        """The word for a code; a code of somebody else's stands for itself."""
        return self._words.get(f"{kind}.{code}", code)

    def options(self, kind: str) -> dict[str, str]:
        """Every code of a kind with its word, in the order of the list."""
        start = f"{kind}."
        return {
            key.removeprefix(start): said
            for key, said in self._words.items()
            if key.startswith(start)
        }

    def field(self, name: str, within: str = "") -> str:
        """The label of a field; *within* one event it may be called by another word."""
        return self._words.get(f"field.{within}/{name}") or self._words[f"field.{name}"]

    def hint(self, name: str, within: str = "") -> str | None:
        """What helps to fill a field in, where anything does."""
        return self._words.get(f"hint.{within}/{name}") or self._words.get(f"hint.{name}")

    def label(self, name: str) -> str | None:
        """The label of what a refusal names, if it is a field of ours."""
        known = self._words.get(f"field.{name}") or self._words.get(f"table.{name}")
        return known or self._words.get(f"ledger.{name}")

    def sentence(self, said: str, names: Mapping[str, str] = NO_NAMES) -> str:
        """What a refusal says, in this language; its own words if we have none for it.

        *names* are the words of a regulation for its codes.
        """
        for pattern, words in self._sentences:
            if found := pattern.fullmatch(said):
                return words.format(*(self._named(one, names) for one in found.groups()))
        head, colon, tail = said.partition(": ")
        return f"{head}: {self.sentence(tail, names)}" if colon else said

    def fault(self, said: str) -> str:
        """What is wrong in a file, in this language; its own words if we have none."""
        for pattern, words in self._faults:
            if found := pattern.fullmatch(said):
                return words.format(*(self.coded("thing", one) for one in found.groups()))
        return said

    def tells(self, said: str) -> bool:
        """Whether it has words of its own for what is wrong in a file."""
        return any(pattern.fullmatch(said) for pattern, _ in self._faults)

    def _named(self, said: str, names: Mapping[str, str]) -> str:
        """The roles and codes a refusal names, in words; anything else as it is."""
        each = said.split(", ")
        return ", ".join(names.get(one) or self.coded("role", one) for one in each)

    def speaks(self, said: str) -> bool:
        """Whether it has words of its own for what a refusal says."""
        return any(pattern.fullmatch(said) for pattern, _ in self._sentences)


@cache
def word_list(lang: Lang) -> WordList:
    """The words of a language, read once."""
    tree = tomllib.loads((FOLDER / f"{lang}.toml").read_text(encoding="utf-8"))
    return WordList(lang, dict(_flat(tree, "")))


def _flat(tree: Mapping[str, Any], above: str) -> Iterator[tuple[str, str]]:
    for key, value in tree.items():
        if isinstance(value, str):
            yield above + key, value
        else:
            yield from _flat(value, f"{above}{key}.")


def _patterns(words: Mapping[str, str], kind: str) -> list[tuple[re.Pattern[str], str]]:
    """What may be said of a kind, each as a pattern with its words."""
    return [
        (_pattern(key.removeprefix(kind)), said)
        for key, said in words.items()
        if key.startswith(kind)
    ]


def _pattern(sentence: str) -> re.Pattern[str]:
    """A sentence with `{}` for what differs, as a pattern."""
    return re.compile("(.+)".join(re.escape(part) for part in sentence.split("{}")))
