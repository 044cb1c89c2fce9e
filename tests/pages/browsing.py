"""A real Chromium, and what it complained about while it showed our pages."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, Page, Response, sync_playwright

from tests import browser as machine

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE_MS = 15_000
DESK, PHONE = (1440, 900), (390, 844)


@contextmanager
def chromium() -> Iterator[Browser]:
    """This machine's Chromium, with a profile of its own that is gone afterwards."""
    path = machine.find()
    assert path is not None, "make test installs a Chromium, or says how to get one"
    with sync_playwright() as play:
        made = play.chromium.launch(executable_path=path, args=FLAGS)
        yield made
        made.close()


@dataclass
class Visitor:
    """Somebody at a browser, at one ledger."""

    page: Page
    url: str
    complaints: list[str] = field(default_factory=list)

    def go(self, path: str) -> Response:
        """Open an address of the ledger."""
        answer = self.page.goto(f"{self.url}{path}")
        assert answer is not None
        return answer

    def text(self) -> str:
        """Everything the page says."""
        return str(self.page.inner_text("main"))

    def wide(self) -> bool:
        """Whether the page is wider than the window."""
        script = "document.documentElement.scrollWidth > window.innerWidth"
        return bool(self.page.evaluate(script))


@contextmanager
def visiting(
    browser: Browser, url: str, *, size: tuple[int, int] = DESK, scripts: bool = True
) -> Iterator[Visitor]:
    """A visit; what the browser says of scripts, styles and policies is kept."""
    width, height = size
    context = browser.new_context(
        viewport={"width": width, "height": height}, java_script_enabled=scripts
    )
    context.set_default_timeout(PATIENCE_MS)
    visitor = Visitor(context.new_page(), url)
    visitor.page.on("console", lambda said: _note(visitor, said.type, said.text))
    visitor.page.on("pageerror", lambda error: visitor.complaints.append(str(error)))
    yield visitor
    context.close()


def _note(visitor: Visitor, kind: str, said: str) -> None:
    if kind in {"error", "warning"} and "the server responded with" not in said:
        visitor.complaints.append(said)


def posted(visitor: Visitor, path: str, form: dict[str, str], **headers: str) -> Any:
    """A form sent as the page sends it, without the page. Not followed."""
    return visitor.page.request.post(
        f"{visitor.url}{path}",
        form=dict(form),
        headers={"accept": "text/html", **headers},
        max_redirects=0,
    )


def sent_json(visitor: Visitor, path: str, body: object, **headers: str) -> Any:
    """What a program would send meanwhile."""
    return visitor.page.request.post(
        f"{visitor.url}{path}",
        data=json.dumps(body),
        headers={"content-type": "application/json", **headers},
    )
