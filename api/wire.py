"""The wire: bounds that have to hold before there is a request to speak of."""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from api import problems
from api.headers import ALWAYS, NOT_KEPT

HEAD_BYTES_MAX = 32 * 1024
# Also of a body that was refused: who sends it has to come to the answer, but not for ever.
MESSAGE_BYTES_MAX = 128 * 1024 * 1024
LINGER_S = 1.0  # a line that is cut while data comes in takes the answer with it


class BoundedProtocol(HttpToolsProtocol):
    """uvicorn's own protocol keeps any number of headers, and waits for them for ever."""

    head_s = 10.0  # until all headers are here; after an answer `timeout_keep_alive` counts

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  # uvicorn's own
        super().__init__(*args, **kwargs)
        self._bytes = 0  # of this request
        self._in_head = True
        self._refused = False
        self._patience: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in uvicorn
        """Somebody is there, and has so long to say what they want."""
        super().connection_made(transport)
        self._expect_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """They are gone."""
        self._no_longer_wait()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Count what comes, whatever it claims to be."""
        self._bytes += len(data)
        if self._bytes > MESSAGE_BYTES_MAX:
            self.transport.abort()
        elif not self._refused:
            super().data_received(data)
            if self._in_head and self._bytes > HEAD_BYTES_MAX and not self._refused:
                self._refuse("headers-too-large")

    def on_message_begin(self) -> None:
        """A request begins, perhaps behind another on the same connection."""
        super().on_message_begin()
        if not self._in_head:
            self._expect_head()

    def on_headers_complete(self) -> None:
        """From here on the app has its own bounds."""
        self._no_longer_wait()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """What comes now is of another request."""
        super().on_message_complete()
        self._bytes = 0

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002  # ours has its own words
        """What cannot be read as HTTP is answered in the same form as everything else."""
        self._refuse("bad-request")

    def _refuse(self, code: str) -> None:
        said = problems.at_the_door(code)
        body = problems.as_bytes(said)
        lines = [
            (b"content-type", problems.MEDIA_TYPE.encode()),
            (b"content-length", str(len(body)).encode()),
            (b"connection", b"close"),
            *ALWAYS,
            NOT_KEPT,
        ]
        head = b"".join(b"%b: %b\r\n" % line for line in lines)
        self.transport.write(STATUS_LINE[said["status"]] + head + b"\r\n" + body)
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self._no_longer_wait()
        self._refused = True
        self._patience = self.loop.call_later(LINGER_S, self._give_up)

    def _expect_head(self) -> None:
        self._in_head = True
        self._patience = self.loop.call_later(self.head_s, self._give_up)

    def _no_longer_wait(self) -> None:
        self._in_head = False
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None

    def _give_up(self) -> None:
        if not self.transport.is_closing():
            self.transport.close()
