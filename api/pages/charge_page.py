"""A cost as a form: who bears it, how much, and by which agreement."""

from uuid import uuid4

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from api.asked import counted
from api.pages.choices import of_form
from api.pages.controls import Drawing, Wrong, marked
from api.pages.desk import Form
from api.pages.fields import fields_of
from api.pages.page import Page
from api.pages.sent import SOURCE, Checked, Sent, checked, sent
from api.pages.typed import Reader, Texts, closed_up
from api.penalty_charges import charged
from api.penalty_shapes import CostBody
from api.problems import STATUS
from domain.errors import RefusedError

router = APIRouter(include_in_schema=False)

PATH, RIGHT = "/ledger/charge", "cost_charged"
FORBIDDEN, WRONG, SEE_OTHER = 403, 422, 303
FIELDS = fields_of(CostBody.model_json_schema(), without=("basis",))


@router.get(PATH)
async def form(request: Request) -> Response:
    """The form; the address may name the complaint it is about."""
    page = await Page.open(request)
    page.parts.operator.has_to(RIGHT)
    return _shows(page, dict(page.asks), None, Checked(b""))


@router.post(PATH)
async def said(request: Request) -> Response:
    """Record it and show its notice; or say what is wrong, with everything kept."""
    page = await Page.open(request)
    page.parts.operator.has_to(RIGHT)
    typed = await sent(request)
    texts = closed_up(typed.texts, "shares")
    if typed.more or not typed.is_ours:
        stale = [] if typed.is_ours else [Wrong(str(page.w("form.stale_token")))]
        status = 200 if typed.is_ours else FORBIDDEN
        return _shows(page, texts, typed, Checked(b""), status, stale)
    read = Reader(texts, page.parts.zone, page.parts.now()).said(FIELDS)
    body, found = checked(CostBody, read.words, read.wrong)
    if body is None:
        return _shows(page, texts, typed, found, WRONG)
    message = typed.message(page.parts, PATH, found.raw)
    try:
        with counted(page.parts, RIGHT):
            receipt = await charged(page.parts, body, message, SOURCE)
    except RefusedError as refused:
        found.note(*refused.lacks)
        return _shows(page, texts, typed, found, STATUS[type(refused)])
    return RedirectResponse(f"/penalties/{receipt.complaint_id}", SEE_OTHER)


def _shows(
    page: Page,
    texts: Texts,
    typed: Sent | None,
    found: Checked,
    status: int = 200,
    lines: list[Wrong] | None = None,
) -> Response:
    drawing = Drawing(
        w=page.w,
        within=RIGHT,
        options=of_form(page.w),
        texts=texts,
        submitted=typed is not None,
        offset=page.shown.offset(),
        more=typed.more if typed else "",
    )
    controls, wrong = marked(drawing.drawn(FIELDS), found.wrong, page.w)
    made = Form(
        action=PATH,
        key=typed.key if typed else str(uuid4()),
        version=None,
        controls=controls,
        hidden={},
        lines=lines or wrong,
    )
    return page.shows("charge.html", status, form=made)
