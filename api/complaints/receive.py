"""Receiving: somebody complained, and it gets a number of ours."""

from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api import openapi
from api.asked import SOURCE, body_of, counted, message_of, timed, told
from api.identity.sites import check_here
from api.parts import Parts, apart, parts_in
from domain.complaint import reception
from domain.complaint.intake import receive
from domain.complaint.reception import Reading, Reception
from domain.entry import Message, Receipt
from domain.ledger import aside

router = APIRouter(tags=["complaints"])


@router.post(
    "/complaints",
    response_model=None,
    status_code=201,
    summary="complaint.received",
    **openapi.of_command(Reception, 201, {400, 403, 413, 415, 422, 503}),
)
async def received(request: Request) -> Response:
    """Take a complaint down as it was said. It is never refused for what it says."""
    parts = parts_in(request)
    with counted(parts, "received"):
        parts.operator.has_to("received")
        raw, said = await body_of(request, parts, Reception)
        message = message_of(request, parts, raw)
        again = "idempotency-key" in request.headers
        begin = begun(parts, message, said, may_be_known=again, source=SOURCE)
        receipt = await timed(parts, begin)
    assert receipt.number is not None
    name = {"number": receipt.number, "complaint_id": str(receipt.complaint_id)}
    return told(receipt, parts, name, status=201, location=f"/complaints/{receipt.number}")


async def begun(
    parts: Parts, message: Message, said: Reception, *, may_be_known: bool, source: str
) -> Receipt:
    """Begin the complaint, for programs and for the form of our pages alike."""
    check_here(parts)
    # Asked before a party is made of the complainant, who is one already if we answered.
    if may_be_known:
        known = await aside(parts.ledger.receipt, message)
        if known is not None:
            return known
    party_id = await apart(party_of, parts, said)
    at = parts.now()
    reading = Reading(
        site=parts.site,
        zone=parts.zone,
        policy=await aside(parts.opened.policies.look),
        series=f"C-{at.astimezone(ZoneInfo(parts.zone)).year}-",
    )
    who = parts.operator.as_who(source)
    event = reception.received(said, reading, who=who, at=at, party_id=party_id)
    return await parts.ledger.begin(message, receive(uuid4(), event))


def party_of(parts: Parts, said: Reception) -> UUID:
    """The complainant's pseudonym, known or new, with the key that will seal their words.

    It waits for the database, so it is called in a thread.
    """
    newcomer = uuid4()
    handles = said.contact.handles() if said.contact else {}
    party_id = parts.opened.keys.admit({newcomer: handles})[newcomer]
    parts.opened.keys.ready([party_id])
    return party_id
