"""The proof of one complaint, as its page shows it: what is sealed, and how to check it."""

from dataclasses import dataclass
from urllib.parse import quote

from api.pages.case import Case
from api.pages.page import Page
from api.parts import reading
from infra.proof import store


@dataclass(frozen=True, slots=True)
class ProofCard:
    """What a reader needs to take the proof along."""

    sealed: int  # of the events on the page
    events: int
    size: int  # all that the last look found sealed
    bundle: str
    opened: str  # where the form goes that asks for the opened one
    anchored: bool  # where the database's administrator does not reach
    program: str = "verify.py"
    command: str = "python3 verify.py BUNDLE.json --key KEY"


async def proof_card(page: Page, case: Case) -> ProofCard:
    """How far the sealer has come with the events of this complaint."""
    head = await reading(page.parts, store.head)
    return ProofCard(
        sealed=sum(entry.position <= head.anchored for entry in case.entries),
        events=len(case.entries),
        size=head.anchored,
        bundle=f"/complaints/{quote(case.number, safe='')}/bundle",
        opened=f"/ledger/{quote(case.number, safe='')}/bundle",
        anchored=page.parts.mode == "kafka",
    )
