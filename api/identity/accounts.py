"""Accounts over HTTP: who there is, what they hold, and what is said of them."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from api import openapi
from api.asked import SOURCE, body_of, counted, message_of
from api.identity import signing_in
from api.identity.administering import identity_of, say
from api.identity.identity import Known
from api.parts import Parts, apart, parts_in, parts_of
from api.shown import shown
from domain.account import Kind, RoleGranted
from domain.deeds import ACCOUNT_DEEDS, Deed, Shape
from domain.words import Line

Route = Callable[[str, Request], Awaitable[Response]]
PROBLEMS = {400, 401, 403, 404, 409, 413, 415, 422, 503}

router = APIRouter(prefix="/accounts", tags=["accounts"])


class AccountBody(Shape):
    """Somebody gets an account; what they may do is said of it afterwards."""

    name: Line
    login: Line
    kind: Kind = "person"


class Grant(BaseModel):
    """One role, where it holds, and whether a second person confirmed it."""

    model_config = ConfigDict(extra="forbid")

    grant: int
    role: str
    sites: list[str] | None = Field(description="null: all of them")
    without: list[str]
    acts_as: list[str] = Field(description="roles of regulations held with it")
    until: str | None
    confirmed: bool
    by: str


class AccountShown(BaseModel):
    """One account as it stands."""

    model_config = ConfigDict(extra="forbid")

    person: str
    kind: Kind
    name: str
    login: str
    version: int
    enrolled: bool
    locked: bool
    roles: list[Grant]
    keys: list[dict[str, Any]]


class AccountsShown(BaseModel):
    """Everybody who has an account."""

    model_config = ConfigDict(extra="forbid")

    accounts: list[AccountShown]


class AccountTold(BaseModel):
    """Where the account stands now; a key or a code is shown here and nowhere else."""

    model_config = ConfigDict(extra="forbid")

    person: str
    version: int | None = None
    position: int | None = None
    key: str | None = None
    code: str | None = Field(default=None, description="opens /welcome once")
    expires_at: AwareDatetime | None = None


SHAPES: tuple[type[BaseModel], ...] = (
    AccountBody,
    AccountShown,
    AccountsShown,
    AccountTold,
    *(deed.shape for deed in ACCOUNT_DEEDS.values()),
)


@router.get("", response_model=None, **openapi.of_read("AccountsShown", PROBLEMS))
async def every(parts: Annotated[Parts, Depends(parts_of)]) -> Response:
    """Everybody who has an account, with what they hold."""
    parts.operator.has_to("read_accounts")
    found = await apart(identity_of(parts).everybody)
    return shown({"accounts": [_shown(one) for one in found]}, parts.zone)


@router.get("/{person}", response_model=None, **openapi.of_read("AccountShown", PROBLEMS))
async def one(person: str, parts: Annotated[Parts, Depends(parts_of)]) -> Response:
    """One account."""
    parts.operator.has_to("read_accounts")
    return shown(_shown(await apart(identity_of(parts).named, person)), parts.zone)


@router.post(
    "",
    response_model=None,
    status_code=201,
    summary="account.created",
    **openapi.of_command(AccountBody, 201, PROBLEMS, answers="AccountTold"),
)
async def opened(request: Request) -> Response:
    """Open an account: for a person with the code that lets them choose a password."""
    parts = parts_in(request)
    with counted(parts, "account.created"):
        parts.operator.has_to("account.created")
        identity = identity_of(parts)
        _, body = await body_of(request, parts, AccountBody)
        person = await signing_in.open_account(
            identity, parts.operator.as_who(SOURCE), body.kind, body.name, body.login
        )
        said: dict[str, Any] = {"person": person}
        if body.kind == "person":
            known = await apart(identity.named, person)
            said["code"] = await signing_in.invite(identity, known)
    headers = {"Location": f"/accounts/{person}"}
    return shown(said, parts.zone, status=201, headers=headers)


@router.post(
    "/{person}/link",
    response_model=None,
    summary="a new code for choosing a password",
    **openapi.of_read("AccountTold", PROBLEMS),
)
async def linked(person: str, request: Request) -> Response:
    """A code with which this person chooses a new password, once."""
    parts = parts_in(request)
    parts.operator.has_to("account.created")
    identity = identity_of(parts)
    known = await apart(identity.named, person)
    code = await signing_in.invite(identity, known)
    return shown({"person": person, "code": code}, parts.zone)


def route(deed: Deed) -> Route:
    """The route of one deed about an account."""

    async def told(person: str, request: Request) -> Response:
        parts = parts_in(request)
        with counted(parts, deed.event.TOPIC):
            parts.operator.has_to(deed.event.TOPIC)
            raw, body = await body_of(request, parts, deed.shape)
            message = message_of(request, parts, raw)
            said = await say(parts, person, deed, body, message, SOURCE)
        now = {
            "person": person,
            "version": said.receipt.version,
            "position": said.receipt.position,
        }
        return shown(now | ({"key": said.key} if said.key else {}), parts.zone)

    return told


for _deed in ACCOUNT_DEEDS.values():
    router.add_api_route(
        f"/{{person}}/{_deed.name}",
        route(_deed),
        methods=["POST"],
        response_model=None,
        status_code=200,
        name=_deed.event.TOPIC,
        summary=_deed.event.TOPIC,
        description=str(_deed.do.__doc__),
        **openapi.of_command(_deed.shape, 200, PROBLEMS, answers="AccountTold"),
    )


def _shown(known: Known) -> dict[str, Any]:
    account = known.account
    return {
        "person": account.person,
        "kind": account.kind,
        "name": known.name,
        "login": known.login,
        "version": account.version,
        "enrolled": account.enrolled,
        "locked": account.locked,
        "roles": [_grant(g, n in account.confirmed) for n, g in account.granted.items()],
        "keys": [
            {"key_id": k.key_id, "scopes": list(k.scopes), "expires_at": k.expires_at}
            for k in account.keys.values()
        ],
    }


def _grant(given: RoleGranted, confirmed: bool) -> dict[str, Any]:
    return {
        "grant": given.originator_version,
        "role": given.role,
        "sites": None if given.sites is None else list(given.sites),
        "without": list(given.without),
        "acts_as": list(given.acts_as),
        "until": given.until.isoformat() if given.until else None,
        "confirmed": confirmed,
        "by": given.who.by,
    }
