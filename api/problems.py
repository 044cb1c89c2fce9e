"""Refusals as problem documents (RFC 9457): what is wrong, and what would mend it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any
from uuid import uuid4

import psycopg
from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from domain import errors
from domain.errors import Lack, RefusedError, refusals
from infra.logs import log
from infra.postgres.appender import PASSING, UnavailableError

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_S = 2
WORDS_MAX = 200  # of what a lack says; a field's name may come from outside

STATUS: Mapping[type[RefusedError], int] = {
    errors.UnreadableError: 400,
    errors.NotPermittedError: 403,
    errors.UnknownComplaintError: 404,
    errors.UnknownNoticeError: 404,
    errors.UnknownRecordError: 404,
    errors.UnknownClusterError: 404,
    errors.UnknownAccountError: 404,
    errors.UnknownMessageError: 404,
    errors.NotAllowedError: 409,
    errors.NotReadyError: 409,
    errors.NameTakenError: 409,
    errors.ErasedError: 409,
    errors.ChangedMeanwhileError: 412,
    errors.TooLargeError: 413,
    errors.InvalidError: 422,
    errors.MessageReusedError: 422,
    errors.VersionNeededError: 428,
    errors.BusyError: 503,
    errors.UnreachableError: 503,
}
# What HTTP itself refuses, before the ledger is asked.
AT_THE_DOOR: Mapping[str, tuple[int, str]] = {
    "bad-request": (400, "This is not a request we can read."),
    "unknown-host": (400, "This ledger does not answer to that host name."),
    "not-signed-in": (401, "Sign in first, or send a key."),
    "foreign-origin": (403, "Another web site may not write here."),
    "not-found": (404, "There is nothing at this address."),
    "method-not-allowed": (405, "This address does not take that method."),
    "too-slow": (408, "The request did not arrive in time."),
    "address-too-long": (414, "The address is longer than we read."),
    "media-type": (415, "This address does not take that kind of body."),
    "too-many-tries": (429, "Too many tries; wait a quarter of an hour."),
    "headers-too-large": (431, "The headers are more than we read."),
    "defect": (500, "Something is broken on our side; nothing was recorded by this."),
    "conflict": (
        409,
        "Another message says otherwise; both are kept, and somebody decides.",
    ),
    "unavailable": (503, "The store does not answer now; send the same message again."),
}
_OF_STATUS = {404: "not-found", 405: "method-not-allowed", 415: "media-type"}


class DoorError(Exception):
    """HTTP is not spoken as we expect; the code says how."""

    def __init__(self, code: str, *lacks: Lack) -> None:
        super().__init__(code)
        self.code = code
        self.lacks = lacks


def document(  # each part of it is named in RFC 9457 or in the API's description
    code: str,
    *,
    status: int,
    title: str,
    lacks: Sequence[Lack] = (),
    version: int | None = None,
) -> dict[str, Any]:
    """One problem. Its instance is the name under which the log speaks of it."""
    said: dict[str, Any] = {
        "type": f"/problems/{code}",
        "title": title,
        "status": status,
        "code": code,
        "lacks": [{k: plain(v) for k, v in asdict(lack).items()} for lack in lacks],
        "instance": f"urn:uuid:{uuid4()}",
    }
    return said if version is None else {**said, "version": version}


def of_refusal(refused: RefusedError) -> dict[str, Any]:
    """A refusal of the ledger's as a problem."""
    return document(
        refused.code(),
        status=STATUS[type(refused)],
        title=str(refused.__doc__),
        lacks=refused.lacks,
        version=refused.version,
    )


def at_the_door(code: str, *lacks: Lack) -> dict[str, Any]:
    """A refusal of HTTP's as a problem."""
    status, title = AT_THE_DOOR[code]
    return document(code, status=status, title=title, lacks=lacks)


def answered(said: dict[str, Any], headers: Mapping[str, str] | None = None) -> Response:
    """A problem as an answer."""
    more = dict(headers or {})
    if said["status"] in {408, 503}:
        more["Retry-After"] = str(RETRY_AFTER_S)
    return JSONResponse(said, said["status"], more, MEDIA_TYPE)


def unexpected(error: Exception, *, method: str, path: str) -> Response:
    """A defect: logged under the name the answer gives, and told nothing about."""
    said = at_the_door("defect")
    log.error(
        "request_failed",
        correlation_id=said["instance"],
        method=method,
        path=path,
        exc_info=error,
    )
    return answered(said)


def passing(error: Exception) -> bool:
    """Whether the same request may well be answered later: the store was away."""
    state = error.sqlstate if isinstance(error, psycopg.Error) else None
    return state is None or state[:2] in PASSING


def plain(text: str) -> str:
    """Printable and short, since it may have come from outside."""
    shown = (c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
    return "".join(shown)[:WORDS_MAX]


def show(app: FastAPI) -> None:
    """Answer every refusal with its status; anything else is a defect."""

    @app.exception_handler(RefusedError)
    async def refused(_: Request, error: RefusedError) -> Response:
        return answered(of_refusal(error))

    @app.exception_handler(DoorError)
    async def turned_away(_: Request, error: DoorError) -> Response:
        return answered(at_the_door(error.code, *error.lacks))

    @app.exception_handler(UnavailableError)
    @app.exception_handler(psycopg.OperationalError)
    @app.exception_handler(psycopg.InterfaceError)
    async def away(_: Request, error: Exception) -> Response:
        if not passing(error):
            raise error
        said = at_the_door("unavailable")
        log.warning("store_away", correlation_id=said["instance"], exc_info=error)
        return answered(said)

    @app.exception_handler(HTTPException)
    async def framework(_: Request, error: HTTPException) -> Response:
        said = at_the_door(_OF_STATUS.get(error.status_code, "bad-request"))
        said["status"] = error.status_code
        return answered(said, error.headers)

    @app.exception_handler(RequestValidationError)
    async def shape(_: Request, error: RequestValidationError) -> Response:
        lacks = [
            Lack(".".join(str(step) for step in wrong["loc"][1:]), str(wrong["msg"]))
            for wrong in error.errors()
        ]
        return answered(of_refusal(errors.InvalidError(*lacks)))


router = APIRouter(prefix="/problems", tags=["problems"])


@router.get("")
async def every_kind() -> dict[str, dict[str, Any]]:
    """Every kind of problem this API answers with: its status and what it means."""
    ours = {c: (STATUS[kind], str(kind.__doc__)) for c, kind in refusals().items()}
    every = {**AT_THE_DOOR, **ours}
    return {c: {"status": s, "title": title} for c, (s, title) in sorted(every.items())}


@router.get("/{code}")
async def one_kind(code: str) -> dict[str, Any]:
    """What one `type` of a problem document means."""
    known = await every_kind()
    if code not in known:
        raise DoorError("not-found", Lack("code", f"one of {', '.join(known)}"))
    return {"type": f"/problems/{code}", "code": code, **known[code]}


def as_bytes(said: dict[str, Any]) -> bytes:
    """A problem document as it goes over the wire."""
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()
