"""Signing in and out, the set-up, a first password, and the role somebody acts in."""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from api.identity import signing_in
from api.identity.administering import identity_of
from api.identity.gate import SESSION, TRIAL_ROLE, cookie_name
from api.identity.identity import Here
from api.identity.permissions import ROLES
from api.pages.page import Page
from api.pages.sent import Sent, sent
from api.parts import apart
from api.problems import STATUS, DoorError
from domain.errors import InvalidError, Lack, RefusedError

router = APIRouter(include_in_schema=False)

FORBIDDEN, WRONG, SEE_OTHER = 403, 422, 303
HOME = "/ledger"


@router.get("/sign-in")
async def sign_in(request: Request) -> Response:
    """Where one signs in; before anybody can, where the set-up begins."""
    page = Page(request)
    identity = identity_of(page.parts)
    if not await apart(identity.is_set_up):
        return RedirectResponse("/setup", SEE_OTHER)
    onward = _ours(page.asks.get("next", ""))
    return page.shows("sign_in.html", login="", next=onward, message=None)


@router.post("/sign-in")
async def signed_in(request: Request) -> Response:
    """Begin a session, or say that it was not right; never which of the two."""
    page, form = Page(request), await sent(request)
    identity = identity_of(page.parts)
    login, onward = form.texts.get("login", ""), _ours(form.texts.get("next", ""))
    if not form.is_ours:
        said, status, cookie = page.w("form.stale_token"), FORBIDDEN, None
    else:
        address = request.client.host if request.client else "?"
        password = form.texts.get("password", "")
        cookie = await signing_in.sign_in(identity, login, password, address)
        said, status = page.w("sign_in.wrong"), WRONG
    if cookie is None:
        return page.shows("sign_in.html", status, login=login, next=onward, message=said)
    answer = RedirectResponse(onward, SEE_OTHER)
    _keep(page, answer, SESSION, cookie)
    return answer


@router.post("/sign-out")
async def signed_out(request: Request) -> Response:
    """End this session."""
    page, form = Page(request), await sent(request)
    identity = identity_of(page.parts)
    here: Here | None = getattr(request.state, "here", None)
    if not form.is_ours:
        raise DoorError("foreign-origin")
    if here is not None:
        await apart(identity.credentials.end, session=here.session.digest)
    answer = RedirectResponse("/sign-in", SEE_OTHER)
    answer.delete_cookie(cookie_name(page.parts, SESSION), secure=page.parts.secure)
    return answer


@router.post("/role")
async def acts_in(request: Request) -> Response:
    """Act in another role of one's own from now on; in the trial, in any."""
    page, form = Page(request), await sent(request)
    if not form.is_ours:
        raise DoorError("foreign-origin")
    chosen, onward = form.texts.get("role", ""), _ours(form.texts.get("next", ""))
    answer = RedirectResponse(onward, SEE_OTHER)
    if page.parts.trial and chosen in ROLES:
        _keep(page, answer, TRIAL_ROLE, chosen)
        return answer
    here: Here | None = getattr(request.state, "here", None)
    if here is None or chosen not in {str(hat.nth) for hat in here.hats}:
        raise DoorError("bad-request")
    store = identity_of(page.parts).credentials
    await apart(store.act_in, here.session.digest, int(chosen))
    return answer


@router.get("/setup")
async def set_up(request: Request) -> Response:
    """Where the first administrator is made, with the code that the terminal showed."""
    page = Page(request)
    if await apart(identity_of(page.parts).is_set_up):
        return RedirectResponse("/sign-in", SEE_OTHER)
    return page.shows("setup.html", texts={}, message=None)


@router.post("/setup")
async def was_set_up(request: Request) -> Response:
    """Make them, and let them sign in."""
    page, form = Page(request), await sent(request)
    identity = identity_of(page.parts)
    try:
        code, name, login, password = _typed(form, "link_code", "name", "login", "password")
        await signing_in.set_up(identity, code, name, login, password)
    except RefusedError as refused:
        return _refused(page, "setup.html", form, refused)
    return RedirectResponse("/sign-in", SEE_OTHER)


@router.get("/welcome")
async def welcome(request: Request) -> Response:
    """Where somebody chooses a password, with a code that an administrator gave them."""
    return Page(request).shows("welcome.html", texts={}, message=None)


@router.post("/welcome")
async def welcomed(request: Request) -> Response:
    """Keep the password, and let them sign in."""
    page, form = Page(request), await sent(request)
    try:
        code, password = _typed(form, "link_code", "password")
        await signing_in.enrol(identity_of(page.parts), code, password)
    except RefusedError as refused:
        return _refused(page, "welcome.html", form, refused)
    return RedirectResponse("/sign-in", SEE_OTHER)


def _typed(form: Sent, *names: str) -> list[str]:
    """What was typed in each of these fields; refused while one is empty."""
    if not form.is_ours:
        raise DoorError("foreign-origin")
    texts = [form.texts.get(name, "").strip() for name in names]
    if lacks := [
        Lack(n, "Field required") for n, t in zip(names, texts, strict=True) if not t
    ]:
        raise InvalidError(*lacks)
    return texts


def _refused(page: Page, template: str, form: Sent, refused: RefusedError) -> Response:
    said = [
        page.w(
            "frame.labelled", label=page.w.field(lack.field), said=page.w.sentence(lack.fix)
        )
        for lack in refused.lacks
    ]
    kept = {n: v for n, v in form.texts.items() if n != "password"}
    status = STATUS[type(refused)]
    return page.shows(template, status, texts=kept, message="; ".join(said))


def _ours(address: str) -> str:
    """An address of this ledger; of any other nothing is left."""
    strange = not address.startswith("/") or address.startswith("//") or "\\" in address
    return HOME if strange else address


def _keep(page: Page, answer: Response, name: str, value: str) -> None:
    parts = page.parts
    answer.set_cookie(
        cookie_name(parts, name), value, httponly=True, samesite="lax", secure=parts.secure
    )
