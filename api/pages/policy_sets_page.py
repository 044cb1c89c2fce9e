"""The page of the policy set: which regulation governs what, and how that came to be."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.pages.for_people import ForPeople
from api.pages.page import Page
from api.pages.publication_words import history, scope_in, waiting
from api.parts import apart
from api.publishing import press_of

router = APIRouter(include_in_schema=False, route_class=ForPeople)


@router.get("/policy-sets")
async def policy_set(request: Request) -> Response:
    """Line by line what governs what, what waits for its approval, and every version."""
    page = await Page.open(request)
    page.parts.operator.has_to("read")
    policy = await apart(page.parts.opened.policies.look)
    sets = await apart(press_of(page.parts).each, "policy_set")
    return page.shows(
        "policy_set.html",
        policy=policy.policy_set,
        scope=scope_in(page),
        waiting=[one for each in sets for one in waiting(each)],
        history=[one for each in sets for one in history(each)],
    )
