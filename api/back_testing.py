"""Back-tests as programs ask for them: begun by asking, then read until they are done."""

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from fastapi.responses import FileResponse, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from api import openapi
from api.back_tests import Run
from api.parts import Parts, apart, parts_of
from api.problems import DoorError
from api.shown import shown
from domain.assess.backtest import Backtest, Outcome
from domain.errors import BusyError, Lack
from domain.rulebooks.rulebook import Rulebook

WAIT_S = 2.0  # a small store is done by then; of a large one it says how far it is
PROBLEMS = {403, 404, 422, 503}

router = APIRouter(prefix="/backtests/{name}", tags=["rulebooks"])


class BackTest(BaseModel):
    """What a regulation would have made of every complaint; nothing is changed by it."""

    model_config = ConfigDict(extra="forbid")

    rulebook: str
    asked_at: AwareDatetime = Field(description="running clocks are judged at this instant")
    state: str = Field(description="running, finished, failed")
    done: int
    total: int = Field(description="a regulation that counts reads each complaint twice")
    complaints: int
    differ: int = Field(description="another grade than the recorded one of this scheme")
    open: int = Field(description="might be worse: a fact is missing")
    late: int
    repeated: int
    fine_candidates: int
    grades: list[dict[str, Any]] = Field(description="recorded, would_be, complaints")
    differences: list[dict[str, Any]] = Field(
        description="the first of them; file.csv: all"
    )


SHAPES: tuple[type[BaseModel], ...] = (BackTest,)


@router.get("", response_model=None, **openapi.of_read("BackTest", PROBLEMS))
async def one(
    name: str,
    parts: Annotated[Parts, Depends(parts_of)],
    again: Annotated[bool, Query(description="ask anew, of the store as it is")] = False,
) -> Response:
    """Ask a regulation about the whole store; the first time begins it."""
    parts.operator.has_to("read_all")
    run = await asked(parts, name, again=again)
    return shown(_run(run), parts.zone)


@router.get("/file.csv", response_model=None, **openapi.of_list(None, PROBLEMS))
async def file(
    name: str,
    parts: Annotated[Parts, Depends(parts_of)],
    sha256: Annotated[
        str | None, Query(max_length=64, description="of a text not published yet")
    ] = None,
) -> Response:
    """Every complaint, a line each, once the back-test is finished."""
    parts.operator.has_to("read_all")
    run = (
        parts.back_tests.of_text(name, sha256)
        if sha256
        else parts.back_tests.of(await rulebook_of(parts, name))
    )
    if run is None or run.state != "finished":
        raise DoorError("not-found", Lack("name", "ask for the back-test first, and wait"))
    return FileResponse(
        run.file, media_type="text/csv; charset=utf-8", filename=f"{name}.csv"
    )


async def asked(parts: Parts, name: str, *, again: bool) -> Run:
    """The run of a published regulation."""
    return await asked_of(parts, await rulebook_of(parts, name), again=again)


async def asked_of(parts: Parts, book: Rulebook, *, again: bool = False) -> Run:
    """The run of this regulation; begun when there is none yet, or it is asked again."""
    known = parts.back_tests.of(book)
    if known is not None and (known.state == "running" or not again):
        await asyncio.to_thread(known.ended.wait, WAIT_S)
        return known
    now = parts.now()
    test = Backtest(book, parts.ledger.calendars, now)
    run = parts.back_tests.begin(test, parts.reads, parts.opened.codec, asked_at=now)
    if run is None:
        raise BusyError(Lack("name", "another back-test is under way: ask in a minute"))
    await asyncio.to_thread(run.ended.wait, WAIT_S)
    return run


async def rulebook_of(parts: Parts, name: str) -> Rulebook:
    """The regulation of this name; it may have to be read from the store."""
    try:
        return await apart(parts.ledger.rulebooks.__getitem__, name)
    except KeyError as error:
        fix = "name a rulebook and its version, as in S46@1"
        raise DoorError("not-found", Lack("name", fix)) from error


def _run(run: Run) -> dict[str, Any]:
    summary = run.summary
    return {
        "rulebook": run.book.name,
        "asked_at": run.asked_at,
        "state": run.state,
        "done": run.done,
        "total": run.total,
        "complaints": summary.complaints,
        "differ": summary.differ,
        "open": summary.open,
        "late": summary.late,
        "repeated": summary.repeated,
        "fine_candidates": summary.candidates,
        "grades": [
            {"recorded": recorded, "would_be": would_be, "complaints": n}
            for (recorded, would_be), n in summary.grades.most_common()
        ],
        "differences": [_outcome(one) for one in run.differences],
    }


def _outcome(one: Outcome) -> dict[str, Any]:
    return {
        "number": one.number,
        "received_at": one.received_at,
        "recorded": dict(one.recorded),
        "would_be": one.would_be,
        "might_be": list(one.might_be),
        "late": list(one.late),
        "repeated": list(one.repeated),
        "fine_candidates": [each._asdict() for each in one.fines],
        "fined": one.fined,
    }
