"""How a text came to be published, step by step, and what a policy set's lines cover."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from api.pages.page import Page
from domain.rulebooks.among import Among
from domain.rulebooks.policy import PolicyLine
from domain.rulebooks.publication import Proposed, Publication, Published, Step

SCOPES = {
    "sites": "rulebook.sites",
    "product_lines": "rulebook.product_lines",
    "customers": "rulebook.customers",
    "kinds": "rulebook.kinds",
}


@dataclass(frozen=True, slots=True)
class Happened:
    """One step of a publication."""

    topic: str
    name: str
    event: Step
    approvals: Sequence[str]


def history(publication: Publication) -> list[Happened]:
    """All that was said of it, newest first."""
    found = []
    for event in reversed(publication.log):
        assert isinstance(event, Step)
        approvals = event.approvals if isinstance(event, Published) else ()
        by = [one.by for one in approvals]
        found.append(Happened(event.TOPIC, f"{event.id}@{event.version}", event, by))
    return found


def waiting(publication: Publication) -> list[Proposed]:
    """What was put forward and waits for somebody else."""
    return list(publication.proposed.values())


def scope_in(page: Page) -> Callable[[PolicyLine], str]:
    """What a line is limited to, in words; all complaints when it is not."""
    separator = str(page.w("frame.list_separator"))

    def some(among: Among) -> str:
        if among.only:
            return separator.join(among.only)
        what = separator.join(among.other_than)
        return str(page.w("rulebook.other_than", what=what))

    def scope(line: PolicyLine) -> str:
        said = [
            f"{page.w(SCOPES[name])} {some(among)}"
            for name, among in line.scope()
            if not among.is_any
        ]
        return separator.join(said) or str(page.w("rulebook.all"))

    return scope
