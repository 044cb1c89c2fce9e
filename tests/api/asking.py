"""Asking the API as a program would, with every answer held to the API's description."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from functools import cached_property
from typing import Any

import httpx2
from fastapi import FastAPI
from openapi_schema_validator import OAS31Validator

from api.app import description
from api.headers import ALWAYS
from api.main import server
from api.problems import MEDIA_TYPE
from api.wire import BoundedProtocol
from tests.builders import reception

# Any address may answer so; what else it answers has to stand in the description.
ANYWHERE = {400, 403, 404, 405, 408, 413, 414, 415, 431, 500}
PROBLEM_FROM = 400

RECEPTION = reception().model_dump(mode="json", exclude_none=True)


class Api:
    """A client whose every answer is checked."""

    def __init__(self, http: httpx2.AsyncClient, app: FastAPI) -> None:
        self.http = http
        self.app = app

    async def get(self, path: str, **more: Any) -> httpx2.Response:
        return self.held(await self.http.get(path, **more))

    async def post(self, path: str, body: object = None, **more: Any) -> httpx2.Response:
        return self.held(await self.http.post(path, json=body, **more))

    async def lodged(self, **said: Any) -> str:
        """The number of a complaint that was just received."""
        answer = await self.post("/complaints", RECEPTION | said)
        assert answer.status_code == 201, answer.text
        number: str = answer.json()["number"]
        return number

    @cached_property
    def description(self) -> dict[str, Any]:
        return description()

    def held(self, answer: httpx2.Response) -> httpx2.Response:
        """The same answer, if it is as described and complete."""
        for name, value in ALWAYS:
            assert answer.headers[name.decode()] == value.decode()
        paths = self.description["paths"]
        pattern = pattern_of(paths, answer.request.url.raw_path.decode().partition("?")[0])
        operation = paths.get(pattern, {}).get(answer.request.method.lower())
        if operation is None:
            assert answer.status_code in ANYWHERE, answer.text
            self.fits(answer, "Problem")
            return answer
        responses: Mapping[str, Any] = operation["responses"]
        status = str(answer.status_code)
        assert status in responses or answer.status_code in ANYWHERE, (pattern, answer.text)
        if answer.status_code >= PROBLEM_FROM and not pattern.startswith("/health"):
            self.fits(answer, "Problem")
            return answer
        if kinds := responses[status].get("content"):
            kind = answer.headers["content-type"].partition(";")[0]
            if name := kinds[kind].get("schema", {}).get("$ref", "").rpartition("/")[2]:
                self.fits(answer, name)
        return answer

    def fits(self, answer: httpx2.Response, name: str) -> None:
        if name == "Problem":
            assert answer.headers["content-type"] == MEDIA_TYPE
            assert answer.json()["status"] == answer.status_code
        schema = {
            "$ref": f"#/components/schemas/{name}",
            "components": self.description["components"],
        }
        OAS31Validator(schema).validate(answer.json())


def pattern_of(paths: Iterable[str], asked: str) -> str:
    """The address as the description spells it; of several the one with fewest names."""
    fitting = [p for p in paths if re.fullmatch(re.sub(r"{\w+}", "[^/]+", p), asked)]
    return min(fitting, key=lambda path: path.count("{"), default="?")


@asynccontextmanager
async def served(
    app: FastAPI, wire: type[BoundedProtocol] = BoundedProtocol
) -> AsyncIterator[int]:
    """The app behind a real server; its port."""
    made = server(app)
    made.config.http = wire
    task = asyncio.create_task(made.serve())
    while not made.started:
        assert not task.done(), "it did not start"
        await asyncio.sleep(0)
    try:
        yield int(made.servers[0].sockets[0].getsockname()[1])
    finally:
        made.should_exit = True
        await task
