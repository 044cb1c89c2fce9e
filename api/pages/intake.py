"""Intake: a complaint is received in a form; three answers are needed, no more."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from api.asked import counted, timed
from api.complaints.receive import begun
from api.pages.choices import of_form
from api.pages.controls import Drawing, Wrong, marked
from api.pages.desk import Form
from api.pages.fields import Field, fields_of
from api.pages.page import Page
from api.pages.sent import SOURCE, Checked, Sent, checked, sent
from api.pages.typed import Reader, Texts, closed_up
from api.problems import STATUS
from domain.complaint.intake import Received
from domain.complaint.reception import Reception
from domain.errors import MessageReusedError, RefusedError
from domain.event import sealed_fields

router = APIRouter(include_in_schema=False)

PATH = "/ledger/new"
FORBIDDEN, WRONG, SEE_OTHER = 403, 422, 303
# The ledger asks for less: a system may know less. A person who listens knows these.
NEEDED = ("channel", "received_at", "words")
FIRST = (*NEEDED, "items", "customer", "customer_number", "claims_repeat")
THEN = ("complainant", "contact", "kind", "region", "project", "occurred_at")
SEALED = frozenset(sealed_fields(Received))


def _fields() -> tuple[Field, ...]:
    """What is asked, in the order in which somebody on the telephone tells it."""
    known = {one.name: one for one in fields_of(Reception.model_json_schema())}
    needed = {name: replace(known[name], required=True) for name in NEEDED}
    needed["items"] = replace(known["items"], required=False)  # all of it may be unknown
    return tuple((known | needed)[name] for name in (*FIRST, *THEN))


FIELDS = _fields()


@router.get(PATH)
async def form(request: Request) -> Response:
    """The form, with nothing typed."""
    page = await Page.open(request)
    page.parts.operator.has_to("received")
    return _shows(page, {}, None, None)


@router.post(PATH)
async def received(request: Request) -> Response:
    """Take it down, and go to its page with the number; or say what is wrong."""
    page = await Page.open(request)
    page.parts.operator.has_to("received")
    form = await sent(request)
    texts = closed_up(form.texts, "items")
    if form.more:
        return _shows(page, texts, form, None)
    if not form.is_ours:
        lines = [Wrong(str(page.w("form.stale_token")))]
        return _shows(page, texts, form, None, FORBIDDEN, lines)
    return await _record(page, form, texts)


async def _record(page: Page, form: Sent, texts: Texts) -> Response:
    parts = page.parts
    read = Reader(texts, parts.zone, parts.now()).said(FIELDS)
    missing = [
        name for name in NEEDED if not {name} & (read.words.keys() | read.wrong.keys())
    ]
    read.wrong |= dict.fromkeys(missing, "Field required")
    said, found = checked(Reception, read.words, read.wrong)
    if said is None:
        return _shows(page, texts, form, found, WRONG)
    message = form.message(parts, PATH, found.raw)
    try:
        with counted(parts, "received"):
            told = begun(parts, message, said, may_be_known=True, source=SOURCE)
            receipt = await timed(parts, told)
    except RefusedError as refused:
        return _refused(page, form, texts, refused)
    number = receipt.number
    return RedirectResponse(f"/ledger/{number}?received=1", SEE_OTHER)


def _refused(page: Page, form: Sent, texts: Texts, refused: RefusedError) -> Response:
    found = Checked(b"")
    found.note(*refused.lacks)
    lines = None
    if isinstance(refused, MessageReusedError):
        lines = [Wrong(str(page.w("form.already")))]
    return _shows(page, texts, form, found, STATUS[type(refused)], lines)


def _shows(
    page: Page,
    texts: Texts,
    form: Sent | None,
    found: Checked | None,
    status: int = 200,
    lines: list[Wrong] | None = None,
) -> Response:
    drawing = Drawing(
        w=page.w,
        within="received",
        options=of_form(page.w),
        texts=texts,
        submitted=form is not None,
        sealed=SEALED,
        offset=page.shown.offset(),
        more=form.more if form else "",
    )
    controls, wrong = marked(drawing.drawn(FIELDS), found.wrong if found else {}, page.w)
    made = Form(
        action=PATH,
        key=form.key if form else str(uuid4()),
        version=None,
        controls=controls,
        hidden={},
        lines=lines or wrong,
    )
    by_name: dict[str, Any] = {control.name: control for control in controls}
    more_open = any(by_name[name].filled for name in THEN)
    return page.shows(
        "intake.html", status, form=made, field=by_name, then=THEN, more_open=more_open
    )
