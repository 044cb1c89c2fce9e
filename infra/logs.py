"""One JSON line for each thing worth knowing, and never a complainant's words in it.

Only keys on the list below are written; what stands under another is withheld, until
somebody has thought about it and put its name there. Text of other people's exceptions
is withheld too: it quotes what it failed on.
"""

import json
import logging
import math
import re
import sys
import threading
import traceback
from collections.abc import MutableMapping
from datetime import date, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO, cast
from uuid import UUID

import psycopg
import structlog
from structlog.typing import WrappedLogger

from infra import wall_clock

BYTES_MAX = 2_048
ITEMS_MAX = 20
WITHHELD = "[withheld]"
_WORDS = """
    at level action logger process pid role host port address path method status settings
    complaint_id stream number version position source message_id outcome code field
    topic topic_id partition offset next_offset projection generation schema file line
    count rows events messages seconds ms bytes lag_events lag_seconds attempt attempts
    parked held dead_letters limit first last of
    correlation_id error error_at cause reason sqlstate kind signal exit_code
"""
KEYS = frozenset(_WORDS.split())
OURS = ("domain", "projections", "api", "consumers", "infra", "tests", "__main__")

# Inside JSON they would be legal, but a terminal obeys them and an editor breaks the line.
_UNSEEN = re.compile(
    "[\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)

log: structlog.BoundLogger = structlog.get_logger()


def configure(level: str, stream: TextIO | None = None) -> None:
    """Everything this process says goes this way, libraries and last words included."""
    out = stream or _Present()
    structlog.configure(
        processors=[structlog.processors.add_log_level, _line],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(cast("TextIO", out)),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(handlers=[_Libraries()], level=level, force=True)
    for name in ("kafka", "asyncio", "httpx", "urllib3"):  # they chatter, and quote
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.captureWarnings(capture=True)
    sys.excepthook = _last_words
    threading.excepthook = lambda args: _last_words(
        args.exc_type, args.exc_value or args.exc_type(), args.exc_traceback
    )


class _Present:
    """Standard error as it is when something is said; it may be another by then."""

    def write(self, text: str) -> int:
        return sys.stderr.write(text)

    def flush(self) -> None:
        sys.stderr.flush()


class _Libraries(logging.Handler):
    """What uvicorn, psycopg, Kafka's client and the rest say."""

    def emit(self, record: logging.LogRecord) -> None:
        facts: dict[str, Any] = {"logger": record.name, "exc_info": record.exc_info}
        if record.name == "uvicorn.access" and isinstance(record.args, tuple):
            _, method, path, _, status = record.args
            facts |= {"method": method, "status": status}
            facts["path"] = str(path).partition("?")[0]  # a query may be a person's name
            action = "request"
        else:
            # asyncio and others quote the object that failed from the second line on.
            action = record.getMessage().partition("\n")[0]
        level = min(max(record.levelno // 10 * 10, logging.DEBUG), logging.CRITICAL)
        log.log(level, action, **facts)


def _last_words(
    kind: type[BaseException], error: BaseException, place: TracebackType | None
) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    log.critical("crashed", exc_info=(kind, error, place))


def _line(_: WrappedLogger, __: str, said: MutableMapping[str, Any]) -> str:
    """The line to write."""
    facts = {
        "at": wall_clock.now(),
        "level": said.pop("level"),
        "action": said.pop("event"),
    }
    error = _error_in(said.pop("exc_info", None))
    facts |= said
    if error is not None:
        facts |= {"error": _named(error), "error_at": _frames(error)}
        cause = error.__cause__ or error.__context__
        if cause is not None:
            facts["cause"] = _named(cause)
    shown = {
        key: _shown(value) if key in KEYS else WITHHELD for key, value in facts.items()
    }
    text = json.dumps(shown, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _shown(value: object) -> object:
    match value:
        case None | bool() | int():
            return value
        case float():
            return round(value, 6) if math.isfinite(value) else str(value)
        case str() | UUID() | Path() | timedelta():
            return _cut(str(value))
        case date():  # and datetime
            return value.isoformat()
        case list() | tuple() | set() | frozenset():
            return [_shown(item) for item in list(value)[:ITEMS_MAX]]
        case _:
            return f"[{type(value).__name__}]"


def _cut(text: str) -> str:
    raw = text.encode("utf-8", "surrogatepass")
    if len(raw) <= BYTES_MAX:
        return text
    return raw[:BYTES_MAX].decode("utf-8", "ignore") + "…"


def _error_in(exc_info: object) -> BaseException | None:
    match exc_info:
        case BaseException() as error:
            return error
        case (_, BaseException() as error, _):
            return error
        case None | False | (None, None, None):
            return None
        case _:
            return sys.exc_info()[1]


def _named(error: BaseException) -> str:
    """Its type, and its words where we know that they quote nobody."""
    kind = f"{type(error).__module__}.{type(error).__qualname__}"
    match error:
        case psycopg.OperationalError() | psycopg.InterfaceError():
            return f"{kind}: {str(error).strip()} {error.sqlstate or ''}".rstrip()
        case psycopg.Error():
            return f"{kind}: {error.sqlstate} {error.diag.constraint_name or ''}".rstrip()
        case OSError():
            return f"{kind}: {error.strerror or ''}".rstrip(": ")
        case _ if kind.partition(".")[0] in OURS:
            return f"{kind}: {error}"
        case _:
            return kind.removeprefix("builtins.")


def _frames(error: BaseException) -> list[str]:
    """Where it came from: innermost last, without the source's own lines."""
    frames = traceback.extract_tb(error.__traceback__)[-ITEMS_MAX:]
    return [f"{Path(f.filename).name}:{f.lineno} {f.name}" for f in frames]
