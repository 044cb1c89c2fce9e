"""The form that asks for a complaint's bundle with its names opened."""

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import ValidationError

from api.complaints.bundle import Export, opened_for
from api.pages.sent import SOURCE, sent
from api.parts import parts_in
from api.problems import DoorError
from domain.errors import InvalidError, Lack

router = APIRouter(include_in_schema=False)


@router.post("/ledger/{number}/bundle")
async def opened_bundle(number: str, request: Request) -> Response:
    """Note to whom and why, and answer with the file."""
    parts = parts_in(request)
    form = await sent(request)
    if not form.is_ours:
        raise DoorError("foreign-origin")
    try:
        said = Export(
            recipient=form.texts.get("recipient", ""), reason=form.texts.get("reason", "")
        )
    except ValidationError as error:
        raise InvalidError(
            *(Lack(str(one["loc"][0]), one["msg"]) for one in error.errors())
        ) from error
    return await opened_for(parts, number, said, source=SOURCE)
