"""Answers in JSON: what a reader may not see is marked, and instants have a zone."""

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from functools import partial
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi.responses import Response

from api.complaints.timeline import Erased, Sealed


def shown(
    value: object,
    zone: str,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """The value as an answer; instants in *zone*, the site's."""
    return Response(text(value, zone), status, headers, "application/json")


def text(value: object, zone: str) -> str:
    """The value in the words of JSON."""
    known = partial(_known, zone=ZoneInfo(zone))
    return json.dumps(
        value, default=known, ensure_ascii=False, allow_nan=False, separators=(",", ":")
    )


def _known(value: Any, *, zone: ZoneInfo) -> Any:  # noqa: ANN401  # whatever JSON has not
    match value:
        case Sealed():
            return {"sealed": True}
        case Erased():
            return {"erased": True}
        case datetime():
            return value.astimezone(zone).isoformat()
        case date():
            return value.isoformat()
        case UUID():
            return str(value)
        case _ if is_dataclass(value):
            return {one.name: getattr(value, one.name) for one in fields(value)}
    raise TypeError(f"{type(value).__name__} has no words in JSON")
