"""Named by rules, not yet recorded: events the ledger will have, and their fields.

A rule may wait for them; until they exist, what needs them stays open. Whoever adds such
an event takes its line out here.
"""

from collections.abc import Mapping

UNRECORDED: Mapping[str, tuple[str, ...]] = {}
