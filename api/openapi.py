"""The API's own description (OpenAPI 3.1): what each address takes and answers, exactly."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from fastapi.openapi.utils import get_openapi
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from pydantic.json_schema import models_json_schema
from starlette.routing import BaseRoute

from api.problems import AT_THE_DOOR, MEDIA_TYPE, STATUS
from domain.complaint.reception import Reception
from domain.deeds import DEEDS, Deed

REF = "#/components/schemas/{model}"
TITLE = "Complaint ledger"
VERSION = "1"
ABOUT = """Customer complaints as a ledger: what happened is appended, never changed.

A *fact* is what the world did: it is created, and never refused for being late. A
*decision* is what a person chose: it names the version it saw in `If-Match`, and is refused
while a guard of the regulation stands in its way. Send an `Idempotency-Key` with every
command: the same request under the same key is answered, and not done again."""

Doc = dict[str, Any]


class Lack(BaseModel):
    """One thing that stands in the way, and what would mend it."""

    model_config = ConfigDict(title="Lack", extra="forbid")

    field: str
    fix: str
    clause: str = Field(description="rulebook@version#clause, or empty")


class Problem(BaseModel):
    """What is wrong (RFC 9457), and what would mend it."""

    model_config = ConfigDict(title="Problem", extra="forbid")

    type: str = Field(description="an address that says what this kind of problem means")
    title: str
    status: int
    code: str
    lacks: list[Lack]
    instance: str = Field(description="the name under which our log speaks of it")
    version: int | None = Field(default=None, description="of the complaint, when refused")


class Receipt(BaseModel):
    """Where it stands now; `version` is the ETag, and reads can wait for `position`."""

    model_config = ConfigDict(title="Receipt", extra="forbid")

    number: str | None = None
    complaint_id: str | None = None
    notice: str | None = None
    name: str | None = Field(default=None, description="of a regulation or policy set")
    version: int
    position: int | None = Field(description="of its last event; null: nothing was new")
    recorded_at: AwareDatetime


KEY: Doc = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "Your name for this request. Sent again it is answered, not done again.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200},
}


def if_match(*, needed: bool) -> Doc:
    """The header in which a command names the version it saw."""
    return {
        "name": "If-Match",
        "in": "header",
        "required": needed,
        "description": 'The ETag you saw, as in `"7"`.',
        "schema": {"type": "string"},
    }


def of_deed(deed: Deed) -> Doc:
    """How the route of a deed describes itself."""
    problems = {400, 403, 404, 409, 412, 413, 415, 422, 503}
    success = 201 if deed.is_fact else 200
    more = problems if deed.is_fact else problems | {428}
    return of_command(deed.shape, success, more, versioned=not deed.is_fact)


def of_command(
    shape: type[BaseModel],
    success: int,
    problems: Iterable[int],
    *,
    versioned: bool | None = None,
    answers: str = "Receipt",
) -> Doc:
    """A route that changes something; *versioned* None: there is no version to name."""
    headers = [KEY] if versioned is None else [KEY, if_match(needed=versioned)]
    body = {"schema": {"$ref": REF.format(model=shape.__name__)}}
    etag = {"schema": {"type": "string"}, "description": "the version it has now"}
    place = {"schema": {"type": "string"}, "description": "where the new thing is read"}
    done = {
        "description": "Recorded." if answers == "Receipt" else "As asked.",
        "content": {"application/json": {"schema": {"$ref": REF.format(model=answers)}}},
        "headers": {"ETag": etag, "Location": place},
    }
    return {
        "openapi_extra": {
            "parameters": headers,
            "requestBody": {"required": True, "content": {"application/json": body}},
        },
        "responses": {success: done, **failing(problems)},
    }


def of_read(shape: str | None, problems: Iterable[int], *, kept: bool = False) -> Doc:
    """A route that only reads; *shape* names its answer, *kept* that 304 is another one."""
    schema = {"$ref": REF.format(model=shape)} if shape else {"type": "object"}
    done = {"description": "As asked.", "content": {"application/json": {"schema": schema}}}
    unchanged = {304: {"description": "You have it already."}} if kept else {}
    return {"responses": {200: done, **unchanged, **failing(problems)}}


def of_list(shape: str | None, problems: Iterable[int]) -> Doc:
    """A route that answers with a list, as JSON when it has a shape, and as a file."""
    file = {"text/csv": {"schema": {"type": "string"}}}
    schema = {"$ref": REF.format(model=shape)}
    content = {"application/json": {"schema": schema}, **file} if shape else file
    done = {"description": "As asked.", "content": content}
    return {"responses": {200: done, **failing(problems)}}


def of_file(media_types: Iterable[str], problems: Iterable[int]) -> Doc:
    """A route that answers with a file, of one of these kinds."""
    schema = {"type": "string", "format": "binary"}
    content = {media_type: {"schema": schema} for media_type in media_types}
    done = {"description": "The file.", "content": content}
    return {"responses": {200: done, **failing(problems)}}


def failing(problems: Iterable[int]) -> dict[int | str, Doc]:
    """The problems a route answers with, and what any route may answer."""
    content = {MEDIA_TYPE: {"schema": {"$ref": REF.format(model="Problem")}}}
    said: dict[int | str, str] = {status: meaning(status) for status in sorted(problems)}
    said["default"] = "Any other problem: its `type` says which."
    return {
        status: {"description": words, "content": content} for status, words in said.items()
    }


def meaning(status: int) -> str:
    """The kinds of refusal that share a status, in words."""
    refused = {kind.code(): code for kind, code in STATUS.items()}
    every = {**{code: at for code, (at, _) in AT_THE_DOOR.items()}, **refused}
    return ", ".join(sorted(code for code, at in every.items() if at == status))


def described(routes: Sequence[BaseRoute], more: Iterable[type[BaseModel]] = ()) -> Doc:
    """The whole description: these routes, and the shapes of all bodies."""
    made: Doc = get_openapi(
        title=TITLE,
        version=VERSION,
        openapi_version="3.1.0",
        description=ABOUT,
        routes=routes,
        separate_input_output_schemas=False,
    )
    shapes = [deed.shape for deed in DEEDS.values()]
    every: list[type[BaseModel]] = [Lack, Problem, Receipt, Reception, *shapes, *more]
    _, found = models_json_schema([(s, "validation") for s in every], ref_template=REF)
    schemas: Mapping[str, Any] = found["$defs"]
    components = made.setdefault("components", {})
    components["schemas"] = {**components.get("schemas", {}), **schemas}
    return made
