"""A mail server and a webhook receiver on this machine, that keep what they are given."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Post:
    """What a receiver was handed, and how it answers the next times."""

    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    posts: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)  # 0: the line breaks before one

    def answer(self, usual: int) -> int:
        """The next one that was asked for, else as usual."""
        return self.answers.pop(0) if self.answers else usual


@contextmanager
def mail_server() -> Iterator[Post]:
    """Speaks SMTP as far as it takes to be handed a mail."""
    post = Post()

    class Session(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.reply(220)
            while line := self.rfile.readline():
                word = line.split()[0].upper()
                if word == b"DATA":
                    self.reply(354)
                    if not self.taken():
                        return
                else:
                    self.reply({b"QUIT": 221}.get(word, 250))

        def taken(self) -> bool:
            raw = b"".join(iter(self.rfile.readline, b".\r\n"))
            code = post.answer(250)
            if code in {0, 250}:
                made = message_from_bytes(raw, policy=default)
                assert isinstance(made, EmailMessage)
                post.mails.append(made)
            if code:
                self.reply(code)
            return bool(code)

        def reply(self, code: int) -> None:
            self.wfile.write(f"{code} word\r\n".encode())

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Session) as server:
        post.port = server.server_address[1]
        with _served(server):
            yield post


@contextmanager
def web_receiver() -> Iterator[Post]:
    """Takes every POST."""
    post = Post()

    class Asked(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            code = post.answer(204)
            post.posts.append((dict(self.headers), body))
            if code:
                self.send_response(code)
                self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Asked) as server:
        post.port = server.server_address[1]
        with _served(server):
            yield post


@contextmanager
def _served(server: socketserver.BaseServer) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, args=[0.02])
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
