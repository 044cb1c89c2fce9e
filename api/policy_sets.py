"""Policy sets: which rulebook governs what, and publishing another version."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict

from api import openapi
from api.asked import body_of, counted
from api.drafts import policy_draft
from api.parts import Parts, apart, parts_in, parts_of
from api.publishing import (
    PROPOSING,
    add_decisions,
    history,
    looking,
    press_of,
    put_forward,
)
from domain.rulebooks.publication import Document
from domain.words import Text

router = APIRouter(prefix="/policy-sets", tags=["rulebooks"])


class PolicySetText(BaseModel):
    """A version of the policy set, as its file says it."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    text: Document
    retroactive: Text | None = None  # why it may reach back to what was decided


SHAPES: tuple[type[BaseModel], ...] = (PolicySetText,)


@router.get("", response_model=None, **openapi.of_read(None, {403, 503}))
async def in_force(parts: Annotated[Parts, Depends(parts_of)]) -> Response:
    """The policy set in force line by line, and every version of it, with its ETag."""
    parts.operator.has_to("read")
    policy = await apart(parts.opened.policies.look)
    every = await apart(press_of(parts).each, "policy_set")
    said: dict[str, Any] = {
        "in_force": policy.policy_set.model_dump(mode="json", by_alias=True),
        "history": [history(one) for one in every],
    }
    headers = {"ETag": f'"{every[0].version}"'} if every else {}
    return JSONResponse(said, headers=headers)


@router.post(
    "",
    response_model=None,
    status_code=201,
    summary="policy_set.proposed",
    **openapi.of_command(PolicySetText, 201, PROPOSING, versioned=False),
)
async def propose(request: Request) -> Response:
    """Put a version forward; somebody else approves it. Look at it first: /validated."""
    parts = parts_in(request)
    with counted(parts, "published"):
        parts.operator.has_to("publish")
        raw, body = await body_of(request, parts, PolicySetText)
        books = await apart(press_of(parts).books)
        draft, _ = policy_draft(body.text, books, retroactive=body.retroactive)
        return await put_forward(request, raw, draft)


@router.post("/validated", response_model=None, **looking(PolicySetText))
async def validate(request: Request) -> Response:
    """All that is wrong with a text; nothing is put forward."""
    parts = parts_in(request)
    parts.operator.has_to("read")
    _, body = await body_of(request, parts, PolicySetText)
    books = await apart(press_of(parts).books)
    draft, made = policy_draft(body.text, books)
    said = {"name": made.name, "sha256": draft.sha256, "lines": len(made.lines)}
    return JSONResponse(said)


add_decisions(router, "policy_set")
