"""Regulations as the ledger reads them: the data itself, by name and version."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends

from api import openapi
from api.parts import Parts, parts_of
from api.problems import DoorError
from domain.errors import Lack
from domain.rulebooks.policy import Case

router = APIRouter(prefix="/rulebooks", tags=["rulebooks"])


@router.get("", **openapi.of_read(None, {403}))
async def in_force(parts: Annotated[Parts, Depends(parts_of)]) -> dict[str, Any]:
    """Which regulation governs what, for a complaint that is received now."""
    parts.operator.has_to("read")
    policy = parts.opened.policies.current
    case = Case(site=parts.site, received_on=parts.now().date())
    return {"policy_set": policy.name, "topics": policy.governing(case)}


@router.get("/{name}", **openapi.of_read(None, {403, 404, 422}))
async def one(name: str, parts: Annotated[Parts, Depends(parts_of)]) -> dict[str, Any]:
    """One version of one regulation, every clause written out in full."""
    parts.operator.has_to("read")
    try:
        rulebook = parts.ledger.rulebooks[name]
    except KeyError as error:
        fix = "name a rulebook and its version, as in S46@1"
        raise DoorError("not-found", Lack("name", fix)) from error
    return rulebook.model_dump(mode="json", by_alias=True, exclude_none=True)
