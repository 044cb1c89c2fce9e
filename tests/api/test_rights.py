"""Who may do what: one table, held by every route, and a refusal names who may."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace

import httpx2
import pytest

from api.app import create_app
from api.identity.permissions import MAY, ROLES, Person, who_may
from api.parts import Parts
from domain.deeds import DEEDS
from domain.entry import Receipt
from domain.event import Decision
from tests.api.asking import Api
from tests.builders import lodged


@pytest.fixture
async def as_role(parts: Parts) -> AsyncIterator[dict[str, Api]]:
    """The API as somebody of each role meets it."""
    async with AsyncExitStack() as stack:
        made = {}
        for role in ROLES:
            app = create_app(replace(parts, operator=Person(f"p-{role[:4]}", role, "x")))
            http = httpx2.AsyncClient(
                transport=httpx2.ASGITransport(app=app), base_url="http://localhost"
            )
            made[role] = Api(await stack.enter_async_context(http), app)
        yield made


async def test_each_role_may_do_exactly_what_the_table_says(
    as_role: dict[str, Api], parts: Parts
) -> None:
    begun: Receipt = await lodged(parts.opened)  # type: ignore[arg-type]  # the same parts
    for role, api in as_role.items():
        for name in DEEDS:
            answer = await api.post(f"/complaints/{begun.number}/{name}", {"no": "body"})

            refused = answer.status_code == 403
            assert refused == (role not in MAY[name]), (role, name, answer.text)
            if refused:
                [lack] = answer.json()["lacks"]
                assert lack["fix"] == f"ask one of: {', '.join(who_may(name))}"
    assert parts.ledger.load(begun.complaint_id).version == 1
    await parts.opened.appender.close()


@pytest.mark.parametrize(
    ("method", "path", "right"),
    [
        ("POST", "/complaints", "received"),
        ("GET", "/complaints", "read"),
        ("GET", "/complaints/C-1", "read"),
        ("GET", "/rulebooks/S46@1", "read"),
        ("GET", "/penalties", "read_penalties"),
        ("GET", "/penalties/00000000-0000-0000-0000-000000000001", "read_penalties"),
        ("POST", "/penalties/00000000-0000-0000-0000-000000000001/reversed", "reversed"),
    ],
)
async def test_the_other_addresses_hold_their_rights(
    as_role: dict[str, Api], method: str, path: str, right: str
) -> None:
    for role, api in as_role.items():
        answer = await (api.post(path, {}) if method == "POST" else api.get(path))

        assert (answer.status_code == 403) == (role not in MAY[right]), (role, answer.text)


def test_only_people_decide() -> None:
    """Another system brings facts; an auditor and an administrator change nothing."""
    decisions = {n for n, deed in DEEDS.items() if issubclass(deed.event, Decision)}

    assert [n for n in decisions if "service" in MAY[n]] == []
    assert [n for n in DEEDS if MAY[n] & {"auditor", "administrator"}] == []


def test_every_deed_has_its_row_and_every_row_somebody() -> None:
    assert set(DEEDS) <= set(MAY)
    assert all(roles and roles <= set(ROLES) for roles in MAY.values())


def test_a_role_nobody_knows_is_refused_at_the_start() -> None:
    with pytest.raises(ValueError, match="choose of customer_service"):
        Person("p-x", "king", "x")
