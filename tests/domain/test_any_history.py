"""Any history: things said sensibly or not, in any order, on the real store."""

import asyncio
from contextlib import suppress
from datetime import timedelta
from typing import Any

import psycopg
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from consumers.opening import Opened
from domain.complaint import action, closure, contact, correction, effect, grading, items
from domain.complaint.state import Complaint
from domain.errors import RefusedError
from domain.event import When
from tests.builders import LI, TUESDAY, lodged, message

hours = st.integers(-1_000, 1_000).map(lambda n: TUESDAY + timedelta(hours=n))
times = hours.map(lambda at: When(occurred_at=at))
guesses = st.integers(-1, 1)


class AnyHistory(RuleBasedStateMachine):
    """One complaint; *guess* is how far the caller's version is off."""

    def __init__(self, mine: Opened, database: str, loop: asyncio.Runner) -> None:
        super().__init__()
        self.mine, self.database, self.loop = mine, database, loop
        self.told = loop.run(lodged(mine))

    def change(self, guess: int | None, do: Any, **said: Any) -> None:
        version = None if guess is None else max(0, self.told.version + guess)
        asked = self.mine.ledger.change(
            message(), self.told.complaint_id, version, do, who=LI, **said
        )
        with suppress(RefusedError):
            self.told = self.loop.run(asked)

    @rule(
        guess=guesses, scheme=st.sampled_from(["S46", "S6"]), code=st.sampled_from("ABCZ")
    )
    def grade(self, guess: int, **said: Any) -> None:
        self.change(guess, grading.grade, at=TUESDAY, reason="r", **said)

    @rule(when=times, channel=st.sampled_from(["phone", "mail"]))
    def call(self, **said: Any) -> None:
        self.change(None, contact.contacted, **said)

    @rule(
        when=times, fact=st.sampled_from(["injury", "safety_hazard"]), value=st.booleans()
    )
    def settle(self, **said: Any) -> None:
        self.change(None, items.fact_established, **said)

    @rule(when=times, action=st.sampled_from(["A1", "A2"]), done=st.booleans())
    def act(self, done: bool, **said: Any) -> None:  # hypothesis passes by name
        if done:
            self.change(None, action.action_implemented, **said)
        else:
            self.change(None, action.action_planned, text="t", **said)

    @rule(when=times, result=st.sampled_from(["clean", "clean", "same_problem"]))
    def check(self, **said: Any) -> None:
        self.change(None, effect.batch_checked, shipment_batch="L", **said)

    @rule(guess=guesses, result=st.sampled_from(["effective", "ineffective"]))
    def verify(self, guess: int, **said: Any) -> None:
        self.change(guess, effect.verify, at=TUESDAY, side_effect=False, **said)

    @rule(
        corrects=st.integers(1, 12),
        field=st.sampled_from(
            ["value", "channel", "items.1.quantity", "summary", "number"]
        ),
        new=st.sampled_from([True, 3, "x", None]),
        when=times,
    )
    def correct(self, **said: Any) -> None:
        self.change(None, correction.correct, reason="r", **said)

    @rule(guess=guesses)
    def close(self, guess: int) -> None:
        self.change(guess, closure.close, at=TUESDAY)

    @rule(guess=guesses)
    def reopen(self, guess: int) -> None:
        self.change(guess, closure.reopen, at=TUESDAY, reason="r")

    @invariant()
    def it_stands_where_we_were_told(self) -> None:
        made = self.mine.ledger.load(self.told.complaint_id)
        kept = self.mine.ledger.shelf.take(self.told.complaint_id)
        assert isinstance(made, Complaint)
        assert made.version == self.told.version
        assert kept in (None, made), "what is kept is what the store holds"

    @invariant()
    def versions_and_positions_have_no_hole(self) -> None:
        with psycopg.connect(self.database) as conn:
            rows = conn.execute(
                "SELECT count(*) = max(version) FROM ledger.event GROUP BY stream"
                " UNION ALL SELECT count(*) = max(position) FROM ledger.event"
            ).fetchall()
        assert all(row[0] for row in rows)


def test_any_history(ledger: Opened, database: str) -> None:
    with asyncio.Runner() as loop:

        class Here(AnyHistory):
            def __init__(self) -> None:
                super().__init__(ledger, database, loop)

        run_state_machine_as_test(
            Here,
            settings=settings(
                max_examples=20,
                stateful_step_count=20,
                deadline=None,
                derandomize=True,
                suppress_health_check=list(HealthCheck),
            ),
        )
        loop.run(ledger.appender.close())
