"""The bundle: made by the API, checked by the program that an auditor has."""

import json
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import UUID

import httpx2
import pytest

from api.app import create_app
from api.identity.permissions import Person
from api.parts import Parts
from consumers.opening import Opened, opened
from consumers.operating import Operating
from domain.auditing import STREAM
from infra.postgres.pool import open_pool, role_dsn
from infra.proof import verify
from infra.proof.verify import NOT_CHECKED, verified
from tests.api.asking import Api
from tests.builders import TUESDAY
from tests.conftest import a_database
from tests.proof.sealed import KEY, Sealed, sealed

VERIFYING = str(KEY.verifying)


@pytest.fixture(scope="module")
def ledger(
    server: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Sealed, Opened]]:
    """One database for all who only read it."""
    folder = tmp_path_factory.mktemp("bundle")
    with (
        a_database(server, template) as dsn,
        opened(dsn, master=folder / "keys" / "master.key") as made,
    ):
        yield sealed(server, dsn, folder), made


@pytest.fixture
async def api(ledger: tuple[Sealed, Opened]) -> AsyncIterator[Api]:
    async for asked in asking(ledger, Person("p-wang", "quality_manager", "Wang")):
        yield asked


async def asking(ledger: tuple[Sealed, Opened], person: Person) -> AsyncIterator[Api]:
    at, made = ledger
    with open_pool(role_dsn(at.database, "ledger_app"), size_max=3) as reads:
        parts = Parts(
            opened=made,
            reads=reads,
            clock=lambda: TUESDAY,
            operator=person,
            site="plant-1",
            zone="Asia/Shanghai",
            operating=Operating(made.ledger, at.database, "Asia/Shanghai"),
        )
        app = create_app(parts)
        transport = httpx2.ASGITransport(app=app)
        async with httpx2.AsyncClient(
            transport=transport, base_url="http://127.0.0.1"
        ) as http:
            yield Api(http, app)
        await made.appender.close()


async def graded(api: Api) -> str:
    """A complaint of three events."""
    number = await api.lodged()
    for note in ("first", "second"):
        said = {"text": note}
        answer = await api.post(f"/complaints/{number}/noted", said)
        assert answer.status_code in {200, 201}, answer.text
    return number


def failed(rows: list[tuple[str, str, str]]) -> list[str]:
    return [f"{claim}: {more}" for verdict, claim, more in rows if verdict == "FAIL"]


async def test_an_auditor_checks_a_bundle_without_us(
    api: Api, ledger: tuple[Sealed, Opened], tmp_path: Path
) -> None:
    at, _ = ledger
    number = await graded(api)
    at.seal()
    held = await api.get("/ledger/checkpoint")
    size = int(held.text.splitlines()[1])
    await graded(api)
    at.seal()
    answer = await api.get(f"/complaints/{number}/bundle", params={"held": size})
    (tmp_path / "b.json").write_text(answer.text, "utf-8")
    (tmp_path / "held").write_text(held.text, "utf-8")
    (tmp_path / "key").write_text(f"{VERIFYING}\n", "utf-8")
    program = tmp_path / "verify.py"
    program.write_text((await api.http.get("/ledger/verify.py")).text, "utf-8")

    held_file = str(tmp_path / "held")
    said = audited(tmp_path, "--key", str(tmp_path / "key"), "--held", held_file)

    assert said.returncode == 0, said.stdout + said.stderr
    lines = said.stdout.splitlines()
    assert [line.split("  ")[0] for line in lines] == (
        ["PASS"] * 6 + ["NOT CHECKED"] * len(NOT_CHECKED)
    )
    assert number in said.stdout
    wrong = VERIFYING.replace("+", "+0", 1)
    assert audited(tmp_path, "--key", wrong).returncode == 1


def audited(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """What the program says, run as an auditor runs it: without any package of ours."""
    command = [sys.executable, "-I", "verify.py", "b.json", *words]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)


GIVEN = {"recipient": "TÜV", "reason": "年度审核"}


