"""Asking a ledger that runs, as a browser or a program does."""

import http.client
import json
import urllib.request
from collections.abc import Mapping

NONE: Mapping[str, str] = {}


def asked(
    url: str, said: object = None, headers: Mapping[str, str] = NONE
) -> tuple[int, str]:
    data = None if said is None else json.dumps(said).encode()
    headers = {"content-type": "application/json"} if data else dict(headers)
    request = urllib.request.Request(url, data, headers)  # noqa: S310 ours
    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 ours
        return answer.status, answer.read().decode()


def page(address: str) -> bool:
    """Whether the first page is there."""
    try:
        status, text = asked(f"{address}/", headers={"accept": "text/html"})
    except (OSError, http.client.HTTPException):
        return False
    return status == http.client.OK and "<html" in text
