"""The web app, made of parts."""

from functools import cache
from typing import Any

from fastapi import APIRouter, FastAPI
from starlette.middleware import Middleware

from api import (
    back_testing,
    calendars,
    catalogs,
    clusters,
    exports,
    inbound,
    inbound_shapes,
    kpi,
    kpi_publishing,
    kpi_shapes,
    openapi,
    operations,
    penalties,
    penalty_charges,
    penalty_deeds,
    penalty_shapes,
    policy_sets,
    problems,
    proof,
    publishing,
    records,
    records_read,
    rulebooks,
    scores,
    subjects,
)
from api.complaints import (
    assessed,
    bundle,
    counts,
    deadlines,
    deeds,
    gate_shapes,
    gates,
    listed,
    read,
    receive,
    shapes,
)
from api.headers import AnswerHeaders
from api.identity import accounts
from api.identity.gate import Gate
from api.input_limits import InputLimits
from api.pages import calendars_page, deciding, policy_sets_page, rulebooks_page
from api.pages import publishing as publishing_page
from api.pages import router as pages
from api.pages.problem_pages import ProblemPages
from api.parts import Parts

# Everything that can be asked. The first router that knows an address answers.
ROUTERS: list[APIRouter] = [
    bundle.router,  # its word is no deed's
    deeds.router,
    receive.router,
    listed.router,
    counts.router,
    assessed.router,
    gates.router,
    deadlines.router,
    read.router,
    penalties.router,
    records.router,
    records_read.router,
    penalty_deeds.router,
    penalty_charges.router,
    scores.router,
    catalogs.router,
    clusters.router,
    exports.router,
    publishing_page.router,  # its `new` is no regulation's name
    deciding.router,
    policy_sets_page.router,
    kpi_publishing.router,  # before the parts, among which it would be looked for
    kpi.router,
    rulebooks_page.router,  # before the data, which it shares its addresses with
    rulebooks.router,
    policy_sets.router,
    calendars_page.router,
    calendars.router,
    subjects.router,
    proof.router,
    back_testing.router,
    accounts.router,
    inbound.router,
    operations.router,
    problems.router,
    pages.router,
]
# The shapes of bodies and answers that no deed has, for the description.
SHAPES = (
    *shapes.SHAPES,
    *counts.SHAPES,
    *gate_shapes.SHAPES,
    *operations.SHAPES,
    *records.SHAPES,
    *clusters.SHAPES,
    *kpi_shapes.SHAPES,
    *kpi_publishing.SHAPES,
    *records_read.SHAPES,
    *publishing.SHAPES,
    *rulebooks.SHAPES,
    *policy_sets.SHAPES,
    *calendars.SHAPES,
    *back_testing.SHAPES,
    *inbound_shapes.SHAPES,
    *accounts.SHAPES,
    *subjects.SHAPES,
    *bundle.SHAPES,
    *proof.SHAPES,
    *penalty_shapes.SHAPES,
)


def create_app(parts: Parts) -> FastAPI:
    """The app. Its docs page is left out: it would load scripts from elsewhere."""
    answers = parts.metrics.answers
    app = FastAPI(
        title=openapi.TITLE,
        version=openapi.VERSION,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        # Nobody collects it here, and it would carry addresses past our own logs.
        telemetry={"tracing": False, "metrics": False, "logs": False},
        middleware=[  # the first is the outermost
            Middleware(ProblemPages),
            Middleware(
                AnswerHeaders, seen=lambda status: answers.labels(str(status)).inc()
            ),
            Middleware(
                InputLimits, hosts=parts.hosts, json_bytes_max=parts.limits.body_bytes
            ),
            Middleware(Gate),
        ],
    )
    app.state.parts = parts
    for router in ROUTERS:
        app.include_router(router)
    problems.show(app)

    @app.get("/openapi.json", include_in_schema=False)
    async def described() -> dict[str, Any]:
        """This API, in the words of OpenAPI 3.1."""
        return description()

    return app


@cache
def description() -> dict[str, Any]:
    """The same for every app of this program; written when somebody first asks."""
    routes = [route for router in ROUTERS for route in router.routes]
    return openapi.described([*routes, *deeds.described.routes], SHAPES)
