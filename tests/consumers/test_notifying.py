"""People are told of what happened by itself: once each, over real mail and real HTTP."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

import pytest
from psycopg import Connection

from consumers import projecting
from consumers.notifying import outbox
from consumers.notifying import running as telling
from consumers.notifying.noticing import notice
from consumers.notifying.recipients import Recipients
from consumers.notifying.sending import Ways
from consumers.rebuild import rebuild_projection
from domain.complaint import contact
from infra.mail import MailServer
from infra.settings import NotifySettings
from infra.webhook import ID, SIGNATURE, TIME, signature
from projections import named
from tests.builders import TUESDAY, governed, lodged
from tests.consumers.receivers import Post, mail_server, web_receiver
from tests.consumers.running import Talking, running
from tests.consumers.test_lapses import LATER, accepted, react, say
from tests.waiting import until

SECRET = "a secret of the test"
STATES = "SELECT channel, state, why FROM running.outbox ORDER BY channel, state, why"


class Told(NamedTuple):
    """A ledger whose reactor has spoken, and those who hear of it."""

    ledger: Talking
    conn: Connection[Any]
    mail: Post
    web: Post
    recipients: Recipients
    ways: Ways

    def step(self, at: datetime = LATER) -> None:
        """Until nothing is left to do at that time."""
        while telling.step(
            self.ledger.opened, self.conn, self.recipients, self.ways, at=at
        ):
            pass

    def states(self) -> list[tuple[Any, ...]]:
        return self.conn.execute(STATES).fetchall()


@pytest.fixture
def told(ledger: Talking, conn: Connection[Any]) -> Iterator[Told]:
    """Two complaints whose four answers lapsed while nobody looked."""
    with mail_server() as mail, web_receiver() as web:
        one = {"mail": ("qm@example.com",), "language": "en"}
        two = {"webhook": f"http://127.0.0.1:{web.port}/in?a=1"}
        asked = {"recipients": {"manager": one, "system": two}}
        ways = Ways(
            MailServer("127.0.0.1", mail.port),
            "ledger@example.com",
            SECRET,
            "https://ledger.example.com",
            timedelta(0),
        )
        made = Told(ledger, conn, mail, web, Recipients.model_validate(asked), ways)
        made.step()  # it begins here
        for _ in range(2):
            accepted(ledger)
        react(ledger, conn)
        yield made


def test_what_lapsed_in_an_outage_is_told_in_one_mail_and_signed_webhooks(
    told: Told,
) -> None:
    told.step()
    told.step(LATER + timedelta(days=1))

    [mail] = told.mail.mails
    text = mail.get_content()
    assert text.count("deadline missed: ") == 4
    assert "https://ledger.example.com/ledger/C-2026-000002" in text
    assert (mail["To"], mail["Subject"]) == (
        "qm@example.com",
        "Complaint ledger: 4 notices",
    )
    assert len({head[ID] for head, _ in told.web.posts}) == len(told.web.posts) == 4
    for head, body in told.web.posts:
        assert head[SIGNATURE] == signature(SECRET, at=head[TIME], body=body)
        assert "时限逾期" in body.decode()


def test_read_again_from_the_beginning_or_rebuilt_it_tells_nobody_again(
    told: Told, database: str
) -> None:
    told.step()
    outbox.move(told.conn, 0)
    stages = named("stages")
    projecting.prepare(database, [stages])
    rebuild_projection(stages, dsn=database, parked_max=1)
    told.step()

    assert (len(told.mail.mails), len(told.web.posts)) == (1, 4)


def test_of_what_was_before_it_began_nobody_is_told(told: Told) -> None:
    told.conn.execute("DELETE FROM running.reaction WHERE name = 'outbox'")
    told.step()
    assert (told.mail.mails, told.web.posts) == ([], [])


def test_stopped_while_handing_over_it_sends_no_second_mail(told: Told) -> None:
    """Nobody knows whether it arrived: a person sees it. A webhook bears its id again."""
    told.web.answers = [0]
    for channel, recipient in (("mail", "manager"), ("webhook", "system")):
        notice(
            told.ledger.opened, told.conn, told.recipients, now=LATER, gather=timedelta(0)
        )
        taken = outbox.take(
            told.conn, recipient, channel, letter=uuid4(), now=LATER, limit=9
        )
        assert len(taken) == 4
    told.step()
    assert (told.mail.mails, told.web.posts) == ([], []), "another one may be at it"

    assert outbox.left_over(told.conn) == 8
    told.step()
    told.step(LATER + timedelta(minutes=1))

    assert told.mail.mails == []
    assert [state for _, state, _ in told.states()] == ["unsure"] * 4 + ["sent"] * 4
    assert len(told.web.posts) == 5, "the first one got no answer"
    assert len({head[ID] for head, _ in told.web.posts}) == 4


@pytest.mark.parametrize(
    ("answer", "state", "mails"),
    [(250, "sent", 1), (451, "waiting", 0), (550, "failed", 0), (0, "unsure", 1)],
)
def test_what_a_mail_server_says(told: Told, answer: int, state: str, mails: int) -> None:
    told.mail.answers = [answer]
    told.step()
    assert {one[1] for one in told.states() if one[0] == "mail"} == {state}
    told.step(LATER + timedelta(days=1))
    assert len(told.mail.mails) == (1 if state == "waiting" else mails), (
        "and never a second"
    )


def test_a_server_that_is_not_there_is_tried_less_and_less_and_then_given_up(
    told: Told,
) -> None:
    nowhere = told._replace(
        ways=told.ways.__class__(
            MailServer("127.0.0.1", 1), "l@example.com", SECRET, "", timedelta(0)
        )
    )
    tries, at = 0, LATER
    while (
        any(one[1] == "waiting" for one in told.states() if one[0] == "mail") or not tries
    ):
        nowhere.step(at)
        at, tries = at + outbox.PAUSE_MAX, tries + 1

    assert tries == outbox.TRIES_MAX
    assert told.states()[0] == ("mail", "failed", "ConnectionRefusedError")
    assert outbox.pause(1) < outbox.pause(2) < outbox.pause(20) == outbox.PAUSE_MAX


def test_the_reactor_asks_the_next_rung_once_and_tells_those_it_asks(told: Told) -> None:
    """S44: still unsolved when called back, so the superior; nobody else hears of it."""
    s44 = governed(closure="S44@1", escalation="S44@1").current
    begun = told.ledger.loop.run(lodged(told.ledger.opened, under=s44))
    said = {"reached": True, "satisfied": False}
    say(told.ledger, begun.complaint_id, contact.called_back, TUESDAY, **said)
    for _ in range(2):
        react(told.ledger, told.conn)
    asked = {
        "superior": {"roles": ("direct_superior",), "mail": ("s@example.com",)},
        "technical": {"roles": ("technical_department",), "mail": ("t@example.com",)},
        "lapses": {"of": ("deadline_lapsed",), "mail": ("l@example.com",)},
    }
    told = told._replace(recipients=Recipients.model_validate({"recipients": asked}))
    told.step()

    escalated = told.conn.execute(
        "SELECT convert_from(state, 'UTF8')::jsonb FROM ledger.event"
        " WHERE topic = 'complaint.escalated'"
    ).fetchall()
    assert [(e["rung"], e["because"], e["by"]) for (e,) in escalated] == [
        ("superior", "called_back", 2)
    ]
    letters = {mail["To"]: mail.get_content() for mail in told.mail.mails}
    assert "上报：请 直接上级" in letters["s@example.com"]
    assert "上报" not in letters["t@example.com"] + letters["l@example.com"]


def test_a_password_does_not_go_out_over_an_open_line(told: Told) -> None:
    open_line = MailServer("mail.example.com", 25, "none", "ledger", "hush")
    told._replace(ways=replace(told.ways, mail=open_line)).step()
    wanted = ("mail", "waiting", "a password goes out by tls or starttls only")
    assert told.states()[0] == wanted


def test_a_file_that_cannot_be_used_is_seen_in_health(
    told: Told, database: str, tmp_path: Path
) -> None:
    file = tmp_path / "told.yaml"
    file.write_text("recipients: {a: {mail: [nobody]}}", "utf-8")
    told.conn.execute("DELETE FROM running.reaction")
    asked = NotifySettings(recipients=file)
    master = tmp_path / "keys" / "master.key"

    def work(stop: threading.Event) -> None:
        telling.run(database, asked, master=master, stop=stop)

    with running(work):
        until(lambda: bool([*_troubles(told.conn)]))
    [(why,)] = _troubles(told.conn)
    assert why.startswith("RecipientsError: told.yaml: recipients.a.mail")
    assert outbox.position(told.conn) is not None


def _troubles(conn: Connection[Any]) -> list[tuple[str]]:
    return conn.execute("SELECT why FROM running.trouble WHERE what = 'outbox'").fetchall()
