"""Routes for browsers only: a program that asks at the same address gets the data."""

from fastapi.routing import APIRoute
from starlette.routing import Match
from starlette.types import Scope


class ForPeople(APIRoute):
    """Answers browsers; a program that asks at the same address gets the data."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Only when the asker reads HTML."""
        wanted = dict(scope.get("headers", ())).get(b"accept", b"")
        return super().matches(scope) if b"text/html" in wanted else (Match.NONE, {})
