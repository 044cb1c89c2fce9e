"""Back-tests under way: one at a time for a web process, each asked for and looked at."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any
from weakref import finalize

from psycopg import Connection

from domain.assess.backtest import Backtest, Outcome
from domain.codec import Codec
from domain.rulebooks.rulebook import Rulebook
from infra.logs import log
from infra.postgres.pool import Pool
from projections.back_test import Summary, outcomes
from projections.back_test_csv import back_test_csv

KEPT_MAX = 4  # runs remembered, each with its file
SHOWN_MAX = 500  # differences kept to be shown; the file has every complaint


@dataclass(slots=True, weakref_slot=True, eq=False)
class Run:
    """One regulation asked about the whole store."""

    book: Rulebook
    asked_at: datetime
    done: int = 0
    total: int = 0
    state: str = "running"  # running, finished, failed
    ended: threading.Event = field(default_factory=threading.Event)
    summary: Summary = field(default_factory=Summary)
    differences: list[Outcome] = field(default_factory=list)
    file: Path = field(init=False)

    def __post_init__(self) -> None:
        """The file goes with the run."""
        with NamedTemporaryFile(suffix=".csv", delete=False) as made:
            self.file = Path(made.name)
        finalize(self, Path.unlink, self.file, missing_ok=True)

    def told(self, done: int, total: int) -> None:
        """How far it is."""
        self.done, self.total = done, total

    def noted(self, found: Iterator[Outcome]) -> Iterator[Outcome]:
        """The outcomes, counted on their way into the file."""
        for one in found:
            self.summary.add(one)
            if one.differs and len(self.differences) < SHOWN_MAX:
                self.differences.append(one)
            yield one


class BackTests:
    """What was asked lately. A run belongs to its process, and is forgotten with it."""

    def __init__(self) -> None:
        self._runs: dict[tuple[str, str], Run] = {}  # by name and hash: a draft has both
        self._lock = threading.Lock()

    def of(self, book: Rulebook) -> Run | None:
        """What was asked of this regulation, if it was."""
        return self._runs.get((book.name, book.sha256))

    def of_text(self, name: str, sha256: str) -> Run | None:
        """What was asked of a text that need not be published."""
        return self._runs.get((name, sha256))

    def busy(self) -> Run | None:
        """The one that is under way now."""
        running = (run for run in self._runs.values() if run.state == "running")
        return next(running, None)

    def begin(
        self, test: Backtest, reads: Pool, codec: Codec, *, asked_at: datetime
    ) -> Run | None:
        """Begin, unless another is under way. The old answer for it is forgotten."""
        with self._lock:
            if self.busy() is not None:
                return None
            run = Run(test.book, asked_at)
            key = (test.book.name, test.book.sha256)
            self._runs.pop(key, None)
            while len(self._runs) >= KEPT_MAX:
                self._runs.pop(next(iter(self._runs)))
            self._runs[key] = run
        work = threading.Thread(
            target=_work, args=(run, test, reads, codec), name="back-test", daemon=True
        )
        work.start()
        return run


def _work(run: Run, test: Backtest, reads: Pool, codec: Codec) -> None:
    try:
        with reads.connection() as conn:
            _written(run, conn, codec, test)
        run.state = "finished"
    except Exception as error:  # noqa: BLE001  # whoever looks at the run is told
        run.state = "failed"
        log.error("back_test_failed", source=test.book.name, exc_info=error)
    finally:
        run.ended.set()


def _written(run: Run, conn: Connection[Any], codec: Codec, test: Backtest) -> None:
    found = run.noted(outcomes(conn, codec, test, run.told))
    about = {"rulebook": test.book.name, "asked_at": run.asked_at.isoformat()}
    with run.file.open("wb") as file:
        for piece in back_test_csv(found, bom=True, about=about):
            file.write(piece)
