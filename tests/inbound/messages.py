"""Messages as other systems send them; a test says only what it is about."""

import json
from itertools import count
from typing import Any

from consumers.inbound.message import Place, Raw
from consumers.inbound.parcel import Arrival

TOPIC = "complaints.inbound.v1"
TOPIC_ID = "3b0c6a34-6a8e-4a1c-9a53-2f3c8a4f6d11"
_NTH = count(1)

A_COMPLAINT: dict[str, Any] = {
    "items": [{"product": "valve body", "batch": "B26-0455", "defect": "leak"}],
    "customer": "Chengjiang Water",
    "channel": "crm",
    "complainant": "陈洁",
    "contact": {"phone": "138 0013 8000"},
    "words": "阀体漏水，请联系陈洁",
}
A_CALL: dict[str, Any] = {"channel": "phone", "summary": "谈了赔偿"}
A_GRADE: dict[str, Any] = {"scheme": "S46", "code": "C"}


def headers(
    kind: str,
    *,
    id: str | None = None,  # noqa: A002
    source: str = "crm",
    subject: str | None = "K-1",
    **more: str,
) -> tuple[tuple[str, bytes | None], ...]:
    """The headers of a binary message."""
    said = {
        "content-type": "application/json",
        "ce_specversion": "1.0",
        "ce_id": id or f"e-{next(_NTH)}",
        "ce_source": source,
        "ce_type": f"complaint.{kind}",
        "ce_subject": subject,
    } | more
    return tuple((n, v.encode()) for n, v in said.items() if v is not None)


def raw(kind: str, data: object, place: Place | None = None, **said: Any) -> Raw:
    """A message in binary mode."""
    return Raw(headers(kind, **said), json.dumps(data).encode(), place)


def arrival(kind: str, data: object, offset: int | None = None, **said: Any) -> Arrival:
    """The same, delivered from the topic at an offset, or over HTTP."""
    place = None if offset is None else Place(TOPIC, TOPIC_ID, 0, offset)
    return Arrival(raw(kind, data, place, **said))


def received(offset: int | None = None, **said: Any) -> Arrival:
    return arrival("received", A_COMPLAINT, offset, **said)


def contacted(offset: int | None = None, **said: Any) -> Arrival:
    return arrival("contacted", A_CALL, offset, **said)


def graded(offset: int | None = None, **said: Any) -> Arrival:
    return arrival("graded", A_GRADE, offset, **said)