async def test_opened_texts_are_bound_to_what_was_sealed(
    api: Api, ledger: tuple[Sealed, Opened]
) -> None:
    number = await api.lodged()
    ledger[0].seal()
    shut = (await api.get(f"/complaints/{number}/bundle")).text
    answer = await api.post(f"/complaints/{number}/bundle", GIVEN)

    assert answer.is_success, answer.text
    exports = ledger[1].ledger.load(STREAM)
    assert exports.version == 1, "it is known to whom it was given"
    assert "陈洁" not in shut
    assert json.loads(shut)["disclosed"] == []
    texts = {one["field"]: one["text"] for one in answer.json()["disclosed"]}
    assert texts["complainant"] == "陈洁"
    assert texts["words"] == "阀体漏水"
    assert failed(verified(answer.text, VERIFYING)) == []
    for change in ({"text": "王芳"}, {"salt": "AAAA"}, {"field": "words"}, {"version": 2}):
        other = json.loads(answer.text)
        other["disclosed"][0] |= change
        assert len(failed(verified(json.dumps(other), VERIFYING))) == 1, change


async def test_after_an_erasure_every_bundle_still_holds(
    api: Api, ledger: tuple[Sealed, Opened]
) -> None:
    at, made = ledger
    number = await api.lodged(contact={"phone": "139 0013 9000"})
    at.seal()
    before = (await api.post(f"/complaints/{number}/bundle", GIVEN)).text
    state = verify.exact(json.loads(before)["events"][0]["state"])

    made.keys.erase(UUID(json.loads(state)["party_id"]))
    after = await api.post(f"/complaints/{number}/bundle", GIVEN)

    assert after.json()["disclosed"] == []
    for text in (before, after.text):
        assert failed(verified(text, VERIFYING)) == []


async def test_names_are_disclosed_to_those_who_may_read_them(
    ledger: tuple[Sealed, Opened], api: Api
) -> None:
    number = await api.lodged()
    ledger[0].seal()
    async for auditor in asking(ledger, Person("p-audit", "auditor", "Audit")):
        place = f"/complaints/{number}/bundle"
        assert (await auditor.get(place)).status_code == 200
        assert (await auditor.post(place, GIVEN)).status_code == 403


async def test_proofs_over_http_hold_and_end_where_the_seal_does(
    api: Api, ledger: tuple[Sealed, Opened]
) -> None:
    await graded(api)
    ledger[0].seal()
    note = (await api.get("/ledger/checkpoint")).text
    root = verify.checkpoint(note, verify.key_of(VERIFYING))
    for position in range(1, root.size + 1):
        ask = {"position": position, "size": root.size}
        said = (await api.get("/ledger/proof/inclusion", params=ask)).json()
        path, leaf = verify.hashes(said["path"]), verify.exact(said["leaf"])
        assert verify.included(leaf, position - 1, root.size, path) == root.root
    ask = {"held": 1, "size": root.size}
    said = (await api.get("/ledger/proof/consistency", params=ask)).json()
    first = (await api.get("/ledger/proof/inclusion?position=1&size=1")).json()["leaf"]
    path, held = verify.hashes(said["path"]), verify.exact(first)
    assert verify.extended(held, 1, root.size, path) == (held, root.root)

    for wrong, status in (
        (f"inclusion?position=1&size={root.size + 1}", 404),
        ("inclusion?position=3&size=2", 422),
        ("inclusion?position=0&size=2", 422),
        ("consistency?held=3&size=2", 422),
        (f"consistency?held=3&size={2**63}", 422),
    ):
        assert (await api.get(f"/ledger/proof/{wrong}")).status_code == status


async def test_what_is_not_sealed_yet_is_not_handed_out(
    api: Api, ledger: tuple[Sealed, Opened]
) -> None:
    number = await api.lodged()

    answer = await api.get(f"/complaints/{number}/bundle")

    assert (answer.status_code, answer.json()["code"]) == (503, "unreachable")
