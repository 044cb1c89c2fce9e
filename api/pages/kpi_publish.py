"""The form under a figure: publish it, or say another value in its place."""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from api.asked import counted
from api.kpi_asked import kpi_of, question_of
from api.kpi_publishing import RestateBody, publish, restate
from api.pages.kpi_page import figure_page
from api.pages.page import Page
from api.pages.sent import SOURCE, checked, sent
from api.problems import STATUS
from domain.errors import RefusedError

router = APIRouter(include_in_schema=False)

FORBIDDEN, WRONG, SEE_OTHER = 403, 422, 303


@router.post("/kpis/{name}/{month}")
async def said(name: str, month: str, request: Request) -> Response:
    """Record it and come back to the figure; or say what is wrong."""
    page = await Page.open(request)
    parts, form = page.parts, await sent(request)
    word = "kpi.restated" if form.version else "kpi.published"
    parts.operator.has_to(word)
    if not form.is_ours:
        refused = page.w("form.stale_token")
        return await figure_page(request, name, month, FORBIDDEN, message=refused)
    typed = form.texts.get("reason", "").strip()
    body, wrong = checked(RestateBody, {"reason": typed} if typed else {}, {})
    if form.version and body is None:
        refused = page.w("repeats.missing", field=page.w.field("reason"))
        return await figure_page(request, name, month, WRONG, message=refused)
    kpi, question = kpi_of(name), question_of({**request.query_params, "month": month})
    message = form.message(parts, page.path, wrong.raw)
    try:
        with counted(parts, word):
            if form.version and body is not None:
                await restate(
                    parts,
                    kpi,
                    question,
                    message,
                    expected=form.version,
                    reason=body.reason,
                    source=SOURCE,
                )
            else:
                await publish(parts, kpi, question, message, source=SOURCE)
    except RefusedError as error:
        why = "; ".join(page.w.sentence(lack.fix) for lack in error.lacks)
        status = STATUS[type(error)]
        return await figure_page(request, name, month, status, message=why)
    scope = page.at(month=month, lang=None).partition("?")[2]
    return RedirectResponse(f"/kpis/{kpi.id}?{scope}#why", SEE_OTHER)
