"""Webhooks: a signed POST, told apart by its id, so that said twice it is heard once."""

import hashlib
import hmac
import http.client
import ssl
from urllib.parse import urlsplit

TIMEOUT_S = 20.0
ID, TIME, SIGNATURE = "Ledger-Id", "Ledger-Time", "Ledger-Signature"
TAKEN = range(200, 300)
FOR_NOW = {408, 425, 429}


class WebhookRefusedError(Exception):
    """The receiver will not have it: it is not said again."""


class WebhookWaitsError(Exception):
    """The receiver is not there, or asks to be told later."""


def signature(secret: str, *, at: str, body: bytes) -> str:
    """HMAC-SHA256 over the time and the body, as the receiver makes it too."""
    signed = at.encode() + b"." + body
    return "sha256=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


def post(url: str, body: bytes, *, secret: str, message_id: str, at: str) -> None:
    """Say it; whoever heard it when this returns has it."""
    place = urlsplit(url)
    host, port = place.hostname or "", place.port
    line: http.client.HTTPConnection
    if place.scheme == "https":
        context = ssl.create_default_context()
        line = http.client.HTTPSConnection(host, port, timeout=TIMEOUT_S, context=context)
    else:
        line = http.client.HTTPConnection(host, port, timeout=TIMEOUT_S)
    path = f"{place.path or '/'}{'?' + place.query if place.query else ''}"
    headers = {
        "Content-Type": "application/json",
        ID: message_id,
        TIME: at,
        SIGNATURE: signature(secret, at=at, body=body),
    }
    try:
        line.request("POST", path, body, headers)
        status = line.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        raise WebhookWaitsError(type(error).__name__) from error
    finally:
        line.close()
    if status in TAKEN:
        return
    if status in FOR_NOW or status >= http.client.INTERNAL_SERVER_ERROR:
        raise WebhookWaitsError(f"the receiver said {status}")
    raise WebhookRefusedError(f"the receiver said {status}")
