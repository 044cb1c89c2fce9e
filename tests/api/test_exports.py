"""What analysts take along, over HTTP and at a terminal: who may, which part, which."""

import io
from dataclasses import replace
from pathlib import Path

import httpx2
import pyarrow.parquet as pq
import pytest
from fastapi import FastAPI
from typer.testing import CliRunner

from api.app import create_app
from api.cli import app as terminal
from api.identity.permissions import Person
from api.parts import Parts
from tests.api.asking import Api


def table(answer: httpx2.Response) -> pq.ParquetFile:
    assert answer.status_code == 200, answer.text
    return pq.ParquetFile(io.BytesIO(answer.content))


@pytest.mark.usefixtures("projected")
async def test_the_list_is_taken_along_as_it_is_filtered(api: Api) -> None:
    numbers = [await api.lodged(customer=f"C{nth}") for nth in range(3)]
    listed = await api.get("/complaints?min_position=3&customer=C1&customer=C2")

    file = table(await api.get("/exports/tracking.parquet?customer=C1&customer=C2"))

    found = file.read(["number"]).to_pydict()["number"]
    assert sorted(found) == numbers[1:]
    told = file.metadata.metadata
    assert int(told[b"position"]) == listed.json()["position"] >= 3
    assert told[b"filter"] == b"customer=C1&customer=C2"
    book = await api.get("/exports/tracking.xlsx?customer=C1")
    assert book.content[:2] == b"PK"
    assert book.headers["content-disposition"] == 'attachment; filename="tracking.xlsx"'


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/exports/stages.parquet", 200),
        ("/exports/penalties.xlsx", 200),
        ("/exports/ledger.ocel.json", 200),
        ("/exports/complaints.xes", 200),
        ("/exports/no_such.parquet", 422),
        ("/exports/freshness.parquet", 422),
        ("/exports/stages.parquet?open=true", 422),
        ("/exports/tracking.parquet?colour=red", 422),
        ("/exports/tracking.pdf", 422),
    ],
)
async def test_what_is_there_is_given(api: Api, address: str, status: int) -> None:
    assert (await api.get(address)).status_code == status


async def test_whom_a_penalty_is_about_is_not_for_everybody(parts: Parts) -> None:
    engineer = replace(parts, operator=Person("p-li", "quality_engineer", "Li"))
    app: FastAPI = create_app(engineer)
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1") as http:
        api = Api(http, app)

        assert (await api.get("/exports/stages.parquet")).status_code == 200
        for name in ("penalties", "penalty_postings", "penalty_superseded"):
            assert (await api.get(f"/exports/{name}.parquet")).status_code == 403
    await parts.opened.appender.close()


@pytest.mark.usefixtures("projected")
async def test_who_holds_at_one_site_takes_along_what_is_of_it(
    api: Api, parts: Parts
) -> None:
    await api.lodged()
    await api.get("/complaints?min_position=1")
    found = {}
    for site in ("plant-1", "plant-9"):
        there = Person("p-li", "quality_manager", "Li", sites=frozenset({site}))
        app: FastAPI = create_app(replace(parts, operator=there))
        transport = httpx2.ASGITransport(app=app)
        async with httpx2.AsyncClient(
            transport=transport, base_url="http://127.0.0.1"
        ) as http:
            one = Api(http, app)
            rows = table(await one.get("/exports/tracking.parquet")).metadata.num_rows
            found[site] = rows
            for whole in ("stages.parquet", "ledger.ocel.json", "complaints.xes"):
                assert (await one.get(f"/exports/{whole}")).status_code == 403

    assert found == {"plant-1": 1, "plant-9": 0}


def test_a_terminal_writes_the_same_file(
    parts: Parts, database: str, tmp_path: Path
) -> None:
    def said(*words: str, role: str = "quality_manager") -> tuple[int, str]:
        env = {"LEDGER_DATABASE_URL": database, "LEDGER_OPERATOR_ROLE": role}
        env["LEDGER_DATA_DIR"] = str(tmp_path / "home")
        found = CliRunner().invoke(terminal, [*words], env=env)
        return found.exit_code, found.output

    file = tmp_path / "tracking.parquet"
    assert said("export", "tracking", "--to", str(file), "--where", "open=true")[0] == 0
    assert pq.ParquetFile(file).metadata.metadata[b"filter"] == b"open=true"
    log = tmp_path / "log.xes"
    assert said("export", "xes", "--to", str(log))[0] == 0
    assert log.read_bytes().endswith(b"</log>\n")
    log.unlink()
    wrong = said("export", "tracking", "--to", str(tmp_path / "a.doc"))
    assert wrong[0] == 1
    refused = said("export", "penalties", "--to", str(file), role="quality_engineer")
    assert refused[0] == 1
    assert "role=ledger_reader" in said("reader")[1]
    assert sorted(path.name for path in tmp_path.glob("*.*")) == ["tracking.parquet"]
