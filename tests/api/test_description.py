"""The description of the API: valid OpenAPI 3.1, complete, and what really happens."""

from dataclasses import replace
from typing import Any

import httpx2
import pytest
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from api.app import create_app
from api.identity.permissions import Person
from api.parts import Parts
from domain.deeds import DEEDS, Deed
from tests.api.asking import RECEPTION, Api, pattern_of
from tests.api.test_deeds import LEAST

JSON = {"Content-Type": "application/json"}
SOMETIMES = {"409", "503", "default"}  # where a guard or the store stands in the way


async def test_it_is_valid_and_served(api: Api) -> None:
    served = await api.http.get("/openapi.json")

    OpenAPIV31SpecValidator(served.json()).validate()
    assert served.json()["openapi"] == "3.1.0"
    assert served.json() == api.description


async def test_it_names_every_address_of_the_api_and_no_page(api: Api) -> None:
    expected = {f"/complaints/{{number}}/{name}" for name in DEEDS} | {
        "/complaints",
        "/complaints.csv",
        "/complaints/{number}",
        "/complaints/{number}/events",
        "/complaints/{number}/events/{version}",
        "/complaints/{number}/bundle",
        "/ledger/checkpoint",
        "/ledger/proof/consistency",
        "/ledger/proof/inclusion",
        "/penalties",
        "/penalties/{notice}",
        "/penalties/{notice}/reversed",
        "/rulebooks",
        "/rulebooks/{name}",
        "/health",
        "/health/live",
        "/health/ready",
        "/metrics",
        "/problems",
        "/problems/{code}",
    }
    paths = set(api.description["paths"])

    assert expected <= paths
    assert not [path for path in paths if path.startswith(("/ledger/{", "/static"))]


@pytest.fixture
async def auditor(parts: Parts) -> Any:
    """A client who may only read."""
    app = create_app(replace(parts, operator=Person("p-x", "auditor", "x")))
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost") as http:
        yield Api(http, app)


async def test_every_status_a_deed_documents_is_one_it_answers(
    api: Api, auditor: Api
) -> None:
    """All but those that need a guard or a store that is away: they are seen elsewhere."""
    number, other = await api.lodged(), await api.lodged()
    for deed in DEEDS.values():
        documented = statuses(api, deed)

        seen = await provoked(api, deed, number) | await refused(auditor, deed, number)

        body = {n: other if v == "{other}" else v for n, v in LEAST[deed.name][0].items()}
        now = (await api.get(f"/complaints/{number}")).headers["ETag"]
        heads = {} if deed.is_fact else {"If-Match": now}
        done = await api.post(f"/complaints/{number}/{deed.name}", body, headers=heads)
        seen |= {str(done.status_code)}
        success = "201" if deed.is_fact else "200"
        assert documented - SOMETIMES == (seen | {success}) - SOMETIMES, deed.name


def statuses(api: Api, deed: Deed) -> set[str]:
    operation = api.description["paths"][f"/complaints/{{number}}/{deed.name}"]["post"]
    return set(operation["responses"])


async def provoked(api: Api, deed: Deed, number: str) -> set[str]:
    """What this deed answers to requests that are wrong in every way there is."""
    path = f"/complaints/{number}/{deed.name}"
    saw = {"If-Match": '"9999"'}
    least = {n: number if v == "{other}" else v for n, v in LEAST[deed.name][0].items()}
    answers = [
        await api.post(path, content=b"{", headers=JSON | saw),
        await api.post(path, {"no": "such field"}, headers=saw),
        await api.post(path, content=b" " * 300_000, headers=JSON | saw),
        await api.post(path, content=b"x", headers={"Content-Type": "text/plain"}),
        await api.post(f"/complaints/C-0/{deed.name}", least, headers=saw),
        await api.post(path, least, headers=saw),
    ]
    if not deed.is_fact:
        answers.append(await api.post(path, least))
    return {str(answer.status_code) for answer in answers}


async def refused(auditor: Api, deed: Deed, number: str) -> set[str]:
    answer = await auditor.post(f"/complaints/{number}/{deed.name}", {})
    return {str(answer.status_code)}


async def test_the_shapes_it_shows_are_the_shapes_we_take(api: Api) -> None:
    schemas = api.description["components"]["schemas"]
    bodies = {DEEDS[name].shape.__name__: body for name, (body, _) in LEAST.items()}
    for name, body in {**bodies, "Reception": RECEPTION}.items():
        ref = {"$ref": f"#/components/schemas/{name}", "components": {"schemas": schemas}}

        OAS31Validator(ref).validate(body)
        assert not OAS31Validator(ref).is_valid({**body, "no": "such field"})


def test_an_address_is_matched_by_its_own_words_first() -> None:
    paths = ["/a/{b}", "/a/c", "/a/{b}/d"]

    assert [pattern_of(paths, p) for p in ("/a/c", "/a/x", "/a/x/d", "/")] == [
        "/a/c",
        "/a/{b}",
        "/a/{b}/d",
        "?",
    ]
