"""Page: what every page shows around itself: language, freshness, who asks, a token."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from psycopg import Connection

from api.identity.identity import Here
from api.identity.permissions import ROLES
from api.pages import money, shown, static
from api.pages.shown import Shown
from api.pages.words import FOLDER, LANGS, Lang, WordList, word_list
from api.parts import parts_in, reading
from projections import freshness
from projections.freshness import Freshness, NotInstalledError

LANGUAGE, TOKEN = "ledger_language", "ledger_form"
YEAR_S = 365 * 24 * 3600
TABLE = "tracking"  # the read model whose freshness every page shows
MORE_THAN_ONE = 2
STALE_S = 10.0  # more behind than this, and a page says so above its content

_templates = Environment(
    loader=FileSystemLoader(FOLDER.parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.globals |= {
    "number": shown.number,
    "text": shown.text,
    "marked": shown.marked,
    "icon": shown.icon,
    "bold": shown.bold,
    "money": money.amount,
    "asset": static.address,
}


@dataclass(frozen=True, slots=True)
class Role:
    """A role that the person may choose to act in."""

    value: str
    role: str
    of: str | None  # in whose place
    chosen: bool


class Page:
    """One answer to one person: in their language, in the site's zone."""

    def __init__(self, request: Request, *, fresh: Freshness | None = None) -> None:
        self.parts = parts_in(request)
        self.fresh = fresh
        self.lang = language(request, self.parts.language)
        self.w: WordList = word_list(self.lang)
        self.now = self.parts.now()
        self.shown = Shown(self.w, self.parts.zone, self.now)
        self._request = request
        self._known = request.cookies.get(TOKEN, "")
        self._token = ""

    @classmethod
    async def open(cls, request: Request) -> "Page":
        """The page with the freshness of the tracking table."""
        parts = parts_in(request)
        return cls(request, fresh=await reading(parts, _fresh))

    @property
    def token(self) -> str:
        """What a form of this page sends back, to show that it was ours."""
        self._token = self._token or self._known or secrets.token_urlsafe(32)
        return self._token

    @property
    def roles(self) -> list[Role]:
        """What the person may act as instead; empty when there is no choice."""
        me = self.parts.operator
        if self.parts.trial:
            return [Role(one, one, None, one == me.role) for one in ROLES]
        here: Here | None = getattr(self._request.state, "here", None)
        if here is None or len(here.hats) < MORE_THAN_ONE:
            return []
        return [
            Role(str(hat.nth), hat.grant.role, hat.of, hat == here.chosen)
            for hat in here.hats
        ]

    @property
    def is_empty(self) -> bool:
        """Whether nothing was ever recorded."""
        return self.fresh is not None and self.fresh.head_position == 0

    @property
    def is_stale(self) -> bool:
        """Whether the table is so far behind that somebody has to be told."""
        return self.fresh is not None and self.fresh.lag_seconds > STALE_S

    @property
    def path(self) -> str:
        """Where we are."""
        return self._request.url.path

    @property
    def asks(self) -> Mapping[str, str]:
        """The questions of this address."""
        return self._request.query_params

    def at(self, **changes: str | None) -> str:
        """This address with some of its questions changed; `None` takes one out."""
        return address(self.path, dict(self._request.query_params) | changes)

    def in_zone(self, zone: str) -> "Page":
        """The same page, with times on the clock of another place."""
        self.shown = self.clock(zone)
        return self

    def clock(self, zone: str) -> Shown:
        """How times look at the place of one complaint."""
        return Shown(self.w, zone, self.now)

    def shows(self, template: str, status: int = 200, **what: object) -> HTMLResponse:
        """The page itself."""
        around = {"page": self, "w": self.w, "shown": self.shown, "me": self.parts.operator}
        html = _templates.get_template(template).render({**around, **what})
        answer = HTMLResponse(html, status)
        if self._request.query_params.get("lang") in LANGS:
            self._keep(answer, LANGUAGE, self.lang, max_age=YEAR_S)
        if self._token and self._token != self._known:
            self._keep(answer, TOKEN, self._token, max_age=None)
        return answer

    def _keep(
        self, answer: HTMLResponse, name: str, value: str, *, max_age: int | None
    ) -> None:
        secure = self.parts.secure or self._request.url.scheme == "https"
        answer.set_cookie(
            name, value, max_age, httponly=True, samesite="strict", secure=secure
        )


def is_ours(request: Request, sent: str) -> bool:
    """Whether a form that was sent came from a page of ours, for this browser."""
    kept = request.cookies.get(TOKEN, "")
    return bool(kept) and secrets.compare_digest(kept.encode(), sent.encode())


def language(request: Request, first: Lang) -> Lang:
    """The address says it; else what it said last; else the settings."""
    for said in (request.query_params.get("lang"), request.cookies.get(LANGUAGE)):
        for lang in LANGS:
            if said == lang:
                return lang
    return first


def address(path: str, questions: Mapping[str, str | None]) -> str:
    """A path with its questions, without those that ask nothing."""
    asked = urlencode({name: said for name, said in questions.items() if said})
    return f"{path}?{asked}" if asked else path


def _fresh(conn: Connection[Any]) -> Freshness | None:
    try:
        return freshness.read(conn, TABLE)
    except NotInstalledError:
        return None  # It is being made; the page says so.
