"""What can be said about a notice: one name for route, form and event."""

import inspect
from collections.abc import Mapping

from domain.deeds import Deed, by_name
from domain.penalty import OffenceStated, Proposed, SpecialApprovalGiven
from domain.penalty_after import (
    Appealed,
    Approved,
    Changed,
    Notified,
    Reversed,
    Settled,
    Upheld,
)
from domain.penalty_life import (
    appealed,
    approve,
    change,
    notify,
    reverse,
    settle,
    uphold,
)
from domain.penalty_offence import offence_stated, special_approval_given
from domain.penalty_proposal import propose

NOTICE_DEEDS: Mapping[str, Deed] = by_name(
    (
        Deed(OffenceStated, offence_stated),
        Deed(SpecialApprovalGiven, special_approval_given),
        Deed(Proposed, propose),
        Deed(Approved, approve),
        Deed(Notified, notify),
        Deed(Appealed, appealed),
        Deed(Upheld, uphold),
        Deed(Changed, change),
        Deed(Settled, settle),
        Deed(Reversed, reverse),
    )
)


def looks(deed: Deed) -> bool:
    """Whether it rests on other streams: the catalog, earlier offences, the complaint."""
    return "look" in inspect.signature(deed.do).parameters
