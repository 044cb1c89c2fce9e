"""Sending: what waits in the outbox goes out, a mail at most once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid4

from psycopg import Connection

from consumers.notifying import outbox
from consumers.notifying.hours import may_be_told
from consumers.notifying.outbox import Line
from consumers.notifying.recipients import Recipient, Recipients
from consumers.opening import Opened
from infra import mail, webhook
from infra.logs import log
from infra.mail import MailRefusedError, MailServer, MailUnsureError, MailWaitsError
from infra.webhook import WebhookRefusedError, WebhookWaitsError

LINES_MAX = 200  # in one mail
AT_ONCE = 20  # webhooks in one turn
SUBJECT = {"zh": "客诉台账：{n} 条通知", "en": "Complaint ledger: {n} notices"}


@dataclass(frozen=True, slots=True)
class Ways:
    """How anything leaves this house."""

    mail: MailServer | None
    sender: str
    secret: str  # of webhooks
    url: str  # of our pages; empty: no links
    gather: timedelta  # so long lines wait for others, to go in one mail


@dataclass(frozen=True, slots=True)
class Letter:
    """What is handed over at once: one mail of many lines, or one webhook."""

    id: UUID
    to: Recipient
    lines: Sequence[Line]
    not_before: Callable[[datetime], datetime]  # by the recipient's quiet hours

    def text(self, url: str) -> str:
        """The lines of a mail, each with its page."""
        pages = (f"{url}/ledger/{quote(one.number)}" if url else "" for one in self.lines)
        pairs = zip(self.lines, pages, strict=True)
        told = [f"{one.words}\n{page}".rstrip() for one, page in pairs]
        return "\n\n".join(told) + "\n"


def send(
    opened: Opened,
    conn: Connection[Any],
    recipients: Recipients,
    ways: Ways,
    *,
    now: datetime,
) -> bool:
    """Tell each what waits for them now; whether there was anything.

    Each line is marked before it is handed over, and after. *conn* is in autocommit.
    """
    waiting = outbox.due(conn, now)
    for name, channel in waiting:
        who = recipients.recipients.get(name)
        is_mail = channel == "mail"
        for _ in range(1 if is_mail else AT_ONCE):
            letter, limit = uuid4(), LINES_MAX if is_mail else 1
            found = outbox.take(conn, name, channel, letter=letter, now=now, limit=limit)
            if not found:
                break
            if who is None or channel not in who.channels():
                outbox.settle(conn, letter, "failed", "nobody of this name is told")
                continue
            hours = partial(_hours, opened, who)
            made = Letter(letter, who, found, hours)
            _handed_over(conn, made, partial(_mail if is_mail else _post, made, ways), now)
    return bool(waiting)


def _handed_over(
    conn: Connection[Any],
    letter: Letter,
    hand_over: Callable[[datetime], None],
    now: datetime,
) -> None:
    """Try it; what comes of it is kept with each line."""
    tries = max(line.tries for line in letter.lines)
    state, why, again = "sent", "", None
    try:
        hand_over(now)
    except MailUnsureError as error:
        state, why = "unsure", str(error)
    except (MailRefusedError, WebhookRefusedError) as error:
        state, why = "failed", str(error)
    except (MailWaitsError, WebhookWaitsError) as error:
        state = "waiting" if tries < outbox.TRIES_MAX else "failed"
        why, again = str(error), letter.not_before(now + outbox.pause(tries))
    outbox.settle(conn, letter.id, state, why or None, again)
    say = log.info if state == "sent" else log.warning
    say("told", outcome=state, rows=len(letter.lines), reason=why, attempt=tries)


def _mail(letter: Letter, ways: Ways, _now: datetime) -> None:
    if ways.mail is None:
        raise MailWaitsError("no mail server is set")
    host = ways.sender.rpartition("@")[2]
    mail.send(
        ways.mail,
        sender=ways.sender,
        to=letter.to.mail,
        subject=SUBJECT[letter.to.language].format(n=len(letter.lines)),
        text=letter.text(ways.url),
        message_id=f"{letter.id}@{host}",
    )


def _post(letter: Letter, ways: Ways, now: datetime) -> None:
    [line] = letter.lines
    if not ways.secret:
        raise WebhookWaitsError("no secret to sign with is set")
    assert letter.to.webhook is not None, "it is one of their channels"
    webhook.post(
        letter.to.webhook,
        line.body(),
        secret=ways.secret,
        message_id=str(line.id),
        at=now.isoformat(),
    )


def _hours(opened: Opened, who: Recipient, at: datetime) -> datetime:
    """The first instant from then on at which they may be told."""
    if who.quiet is None:
        return at
    calendar = opened.ledger.calendars[who.quiet.calendar].calendar
    return may_be_told(at, who.quiet, calendar)
