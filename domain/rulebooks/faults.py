"""What is wrong in a rulebook file: where, what, and what mends it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong. Its path may name one of a list by its code or number."""

    path: str
    problem: str
    fix: str

    def line(self, lines: Mapping[str, int]) -> int | None:
        """Of the path itself, else of the nearest thing around it."""
        steps = self.path.split(".")
        while steps:
            if found := lines.get(".".join(steps)):
                return found
            steps.pop()
        return None

    def said(self, file: str, lines: Mapping[str, int]) -> str:
        """As a person reads it, with the line where it is known."""
        line = self.line(lines)
        place = f"{file}:{line}" if line else file
        return f"{place}: {self.path or 'the file'}: {self.problem}; {self.fix}"


def unknown(path: str, what: str, name: str, known: Collection[str]) -> Fault:
    """Nothing bears this name; the nearest that does is proposed."""
    near = get_close_matches(name, known, n=1)
    listed = ", ".join(sorted(known)[:20])
    others = f"use one of: {listed}" if listed else "this file has none: add it"
    fix = f"did you mean {near[0]}?" if near else others
    return Fault(path, f"there is no {what} {name}", fix)
