"""One notice as a page: the act, the money with its arithmetic, what may be said next."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from api.asked import counted
from api.pages.catalog_words import catalog_words
from api.pages.controls import Wrong
from api.pages.fen import fen_of
from api.pages.page import Page
from api.pages.sent import SOURCE, Sent, checked, sent
from api.parts import parts_in
from api.penalty_deeds import judged, notice_of, taken
from api.problems import STATUS
from domain.complaint.state import Complaint
from domain.errors import Lack, RefusedError, UnknownNoticeError
from domain.ledger import aside
from domain.penalty import Notice, OffenceStated, Stage, Superseded
from domain.penalty_deeds import NOTICE_DEEDS

router = APIRouter(include_in_schema=False)

SEE_OTHER, FORBIDDEN, WRONG = 303, 403, 422
# What may follow where a notice stands, and what each of them asks.
NEXT: Mapping[Stage, Sequence[str]] = {
    "proposed": ("approved",),
    "approved": ("notified", "appealed", "settled", "reversed"),
    "notified": ("appealed", "settled", "reversed"),
    "appealed": ("upheld", "changed", "reversed"),
    "upheld": ("settled", "appealed", "reversed"),
    "changed": ("settled", "appealed", "reversed"),
    "settled": ("appealed", "reversed"),
}
ASKS: Mapping[str, Sequence[str]] = {
    "notified": ("stamped", "appeal_until"),
    "appealed": ("grounds",),
    "upheld": ("reason",),
    "changed": ("amount", "reason"),
    "settled": ("how",),
    "reversed": ("reason",),
}


async def notice_page(
    request: Request, notice: UUID, *, lines: Sequence[Wrong] = (), status: int = 200
) -> Response:
    """The notice as the store has it; what may be said is a form for each."""
    page = await Page.open(request)
    parts = page.parts
    found = await notice_of(parts, notice)
    number = None
    if found.complaint_id is not None:
        complaint = await aside(parts.ledger.found, found.complaint_id)
        number = complaint.number if isinstance(complaint, Complaint) else None
    known = None
    if found.stage == "stated":
        try:
            known = await judged(parts, found, ())
        except RefusedError as refused:
            lines = [*lines, *(Wrong(page.w.sentence(one.fix)) for one in refused.lacks)]
    stated = [one for one in found.happened if isinstance(one, OffenceStated)]
    return page.shows(
        "notice.html",
        status,
        notice=found,
        about=number,
        judged=known,
        unit=next((one.unit for one in stated if one.unit), None),
        facts={
            name: value
            for name, value in found.facts().items()
            if name not in {"role", "act", "offence_on"}
        },
        gave_way=[one for one in found.happened if isinstance(one, Superseded)],
        next=[w for w in NEXT.get(found.stage, ()) if parts.operator.may(w)],
        asks=ASKS,
        lines=lines,
        words=await aside(catalog_words, parts.ledger, parts.opened, page.lang),
        key=quote(str(found.version)),
    )


@router.post("/ledger/notices/{notice}/said/{word}")
async def said(notice: UUID, word: str, request: Request) -> Response:
    """Record it and show the notice, or say what is wrong."""
    parts = parts_in(request)
    if word not in ASKS and word != "approved":
        raise UnknownNoticeError(Lack("notice", "check its id"))
    parts.operator.has_to(word)
    typed = await sent(request)
    page = await Page.open(request)
    if not typed.is_ours:
        stale = [Wrong(str(page.w("form.stale_token")))]
        return await notice_page(request, notice, lines=stale, status=FORBIDDEN)
    deed, found = NOTICE_DEEDS[word], await notice_of(parts, notice)
    body, wrong = checked(deed.shape, _words(word, typed, found), {})
    if body is None:
        lines = [
            Wrong(page.w.sentence(fix), label=page.w.field(name, word))
            for name, fixes in wrong.wrong.items()
            for fix in fixes
        ]
        return await notice_page(request, notice, lines=lines, status=WRONG)
    message = typed.message(parts, page.path, wrong.raw)
    expected = None if deed.is_fact else typed.version
    try:
        with counted(parts, word):
            await taken(
                parts, deed, notice, body, message, expected=expected, source=SOURCE
            )
    except RefusedError as refused:
        lines = [
            Wrong(f"{page.w.sentence(one.fix)} {one.clause}".strip())
            for one in refused.lacks
        ]
        code = STATUS[type(refused)]
        return await notice_page(request, notice, lines=lines, status=code)
    return RedirectResponse(f"/penalties/{notice}", SEE_OTHER)


def _words(word: str, typed: Sent, notice: Notice) -> dict[str, Any]:
    """What was typed, as the shape of the API wants it."""
    texts = typed.texts
    words: dict[str, Any] = {
        name: texts[name].strip() for name in ASKS.get(word, ()) if texts.get(name)
    }
    if word == "notified":
        words["stamped"] = texts.get("stamped") == "yes"
    if word == "changed":
        currency = notice.amount.currency if notice.amount else "CNY"
        fen = fen_of(texts.get("amount", ""))
        words["amount"] = {"minor": -1 if fen is None else fen, "currency": currency}
    return words
