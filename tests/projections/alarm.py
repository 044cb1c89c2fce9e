"""A repeat alarm with all that may happen to it, and a grade that it raises."""

from collections.abc import Sequence
from uuid import UUID

from consumers.opening import Opened
from domain import cluster
from domain.cluster import Found, Member
from domain.complaint.grading import Upgraded
from domain.complaint.state import Complaint
from domain.event import When
from domain.ledger import Request
from domain.rulebooks.rulebook import Rules
from tests.builders import LI, TUESDAY, WANG, message

KEY = (cluster.Part(fact="batch", value="B26-0455"),)
NO_RULES = Rules({})


async def alarm(opened: Opened, ids: Sequence[UUID]) -> None:
    """Raised, extended, withdrawn, raised again, dismissed, opened, met, planned."""
    made = cluster.raised(_found(*ids[:2]), who=LI, at=TUESDAY)
    assert made is not None
    for some in (ids, ids[:1], ids[:2]):
        cluster.followed(made, NO_RULES, found=_found(*some), who=LI, at=TUESDAY)
    cluster.dismiss(made, NO_RULES, who=WANG, at=TUESDAY, reason="三批原料不同")
    cluster.followed(made, NO_RULES, found=_found(*ids), who=LI, at=TUESDAY)
    when = When(occurred_at=TUESDAY)
    cluster.meeting_held(made, NO_RULES, who=LI, when=when, minutes="停用该批")
    cluster.adopt_plan(made, NO_RULES, who=WANG, at=TUESDAY, plan="P1")
    entry = opened.ledger.entry(message(), made, decided_on=0)
    await opened.ledger.append([entry])

    def raise_it(complaint: Complaint, _rules: Rules) -> None:
        complaint.record(
            Upgraded(
                who=LI,
                decided_at=TUESDAY,
                saw=complaint.version,
                scheme="S46",
                code="A",
                was="C",
                rule="S2@1#REP-x",
                cluster=made.id,
            )
        )

    asked = Request(message(), ids[0], None, raise_it, on_what_stands=True)
    await opened.ledger.take(asked)


def _found(*ids: UUID) -> Found:
    members = tuple(
        Member(complaint=one, number=f"C-{nth}", received_at=TUESDAY, amount=1)
        for nth, one in enumerate(ids)
    )
    return Found("S2@1#REP-x", "S2@1#5.4", KEY, len(ids), 2, members)
