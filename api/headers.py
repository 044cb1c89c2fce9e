"""What every answer carries: nothing else may run, frame, guess or keep it."""

from collections.abc import Callable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import problems

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
ALWAYS = tuple(
    (name.encode(), value.encode())
    for name, value in {
        "content-security-policy": POLICY,
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        # Not `no-referrer`: with it browsers call the origin of our own forms `null`.
        "referrer-policy": "same-origin",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "permissions-policy": "camera=(), geolocation=(), microphone=()",
    }.items()
)
NOT_KEPT = (b"cache-control", b"no-store")  # unless the route says otherwise


class AnswerHeaders:
    """The outermost layer: headers on every answer, and an answer to every defect."""

    def __init__(self, app: ASGIApp, *, seen: Callable[[int], None]) -> None:
        self._app = app
        self._seen = seen

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass it on; what comes back is complete in any case."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = False

        async def complete(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                headers = [*message["headers"], *ALWAYS]
                if not any(name == b"cache-control" for name, _ in message["headers"]):
                    headers.append(NOT_KEPT)
                message = {**message, "headers": headers}
                self._seen(message["status"])
            await send(message)

        try:
            await self._app(scope, receive, complete)
        except Exception as error:
            method, path = scope["method"], _pattern(scope)
            answer = problems.unexpected(error, method=method, path=path)
            if begun:
                raise  # half an answer is out; all that is left is to cut the line
            await answer(scope, receive, complete)


def _pattern(scope: Scope) -> str:
    """The route's own path: what stands in a real one may name somebody."""
    return str(getattr(scope.get("route"), "path", "?"))
