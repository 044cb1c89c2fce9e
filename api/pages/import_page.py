"""Importing a file: a dry run that lists each refused row, then a word from a person."""

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.datastructures import FormData, UploadFile

from api.importing import FILE_BYTES_MAX, Found, Waiting
from api.pages.controls import Wrong
from api.pages.page import Page, is_ours
from api.problems import STATUS
from domain.errors import InvalidError, Lack, RefusedError

router = APIRouter(include_in_schema=False)

PATH = "/import"
LISTED_MAX = 200
FILES_MAX, FIELDS_MAX = 2, 10
FORBIDDEN, GONE = 403, 410
MIB = 1024 * 1024


@router.get(PATH)
async def form(request: Request) -> Response:
    """Which file, and by which profile."""
    page = await Page.open(request)
    page.parts.operator.has_to("import")
    return await _shows(page, _waiting(request))


@router.post(PATH)
async def sent(request: Request) -> Response:
    """The file for a dry run; or the word to bring in what a dry run has read."""
    page = await Page.open(request)
    page.parts.operator.has_to("import")
    waiting = _waiting(request)
    async with request.form(max_files=FILES_MAX, max_fields=FIELDS_MAX) as form:
        if not is_ours(request, _text(form, "token")):
            lines = [Wrong(str(page.w("form.stale_token")))]
            return await _shows(page, waiting, lines, FORBIDDEN)
        if made := _text(form, "made"):
            return await _brought_in(page, waiting, made)
        try:
            made = await _rehearsed(waiting, form)
        except RefusedError as refused:
            lines = [_line(page, lack) for lack in refused.lacks]
            return await _shows(page, waiting, lines, STATUS[type(refused)])
        return _result(page, waiting.kept[made].found, made)


async def _rehearsed(waiting: Waiting, form: FormData) -> str:
    file, profile = form.get("file"), form.get("own")
    if not isinstance(file, UploadFile) or not file.filename:
        raise InvalidError(Lack("file", "choose a file"))
    said: str | bytes = _text(form, "profile")
    if isinstance(profile, UploadFile) and profile.filename:
        said = await profile.read()
    return await waiting.rehearse(file.filename, await file.read(), said)


async def _brought_in(page: Page, waiting: Waiting, made: str) -> Response:
    found = await waiting.bring_in(made)
    if found is None:
        return await _shows(page, waiting, [Wrong(str(page.w("import_page.gone")))], GONE)
    return _result(page, found, None)


def _result(page: Page, found: Found, made: str | None) -> Response:
    """What a dry run found, or what was brought in; the list is cut, the counts are not."""
    refused, more = found.refused[:LISTED_MAX], len(found.refused) > LISTED_MAX
    return page.shows("imported.html", made=made, found=found, refused=refused, more=more)


def _waiting(request: Request) -> Waiting:
    """One for the app: the file of a dry run waits for the word that follows it."""
    state = request.app.state
    if not hasattr(state, "imports"):
        state.imports = Waiting(state.parts)
    made: Waiting = state.imports
    return made


def _text(form: FormData, name: str) -> str:
    said = form.get(name)
    return said if isinstance(said, str) else ""


def _line(page: Page, lack: Lack) -> Wrong:
    label = page.w(f"import_page.{lack.field}") if lack.field else None
    key = f"f-{lack.field}" if lack.field else None
    return Wrong(page.w.sentence(lack.fix), label=str(label) if label else None, key=key)


async def _shows(
    page: Page, waiting: Waiting, lines: list[Wrong] | None = None, status: int = 200
) -> Response:
    titles = await waiting.titles()
    return page.shows(
        "import.html",
        status,
        lines=lines or [],
        profiles={name: title[page.lang] for name, title in titles.items()},
        size=f"{FILE_BYTES_MAX // MIB} MiB",
    )
