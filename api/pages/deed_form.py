"""The form of a deed: the same words as over HTTP, asked on a page of ours."""

from dataclasses import replace

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from api.asked import counted
from api.complaints.deeds import taken
from api.pages import deed_steps as steps
from api.pages.asking import Asking, asked, said
from api.pages.case import case
from api.pages.choices import named, names_of, questions
from api.pages.controls import Wrong
from api.pages.desk import Desk, desk
from api.pages.sent import SOURCE, Checked, Sent, checked, sent
from api.pages.telling import teller
from api.pages.typed import Reader, Texts, closed_up
from api.problems import STATUS
from domain.errors import (
    ChangedMeanwhileError,
    Lack,
    MessageReusedError,
    RefusedError,
    VersionNeededError,
)

router = APIRouter(include_in_schema=False)

FORBIDDEN, WRONG, SEE_OTHER = 403, 422, 303


@router.get("/ledger/{number}/{word}")
async def form(number: str, word: str, request: Request) -> Response:
    """The empty form, or what has to be chosen before it."""
    at = await desk(request, number, word)
    texts = dict(request.query_params)
    if word == "corrected" and "field" not in texts:
        return steps.places(at, texts)
    if word == "fact_established" and "fact" not in texts:
        return steps.questions(at)
    asking = asked(at.deed, at.case, texts, at.page.w)
    return at.shows(at.form(asking, asking.given, sent=None, checked=None), asking)


@router.post("/ledger/{number}/{word}")
async def said_in_form(number: str, word: str, request: Request) -> Response:
    """Record it, and show the complaint; or say what is wrong, with everything kept."""
    at = await desk(request, number, word)
    form = await sent(request)
    asking = asked(at.deed, at.case, form.texts, at.page.w)
    texts = form.texts
    for one in asking.fields:
        if one.kind == "rows":
            texts = closed_up(texts, one.name)
    if form.more or not form.is_ours:
        drawn = at.form(asking, texts, sent=form, checked=None)
        message = None if form.is_ours else at.page.w("form.stale_token")
        return at.shows(drawn, asking, 200 if form.is_ours else FORBIDDEN, message=message)
    return await _record(at, asking, form, texts)


async def _record(at: Desk, asking: Asking, form: Sent, texts: Texts) -> Response:
    parts, deed = at.page.parts, at.deed
    read = Reader(texts, at.case.complaint.zone, parts.now()).said(asking.fields)
    for one in asking.fields:
        if one.name == "value" and one.required and one.name not in read.words:
            read.wrong["value"] = "Field required"
    body, found = checked(deed.shape, said(deed, asking, read.words), read.wrong)
    if body is None:
        drawn = at.form(asking, texts, sent=form, checked=found)
        return at.shows(drawn, asking, WRONG)
    message = form.message(parts, at.path, found.raw)
    try:
        with counted(parts, deed.name):
            if form.version is None and not deed.is_fact:
                raise VersionNeededError(Lack("", "send the version you decided on"))
            receipt = await taken(
                parts,
                deed,
                at.case.complaint.id,
                body,
                message,
                expected=None if deed.is_fact else form.version,
                source=SOURCE,
            )
    except RefusedError as refused:
        return await _refused(at, asking, form, texts, refused)
    same = "?same=1" if receipt.position is None else ""
    return RedirectResponse(
        f"{at.home}{same}#e{receipt.said or receipt.version}", SEE_OTHER
    )


async def _refused(
    at: Desk, asking: Asking, form: Sent, texts: Texts, refused: RefusedError
) -> Response:
    """Nothing was recorded: why, what happened meanwhile, and all that was typed."""
    page, status = at.page, STATUS[type(refused)]
    if isinstance(refused, ChangedMeanwhileError):
        return await _conflict(at, asking, form, texts)
    found = Checked(b"")
    found.note(*refused.lacks)
    drawn = at.form(asking, texts, sent=form, checked=found)
    lines = [_line(at, lack) for lack in refused.lacks]
    if isinstance(refused, MessageReusedError):
        lines = [Wrong(str(page.w("form.already")))]
    title = page.w(f"refusal.{refused.code()}")
    return at.shows(replace(drawn, lines=lines), asking, status, message=title)


async def _conflict(at: Desk, asking: Asking, form: Sent, texts: Texts) -> Response:
    """Somebody was quicker: what they did, and the form again on how it stands now."""
    again = await case(at.page.parts, at.case.number, may_open=False)
    now = replace(at, case=again)
    tells = teller(at.page.w, at.page.shown, again.rules, again.entries)
    told = [
        tells.told(entry) for entry in again.entries if entry.version > (form.version or 0)
    ]
    drawn = now.form(asking, texts, sent=form, checked=None)
    status = STATUS[ChangedMeanwhileError]
    return now.shows(drawn, asking, status, saw=form.version, told=told)


def _line(at: Desk, lack: Lack) -> Wrong:
    """One thing that is missing; a gate and a question by the name they have there."""
    w, rules = at.page.w, at.case.rules
    names = names_of(rules.books(), w.lang)
    clause = f" · {lack.clause}" if lack.clause else ""
    if at.deed.name == "closed" and lack.clause:
        gate = rules.closing().gates.get(lack.field)
        if gate is not None:
            return Wrong(named(gate.name, w.lang) + clause)
        event = w.coded("event", f"complaint.{lack.field}")
        return Wrong(f"{w.sentence(lack.fix)}{clause}", label=event)
    if lack.field in questions(rules):
        asked = named(questions(rules)[lack.field].question, w.lang)
        return Wrong(f"{w.sentence(lack.fix)}{clause}", label=asked)
    known = f"field.{lack.field}" in w or f"field.{at.deed.name}/{lack.field}" in w
    label = w.field(lack.field, at.deed.name) if known else None
    key = f"f-{lack.field}" if known else None
    label = label or names.get(lack.field)
    return Wrong(f"{w.sentence(lack.fix, names)}{clause}", label=label, key=key)
