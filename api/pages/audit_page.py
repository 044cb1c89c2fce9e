"""The audit page: what is sealed and signed, what was found, and how to check it alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from psycopg import Connection

from api.condition import SEALER
from api.identity.sites import complaint_of
from api.pages.page import Page
from api.parts import reading
from infra.proof import store
from infra.proof.store import Head
from projections import freshness
from projections.snapshot import snapshot

router = APIRouter(include_in_schema=False)

FINDINGS = """
SELECT f.tree, f.position, f.words, f.found_at, c.key, e.version
  FROM sealing.finding AS f
  LEFT JOIN ledger.event AS e ON e.position = f.position
  LEFT JOIN ledger.claim AS c ON c.name = 'number' AND c.stream = e.stream
 WHERE f.gone_at IS NULL ORDER BY f.position LIMIT 100
"""
KEY, PROGRAM = "KEY", "verify.py"


@dataclass(frozen=True, slots=True)
class Found:
    """Something that is not as it was sealed."""

    tree: str
    position: int
    words: str
    found_at: datetime
    number: str | None
    version: int | None


@dataclass(frozen=True, slots=True)
class Audit:
    """One look at the proof."""

    head: Head
    waiting: int  # recorded, and not sealed yet
    runs: bool
    note: str | None
    findings: Sequence[Found]

    @property
    def signed_at(self) -> datetime | None:
        """When the last checkpoint was signed."""
        lines = (self.note or "").splitlines()
        return datetime.fromisoformat(lines[4].split(" ")[1]) if lines else None

    @property
    def key_name(self) -> str:
        """Whose signature it is, to be compared with the key that an auditor has."""
        return (self.note or "").partition("\n")[0].rpartition("/")[0]


@router.get("/audit")
async def audit(request: Request) -> Response:
    """What anybody who doubts the ledger asks first; `number` leads to a bundle."""
    page = await Page.open(request)
    page.parts.operator.has_to("read")
    if number := request.query_params.get("number", "").strip():
        await complaint_of(page.parts, number)  # refused if there is none
        return RedirectResponse(f"/complaints/{quote(number, safe='')}/bundle", 303)
    found = await reading(page.parts, _look)
    return page.shows(
        "audit.html",
        audit=found,
        anchored=page.parts.mode == "kafka",
        program=PROGRAM,
        command=f"python3 {PROGRAM} BUNDLE.json --key {KEY}",
        whole=f"ledger verify --key {KEY}",
    )


def _look(conn: Connection[Any]) -> Audit:
    with snapshot(conn):
        row = conn.execute(SEALER, [freshness.SILENT_S]).fetchone()
        assert row is not None
        return Audit(
            head=store.head(conn),
            waiting=max(row[1], 0),
            runs=row[5],
            note=store.latest(conn),
            findings=[Found(*each) for each in conn.execute(FINDINGS).fetchall()],
        )
