"""A plain table behind the same route: UPDATE, and a trigger that writes an audit row."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import psycopg
from fastapi import FastAPI
from psycopg_pool import AsyncConnectionPool
from pydantic import BaseModel, ConfigDict

TABLES = """
CREATE TABLE complaint (
    number text PRIMARY KEY, version bigint NOT NULL DEFAULT 1, channel text, summary text,
    updated_at timestamptz NOT NULL DEFAULT now());
CREATE TABLE audit (
    id bigserial PRIMARY KEY, number text NOT NULL, at timestamptz NOT NULL DEFAULT now(),
    old jsonb NOT NULL, new jsonb NOT NULL);
CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO audit (number, old, new) VALUES (NEW.number, to_jsonb(OLD), to_jsonb(NEW));
    RETURN NEW;
END $$;
CREATE TRIGGER noted AFTER UPDATE ON complaint FOR EACH ROW EXECUTE FUNCTION note();
"""
UPDATE = """
UPDATE complaint SET channel = %s, summary = %s, version = version + 1, updated_at = now()
 WHERE number = %s RETURNING version
"""


class ContactBody(BaseModel):
    """The same body as ours."""

    model_config = ConfigDict(extra="forbid")
    channel: str
    summary: str


def create_app(dsn: str, numbers: list[str]) -> FastAPI:
    """One async route: one statement. No history to replay, no retry that is safe."""
    with psycopg.connect(dsn) as conn:
        conn.execute(TABLES)
        conn.cursor().executemany(
            "INSERT INTO complaint (number) VALUES (%s)", [(number,) for number in numbers]
        )
    pool: AsyncConnectionPool[psycopg.AsyncConnection[Any]] = AsyncConnectionPool(
        dsn, min_size=4, max_size=32, open=False, kwargs={"autocommit": True}
    )

    @asynccontextmanager
    async def opened(_: FastAPI) -> AsyncIterator[None]:
        async with pool:
            yield

    app = FastAPI(lifespan=opened)

    @app.post("/complaints/{number}/contacted", status_code=201)
    async def contacted(number: str, body: ContactBody) -> dict[str, Any]:
        async with pool.connection() as conn:
            said = await conn.execute(UPDATE, [body.channel, body.summary, number])
            row = await said.fetchone()
        assert row is not None
        return {"version": row[0]}

    return app
