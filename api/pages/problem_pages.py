"""Problem pages: what a program reads as a problem document, a browser is told in words."""

import json
from typing import Any

from fastapi import Request
from fastapi.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.pages.page import Page
from api.pages.words import WordList
from api.problems import MEDIA_TYPE

READS = {"GET", "HEAD"}
OF_THE_BODY = {b"content-type", b"content-length"}


class ProblemPages:
    """The outermost layer: a problem on its way to a browser becomes a page of ours."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is no problem, or not for a browser; the rest is told in words."""
        if scope["type"] != "http" or not _is_browser(scope):
            await self._app(scope, receive, send)
            return
        held = _Held(scope, send)
        await self._app(scope, receive, held)


class _Held:
    """Keeps a problem document back until it is whole, and sends the page instead."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self._scope = scope
        self._send = send
        self._start: Message | None = None
        self._body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _is_problem(message):
            self._start = message
            return
        if self._start is None:
            await self._send(message)
            return
        self._body += message.get("body", b"")
        if not message.get("more_body", False):
            await self._tell(self._start)

    async def _tell(self, start: Message) -> None:
        page = _page(Request(self._scope), json.loads(self._body))
        theirs = [h for h in start["headers"] if h[0].lower() not in OF_THE_BODY]
        ours = [h for h in page.raw_headers if h[0] in OF_THE_BODY]
        await self._send({**start, "headers": [*theirs, *ours]})
        await self._send({"type": "http.response.body", "body": bytes(page.body)})


def _is_browser(scope: Scope) -> bool:
    """Browsers ask for pages by name; programs ask for anything, or for JSON."""
    accept = b",".join(value for name, value in scope["headers"] if name == b"accept")
    return b"text/html" in accept


def _is_problem(start: Message) -> bool:
    kinds = (value for name, value in start["headers"] if name.lower() == b"content-type")
    return any(kind.startswith(MEDIA_TYPE.encode()) for kind in kinds)


def _page(request: Request, said: dict[str, Any]) -> Response:
    page = Page(request)
    return page.shows(
        "problem.html",
        said["status"],
        title=_title(page.w, said["code"]),
        lines=[_line(page.w, lack) for lack in said["lacks"]],
        http_status=said["status"],
        code=said["code"],
        instance=said["instance"],
        changing=request.method not in READS,
    )


def _title(w: WordList, code: str) -> str:
    for kind in ("refusal", "problem_title"):
        if f"{kind}.{code}" in w:
            return str(w(f"{kind}.{code}"))
    return str(w("problem.title"))


def _line(w: WordList, lack: dict[str, str]) -> str:
    """What stands in the way, with the name of the field where it has one."""
    said = w.sentence(lack["fix"])
    label = w.label(lack["field"])
    words = str(w("frame.labelled", label=label, said=said)) if label else said
    return f"{words} · {lack['clause']}" if lack["clause"] else words
