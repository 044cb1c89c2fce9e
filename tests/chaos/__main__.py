"""`make chaos SEED=… MINUTES=…`: the storm for as long as one has patience."""

import argparse
import sys
import tempfile
from pathlib import Path

from tests.chaos.storm import storm
from tests.proof.campaign import Campaign

KILLS_A_MINUTE = 40
CHANGES = 10_000


def main() -> None:
    """One storm; the seed makes the same kills again."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--minutes", type=float, default=5.0)
    given = asked.parse_args()
    kills = max(1, round(given.minutes * KILLS_A_MINUTE))
    with tempfile.TemporaryDirectory(prefix="chaos") as home:
        counted = storm(Path(home), seed=given.seed, kills=kills, say=_say)
    campaign = Campaign(seed=given.seed)
    campaign.run(CHANGES)
    if campaign.missed:
        sys.exit(f"seed {given.seed}: unseen: {campaign.missed}")
    _say(f"seed {given.seed}: {CHANGES} changes to what is sealed, each found")
    told = ", ".join(f"{what} {n}" for what, n in sorted(counted.items()))
    _say(f"seed {given.seed}: nothing lost, nothing twice, every table true. {told}")


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
