"""Gate: who asks, found out before any route is reached; nobody else comes in."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from api import problems
from api.identity import looks
from api.identity.identity import Identity
from api.identity.permissions import ANYBODY, ROLES, Person
from api.parts import Parts, apart
from api.problems import DoorError
from domain.errors import Lack, RefusedError

SESSION, TRIAL_ROLE = "ledger_session", "ledger_role"
OPEN = ("/static/", "/sign-in", "/setup", "/welcome", "/health", "/problems")
KEY_BYTES_MAX = 8_192
SEE_OTHER = 303
RENEWS_ITSELF = "/freshness"  # each page asks for it, whether anybody sits there or not

Ask = Callable[[Scope, Receive, Send], Awaitable[None]]


class Gate:
    """Puts whoever asks into the parts of the request; or says that they sign in first."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what somebody asks; the rest is answered here."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        answer: Ask = self._app
        try:
            refused = await self._let_in(Request(scope))
            answer = refused or answer
        except DoorError as error:
            answer = problems.answered(problems.at_the_door(error.code, *error.lacks))
        except RefusedError as refusal:
            answer = problems.answered(problems.of_refusal(refusal))
        await answer(scope, receive, send)

    async def _let_in(self, request: Request) -> Response | None:
        parts: Parts = request.app.state.parts
        if parts.identity is None:
            if parts.trial:
                _ask_as(request, parts, _on_trial(request, parts))
            return None
        asks = await _who(request, parts, parts.identity)
        _ask_as(request, parts, asks or ANYBODY)
        if asks is not None and (kind := looks.kind_of(request, asks)) is not None:
            pool, now = parts.identity.credentials.pool, parts.identity.clock()
            await apart(looks.note, pool, request, asks, kind, now)
        if asks is not None or request.url.path.startswith(OPEN):
            return None
        if _is_visit(request):
            here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
            return RedirectResponse(f"/sign-in?{urlencode({'next': here})}", SEE_OTHER)
        said = problems.at_the_door("not-signed-in", Lack("Authorization", "send a key"))
        return problems.answered(said, {"WWW-Authenticate": "Bearer"})


def _is_visit(request: Request) -> bool:
    """Whether somebody opens a page, and no script asks for a piece of one."""
    says = request.headers
    opens = says.get("sec-fetch-mode", "navigate") == "navigate"
    return request.method == "GET" and opens and "text/html" in says.get("accept", "")


def cookie_name(parts: Parts, name: str) -> str:
    """A cookie that no other host or path can set, where there is TLS."""
    return f"__Host-{name}" if parts.secure else name


def _ask_as(request: Request, parts: Parts, person: Person) -> None:
    request.state.parts = replace(parts, operator=person)


def _on_trial(request: Request, parts: Parts) -> Person:
    """Whoever tries this out, in the role they chose: each role is a person of its own."""
    role = request.cookies.get(TRIAL_ROLE, "")
    if role not in ROLES:
        return parts.operator
    return Person(f"p-trial-{role.replace('_', '-')}", role, parts.operator.name)


async def _who(request: Request, parts: Parts, identity: Identity) -> Person | None:
    said = request.headers.get("authorization")
    if said is not None:
        scheme, _, text = said.partition(" ")
        if scheme.lower() != "bearer" or len(text) > KEY_BYTES_MAX:
            raise DoorError("not-signed-in", Lack("Authorization", "send a bearer key"))
        program = await apart(identity.of_key, text)
        if program is None:
            raise DoorError(
                "not-signed-in", Lack("Authorization", "this key opens nothing")
            )
        return program
    cookie = request.cookies.get(cookie_name(parts, SESSION))
    if not cookie:
        return None
    at_work = request.url.path != RENEWS_ITSELF
    here = await apart(identity.of_session, cookie, at_work=at_work)
    if here is None:
        return None
    request.state.here = here
    return identity.acting(here.known, here.chosen)
