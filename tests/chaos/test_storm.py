"""A short storm on the real broker and database, on every run."""

from pathlib import Path

import pytest

from tests.chaos.storm import storm


@pytest.mark.timeout(400)
def test_whatever_is_killed_nothing_is_lost_or_counted_twice(tmp_path: Path) -> None:
    """Every role and the broker get SIGKILL at random moments; nobody is told twice."""
    counted = storm(tmp_path, seed=1, kills=12, pause_s=(0.5, 1.5))

    assert sum(n for what, n in counted.items() if what.startswith("killed_")) == 12
    assert {
        "outcome_accepted",
        "outcome_duplicate",
        "outcome_held",
        "outcome_malformed",
    } <= set(counted)
    assert counted["lapses"] >= 2, "or there was nobody to tell"
