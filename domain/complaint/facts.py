"""The facts of a complaint as a regulation asks for them."""

from domain.complaint.intake import Received
from domain.complaint.investigation import Determined
from domain.complaint.items import FactEstablished
from domain.complaint.state import Complaint
from domain.rulebooks.predicates import NA, Facts, NotApplicable, Value


def facts_of(complaint: Complaint) -> Facts:
    """What is known; what nobody has stated is absent.

    The statement with the latest business instant counts (then the later version), so the
    order of arrival changes nothing.
    """
    facts: dict[str, Value | NotApplicable] = {}
    for received in complaint.all(Received):
        core: dict[str, Value | None] = {
            "complaint_kind": received.kind,
            "site": received.site,
            "customer": received.customer,
            "region": received.region,
            "channel": received.channel,
            "customer_claims_repeat": received.claims_repeat,
        }
        facts |= {name: value for name, value in core.items() if value is not None}
    determined = complaint.latest(Determined)
    if determined and determined.batch_problem is not None:
        facts["batch_problem"] = determined.batch_problem
    stated = complaint.all(FactEstablished)
    for said in sorted(stated, key=lambda s: (s.occurred_at, s.originator_version)):
        facts[said.fact] = NA if said.value is None else said.value
    return facts
