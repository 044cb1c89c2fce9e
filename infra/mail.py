"""Mail over SMTP: handed over once, or it is known that it was not, or it is not known."""

import smtplib
import ssl
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP as AS_SENT
from typing import Literal

TIMEOUT_S = 20.0
LOOPBACK = {"localhost", "127.0.0.1", "::1"}
PERMANENT = 500  # a reply from here on says: never


class MailRefusedError(Exception):
    """The server will never take it: an address, or the whole of it."""


class MailWaitsError(Exception):
    """It was surely not handed over: try again later."""


class MailUnsureError(Exception):
    """The line broke after it was sent and before it was answered: perhaps it arrived."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed over, and by whom."""

    host: str
    port: int
    security: Literal["none", "starttls", "tls"] = "none"
    user: str = ""
    password: str = ""


def send(
    server: MailServer,
    *,
    sender: str,
    to: Sequence[str],
    subject: str,
    text: str,
    message_id: str,
) -> None:
    """Hand a mail over; it is with the server when this returns."""
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = sender, ", ".join(to), subject
    made["Message-ID"] = f"<{message_id}>"
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(text)
    if server.user and server.security == "none" and server.host not in LOOPBACK:
        raise MailWaitsError("a password goes out by tls or starttls only")
    try:
        line = _line(server)
    except (OSError, smtplib.SMTPException) as error:
        raise _failed(error) from error
    try:
        _hand_over(line, sender, to, made.as_bytes(policy=AS_SENT))
    finally:
        with suppress(OSError, smtplib.SMTPException):  # it has what we had to say
            line.quit()


def _line(server: MailServer) -> smtplib.SMTP:
    """A connection that has said hello and signed in."""
    context = ssl.create_default_context()
    if server.security == "tls":
        line: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host, server.port, timeout=TIMEOUT_S, context=context
        )
    else:
        line = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_S)
    try:
        line.ehlo()
        if server.security == "starttls":
            line.starttls(context=context)
            line.ehlo()
        if server.user:
            line.login(server.user, server.password)
    except BaseException:
        line.close()
        raise
    return line


def _hand_over(line: smtplib.SMTP, sender: str, to: Sequence[str], raw: bytes) -> None:
    try:
        _accepted(line.mail(sender))
        for each in to:
            _accepted(line.rcpt(each))
    except (OSError, smtplib.SMTPException) as error:
        raise _failed(error) from error
    try:
        reply = line.data(raw)
    except smtplib.SMTPDataError as error:  # it did not want to hear it
        raise _failed(error) from error
    except (OSError, smtplib.SMTPException) as error:
        raise MailUnsureError(type(error).__name__) from error
    _accepted(reply)


def _accepted(reply: tuple[int, bytes]) -> None:
    """Pass on, or say whether to try again; a server's words may quote an address."""
    code, _ = reply
    if code >= PERMANENT:
        raise MailRefusedError(f"the mail server said {code}")
    if code >= 400:  # noqa: PLR2004  # RFC 5321: for now
        raise MailWaitsError(f"the mail server said {code}")


def _failed(error: Exception) -> Exception:
    code = getattr(error, "smtp_code", 0)
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return MailWaitsError("the mail server does not know us")  # somebody mends it
    if code >= PERMANENT:
        return MailRefusedError(f"the mail server said {code}")
    return MailWaitsError(type(error).__name__)
