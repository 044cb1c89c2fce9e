"""A row of a regulation's page: one rule in words, its clause, what is assumed or open."""

from dataclasses import dataclass, field

from domain.rulebooks.rulebook import Assumed, Gap


@dataclass(frozen=True, slots=True)
class Row:
    """One rule: what it is called, what it says, where the source says so."""

    path: str
    name: str
    said: str = ""
    clause: str = ""
    assumed: list[Assumed] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)

    def within(self, one: Assumed) -> str:
        """Which value of the rule is assumed; nothing when it is the rule itself."""
        return one.path.removeprefix(self.path).lstrip(".")


def clause_of(part: object) -> str:
    """The clause a part cites, without its regulation; nothing where it cites none."""
    return str(getattr(part, "clause", "")).partition("#")[2]
