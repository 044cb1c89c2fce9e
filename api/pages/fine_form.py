"""The form of a fine: the act first, then the clauses that fit it, then the amount."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from api.asked import counted, timed
from api.pages.case import Case, case
from api.pages.catalog_words import CatalogWords, catalog_words
from api.pages.choices import named
from api.pages.controls import Wrong
from api.pages.fen import fen_of
from api.pages.page import Page
from api.pages.sent import SOURCE, Sent, checked, sent
from api.penalty_deeds import judged, offence_of
from api.penalty_shapes import OffenceBody
from api.problems import STATUS
from domain.complaint.state import Complaint
from domain.errors import RefusedError, VersionNeededError
from domain.event import Stream
from domain.ledger import Request as Asked
from domain.ledger import aside
from domain.penalty_fine import fine
from domain.penalty_life import penalties_of
from domain.penalty_offence import state_offence
from domain.penalty_proposal import Terms
from domain.rulebooks.catalog import Catalog
from domain.rulebooks.facts import CORE
from domain.rulebooks.fines import candidates
from domain.rulebooks.rulebook import Rules

router = APIRouter(include_in_schema=False)

SEE_OTHER, WRONG = 303, 422
ACT = ("account", "person", "unit", "role", "act", "on", "occasion")
FACT, EACH = "f.", "each."
YES_NO: Mapping[str, bool] = {"yes": True, "no": False}


@dataclass(frozen=True, slots=True)
class FactAsked:
    """One thing to know of the act, with what was typed."""

    name: str
    label: str
    kind: str
    values: tuple[str, ...]
    value: str


@dataclass(slots=True)
class Filled:
    """What was typed, and what it comes to as far as it can be read."""

    texts: Mapping[str, str]
    asked: tuple[FactAsked, ...] = ()
    judged: dict[str, Any] | None = None
    lines: list[Wrong] = field(default_factory=list)


@router.get("/ledger/{number}/fine")
async def form(number: str, request: Request) -> Response:
    """The act as far as it is known, and the clauses that fit it so far."""
    page, found, catalog = await _opened(request, number)
    filled = Filled(dict(request.query_params))
    await _judge(page, found, catalog, filled)
    return await _shows(page, found, catalog, filled, 200)


@router.post("/ledger/{number}/fine")
async def fined(number: str, request: Request) -> Response:
    """State the act and propose what it comes to, at once; or say what is wrong."""
    page, found, catalog = await _opened(request, number)
    typed = await sent(request)
    filled = Filled(typed.texts)
    await _judge(page, found, catalog, filled)
    if not typed.is_ours:
        filled.lines.append(Wrong(str(page.w("form.stale_token"))))
    if filled.lines:
        return await _shows(page, found, catalog, filled, WRONG)
    try:
        with counted(page.parts, "fined"):
            version = await _record(page, found, typed, filled)
    except RefusedError as refused:
        filled.lines += [
            Wrong(f"{page.w.sentence(lack.fix)} {lack.clause}".strip())
            for lack in refused.lacks
        ]
        return await _shows(page, found, catalog, filled, STATUS[type(refused)])
    return RedirectResponse(f"/ledger/{found.number}#e{version}", SEE_OTHER)


async def _opened(request: Request, number: str) -> tuple[Page, Case, Catalog | None]:
    page = await Page.open(request)
    page.parts.operator.has_to("fined")
    found = await case(page.parts, number, may_open=False)
    penalties = penalties_of(found.rules)
    if penalties is None or penalties.catalog is None:
        return page, found, None
    look, today = page.parts.opened.look(), page.now.date()
    return page, found, await aside(look.catalog, penalties.catalog, today)


async def _judge(page: Page, found: Case, catalog: Catalog | None, filled: Filled) -> None:
    """What is asked about this act, and what its catalog says of it by now."""
    texts = filled.texts
    if catalog is None or not (texts.get("role") and texts.get("act")):
        return
    filled.asked = tuple(_asked(page, catalog, texts))
    words = _act(found.number, filled)
    if not all(words.get(name) for name in ("person", "role", "act", "on")):
        return
    body, wrong = checked(OffenceBody, words, {})
    if body is None:
        filled.lines += [
            Wrong(page.w.sentence(fix), label=name, key=f"f-{name}")
            for name, fixes in wrong.wrong.items()
            for fix in fixes
        ]
        return
    try:
        event = await offence_of(page.parts, body, source=SOURCE)
        filled.judged = await judged(page.parts, state_offence(uuid4(), event), ())
    except RefusedError as refused:
        filled.lines += [Wrong(page.w.sentence(lack.fix)) for lack in refused.lacks]


def _asked(page: Page, catalog: Catalog, texts: Mapping[str, str]) -> Iterator[FactAsked]:
    """Facts that could still decide between the clauses, and those already typed."""
    head: dict[str, bool | int | str] = {"role": texts["role"], "act": texts["act"]}
    known = {name.removeprefix(FACT) for name in texts if name.startswith(FACT)}
    open_facts = [f for one in candidates(catalog, head) for f in (*one.missing, *one.asks)]
    flags: dict[str, bool | int | str] = {
        name: True for name in open_facts if _kind(catalog, name) == "flag"
    }
    further = [f for one in candidates(catalog, head | flags) for f in one.missing]
    for name in dict.fromkeys([*open_facts, *further, *sorted(known)]):
        question = catalog.declares.facts.get(name)
        core = CORE.get(name)
        label = question.question if question else core.label if core else None
        if label is not None:
            values = question.values if question else core.values if core else ()
            if name == "accident_grade":
                values = ("general", "batch", "major")
            said = texts.get(FACT + name, "")
            kind = _kind(catalog, name)
            yield FactAsked(name, named(label, page.lang), kind, values, said)


def _kind(catalog: Catalog, name: str) -> str:
    if name in catalog.declares.facts:
        return catalog.declares.facts[name].kind
    return CORE[name].kind if name in CORE else "code"


def _act(number: str, filled: Filled) -> dict[str, Any]:
    """The act as the shape of the API wants it."""
    texts = filled.texts
    words: dict[str, Any] = {name: texts[name].strip() for name in ACT if texts.get(name)}
    facts: dict[str, Any] = {}
    for one in filled.asked:
        if one.kind == "flag" and one.value in YES_NO:
            facts[one.name] = YES_NO[one.value]
        elif one.kind == "number" and one.value.strip().isdigit():
            facts[one.name] = int(one.value)
        elif one.kind not in {"flag", "number"} and one.value.strip():
            facts[one.name] = one.value.strip()
    return words | {"complaint": number, "facts": facts}


async def _record(page: Page, found: Case, typed: Sent, filled: Filled) -> int:
    parts, words = page.parts, _act(found.number, filled)
    body, _ = checked(OffenceBody, words, {})
    assert body is not None, "it was read before"
    event = await offence_of(parts, body, source=SOURCE)
    terms = _terms(filled)
    raw = json.dumps([words, terms.model_dump(mode="json")], sort_keys=True).encode()
    message = typed.message(parts, page.path, raw)
    if typed.version is None:
        raise VersionNeededError
    notice_id, who, at = uuid4(), parts.operator.as_who(SOURCE), parts.now()

    def decide(complaint: Complaint, rules: Rules) -> Stream:
        return fine(
            complaint,
            rules,
            parts.opened.look(),
            notice_id=notice_id,
            stated=event,
            who=who,
            at=at,
            terms=terms,
        )

    asked = Asked(message, found.complaint.id, typed.version, decide, looks=True)
    return (await timed(parts, parts.ledger.take(asked))).version


def _terms(filled: Filled) -> Terms:
    texts = filled.texts
    each = [
        {"clause": name.removeprefix(EACH), "each": {"minor": fen, "currency": "CNY"}}
        for name, said in texts.items()
        if name.startswith(EACH) and (fen := fen_of(said)) is not None
    ]
    words = {
        "penalty_clause": texts.get("clause") or None,
        "amounts": each,
        "leader": texts.get("leader") or None,
    }
    return Terms.model_validate_json(json.dumps(words))


async def _shows(
    page: Page, found: Case, catalog: Catalog | None, filled: Filled, status: int
) -> Response:
    words: CatalogWords = await aside(
        catalog_words, page.parts.ledger, page.parts.opened, page.lang
    )
    return page.shows(
        "fine.html",
        status,
        case=found,
        catalog=catalog,
        filled=filled,
        texts=filled.texts,
        words=words,
        key=filled.texts.get("key") or str(uuid4()),
        version=filled.texts.get("version") or found.version,
    )
