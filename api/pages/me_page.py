"""Me: what I hold, my password, and every session of mine ended at once."""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from api.identity import signing_in
from api.identity.administering import identity_of, say
from api.identity.identity import Here
from api.pages.page import Page
from api.pages.sent import SOURCE, Sent, sent
from api.problems import STATUS, DoorError
from domain.deeds import ACCOUNT_DEEDS
from domain.entry import Message
from domain.errors import InvalidError, Lack, RefusedError

router = APIRouter(include_in_schema=False)

FORBIDDEN, SEE_OTHER = 403, 303


@router.get("/me")
async def me(request: Request) -> Response:
    """My own account."""
    page = await Page.open(request)
    return _shows(page, _here(request))


@router.post("/me/password")
async def password(request: Request) -> Response:
    """Choose another password, knowing the old one; then sign in with it."""
    page, form, here = await Page.open(request), await sent(request), _here(request)
    identity = identity_of(page.parts)
    if not form.is_ours:
        return _shows(page, here, FORBIDDEN, str(page.w("form.stale_token")))
    try:
        old = form.texts.get("old_password", "")
        address = request.client.host if request.client else "?"
        if not await signing_in.is_them(identity, here.known, old, address):
            raise InvalidError(Lack("old_password", "this is not your password"))
        chosen = form.texts.get("password", "")
        await signing_in.choose_password(identity, here.known, chosen, by_link=False)
    except RefusedError as refused:
        why = "; ".join(page.w.sentence(lack.fix) for lack in refused.lacks)
        return _shows(page, here, STATUS[type(refused)], why)
    return RedirectResponse("/sign-in", SEE_OTHER)


@router.post("/me/signed_out")
async def signed_out(request: Request) -> Response:
    """End every session of mine, wherever it is."""
    page, form, here = await Page.open(request), await sent(request), _here(request)
    if not form.is_ours:
        return _shows(page, here, FORBIDDEN, str(page.w("form.stale_token")))
    deed = ACCOUNT_DEEDS["signed_out"]
    message, person = _message(page, form), here.known.account.person
    await say(page.parts, person, deed, deed.shape(), message, SOURCE)
    return RedirectResponse("/sign-in", SEE_OTHER)


def _here(request: Request) -> Here:
    """Whoever is signed in; a program and a trial have no such page."""
    here: Here | None = getattr(request.state, "here", None)
    if here is None:
        raise DoorError("not-found")
    return here


def _message(page: Page, form: Sent) -> Message:
    return form.message(page.parts, page.path, b"")


def _shows(page: Page, here: Here, status: int = 200, message: str = "") -> Response:
    known, hats = here.known, here.hats
    facts = {"known": known, "account": known.account, "hats": hats, "message": message}
    return page.shows("me.html", status, **facts)
