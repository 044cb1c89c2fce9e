"""The operations page: what runs, what waits, and what a person can do about it."""

from typing import Any

import psycopg
import pytest
from playwright.sync_api import expect

from consumers.rebuild import rebuild
from tests.pages.browsing import Visitor, posted, sent_json
from tests.pages.filling import received
from tests.pages.live import Live
from tests.waiting import until

CALL = {"channel": "phone"}


def message(visitor: Visitor, id: str, subject: str, data: object = CALL) -> Any:  # noqa: A002
    """What the system `crm` sends about a complaint of its own."""
    head = {"id": id, "source": "crm", "type": "complaint.contacted", "subject": subject}
    return sent_json(
        visitor, "/inbound", data, **{f"ce-{n}": v for n, v in head.items()}, **SPEC
    )


SPEC = {"ce-specversion": "1.0"}


@pytest.fixture(autouse=True)
def caught_up(visitor: Visitor) -> None:
    """A complaint, and tables that have it."""
    number = received(visitor)
    until(lambda: visitor.go(f"/complaints?number={number}").json()["total"] == 1)


def row(visitor: Visitor, region: str, words: str) -> str:
    found = visitor.page.get_by_role("region", name=region).get_by_role("row")
    return str(found.filter(has_text=words).first.inner_text())


def test_everything_runs_and_nothing_needs_a_person(visitor: Visitor) -> None:
    visitor.go("/operations?lang=zh")

    assert "没有需要人处理的事" in visitor.text()
    for name in ("台账", "步骤", "处罚账"):
        assert "正常" in row(visitor, "投影", name)
    assert (
        visitor.page.get_by_role("link", name="/health").get_attribute("href") == "/health"
    )


def test_a_message_without_its_complaint_is_held_and_says_until_when(
    visitor: Visitor,
) -> None:
    assert message(visitor, "h-1", "K-held").status == 202

    visitor.go("/operations?lang=zh")
    held = row(visitor, "暂存、冲突与搁置", "h-1")
    assert "受理一到自动补入" in held
    assert "补受理" in held
    assert "它的客诉还没有来" in held
    counts = row(visitor, "来源，最近 24 小时", "crm").split()
    assert counts[1:6] == ["1", "0", "0", "1", "0"]


def test_one_id_with_two_contents_needs_a_person(visitor: Visitor) -> None:
    message(visitor, "c-1", "K-c")
    assert message(visitor, "c-1", "K-c", {"channel": "email"}).status == 409

    visitor.go("/operations?lang=en")
    expect(visitor.page.locator(".call.warn")).to_contain_text("1 in conflict")
    assert "ledger dismiss" in row(visitor, "Held, in conflict and parked", "Conflict")


def test_a_parked_complaint_is_shown_with_its_command_and_its_row_as_stale(
    visitor: Visitor, ledger: Live
) -> None:
    number = received(visitor)
    until(lambda: visitor.go(f"/complaints?number={number}").json()["total"] == 1)
    stream = visitor.go(f"/complaints/{number}").json()["complaint_id"]
    with psycopg.connect(ledger.dsn) as conn:
        conn.execute(
            "INSERT INTO running.parked"
            " (generation, stream_id, from_version, position, reason)"
            " SELECT name, %s, 2, 2, 'UnhandledError' FROM running.generation"
            "  WHERE projection = 'tracking' AND state = 'live'",
            [stream],
        )

    visitor.go("/operations?lang=en")
    parked = row(visitor, "Held, in conflict and parked", number)
    assert f"ledger unpark {number}" in parked
    assert "UnhandledError" in parked
    assert "some parked" in row(visitor, "Projections", "ledger")

    visitor.go(f"/ledger?number={number}&lang=en")
    assert "this row is behind the ledger" in visitor.text()
    expect(visitor.page.locator("#fresh")).to_contain_text("1 parked")


def test_a_parked_complaint_is_let_go_on_from_the_page(
    without_scripts: Visitor, visitor: Visitor
) -> None:
    """It was parked for nothing by the test above, so now it can be followed."""
    page = without_scripts.page
    without_scripts.go("/operations?lang=en")
    parked = page.get_by_role("region", name="Held, in conflict and parked")

    parked.get_by_role("button", name="Let it go on").click()

    expect(page.get_by_role("status")).to_have_text("It goes on.")
    expect(parked.get_by_role("button", name="Let it go on")).to_have_count(0)
    last = page.locator("#tables li").first
    expect(last).to_contain_text("let go on")
    expect(last).to_contain_text("quality manager · p-tester")


def test_a_letter_is_settled_from_the_page(without_scripts: Visitor) -> None:
    page = without_scripts.page
    message(without_scripts, "c-2", "K-c2")
    message(without_scripts, "c-2", "K-c2", {"channel": "email"})
    without_scripts.go("/operations?lang=en")
    letter = page.get_by_role("row").filter(has_text="c-2").filter(has_text="Conflict")

    letter.get_by_text("Let it go…").click()
    letter.get_by_role("button", name="Let it go").click()

    expect(page.get_by_role("status")).to_have_text("The letter is gone.")
    expect(letter).to_have_count(0)


def test_what_nobody_could_be_told_is_shown_and_counted(
    visitor: Visitor, ledger: Live
) -> None:
    with psycopg.connect(ledger.dsn) as conn:
        for state, why in (("failed", "the mail server said 550"), ("unsure", "cut off")):
            conn.execute(
                "INSERT INTO running.outbox (id, position, topic, number, recipient,"
                " channel, words, state, why, tries, not_before)"
                " VALUES (gen_random_uuid(), 1,"
                " 'deadline_lapsed', 'C-2026-000001', 'quality', 'mail', 'w', %s, %s, 12,"
                " now())",
                [state, why],
            )
    visitor.go("/operations?lang=en")

    assert "2 notices did not get through, or nobody knows" in visitor.text()
    region = "Notices that did not get through"
    assert "given up" in row(visitor, region, "the mail server said 550")
    assert "nobody knows whether it arrived" in row(visitor, region, "cut off")
    assert 'ledger_notices{state="failed"} 1.0' in visitor.go("/metrics").text()
    with psycopg.connect(ledger.dsn) as conn:
        conn.execute("DELETE FROM running.outbox")


def test_the_tables_before_a_rebuild_are_put_back_from_the_page(
    without_scripts: Visitor, ledger: Live
) -> None:
    page = without_scripts.page
    rebuild("stages", dsn=ledger.dsn)
    without_scripts.go("/operations?lang=en")
    tables = page.locator("#tables").get_by_role("row", name="steps")
    expect(tables).to_contain_text("stages_g2")

    tables.get_by_text("Put back…").click()
    tables.get_by_role("button", name="Put back").click()

    expect(page.get_by_role("status")).to_have_text("The earlier tables are read again.")
    expect(tables).to_contain_text("stages_g1")
    expect(page.locator("#tables li").first).to_contain_text("was put back: stages_g1")


def test_nobody_acts_from_elsewhere_or_on_what_is_not_there(visitor: Visitor) -> None:
    visitor.go("/operations")
    token = visitor.page.locator("input[name=token]").first.get_attribute("value") or ""
    for act, form, status in (
        ("rollback", {"projection": "stages"}, 403),
        ("rollback", {"projection": "pg_catalog", "token": token}, 404),
        ("rollback", {"projection": "penalties", "token": token}, 422),
        ("unpark", {"stream": "x", "token": token}, 404),
        ("dismiss", {"letter": "²", "token": token}, 404),
        ("erase", {"token": token}, 404),
    ):
        assert posted(visitor, f"/operations/{act}", form).status == status, (act, form)
