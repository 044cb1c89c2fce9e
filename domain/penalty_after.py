"""What becomes of a notice once it is proposed, up to its reversal."""

from datetime import date

from domain.amount import Amount
from domain.event import Decision, Fact
from domain.penalty import Notice


class Approved(Decision):
    """It counts from now on."""

    TOPIC = "penalty.approved"

    def apply(self, notice: Notice) -> None:
        """It counts."""
        notice.stage = "approved"


class Notified(Decision):
    """The person was told, and until when they may object."""

    TOPIC = "penalty.notified"

    appeal_until: date | None = None
    stamped: bool

    def apply(self, notice: Notice) -> None:
        """From now on only a reversal takes it back."""
        notice.stage = "notified"


class Appealed(Fact):
    """The person objects."""

    TOPIC = "penalty.appealed"

    grounds: str

    def apply(self, notice: Notice) -> None:
        """Somebody has to decide; until then it counts."""
        notice.stage = "appealed"


class Upheld(Decision):
    """After a hearing it stays as it is."""

    TOPIC = "penalty.upheld"

    reason: str

    def apply(self, notice: Notice) -> None:
        """It stays."""
        notice.stage = "upheld"


class Changed(Decision):
    """After a hearing another amount takes its place."""

    TOPIC = "penalty.changed"

    old: Amount | None = None
    amount: Amount
    reason: str

    def apply(self, notice: Notice) -> None:
        """The new amount counts."""
        notice.stage, notice.amount = "changed", self.amount


class Settled(Decision):
    """It was carried out: deducted, paid or written to the account."""

    TOPIC = "penalty.settled"

    how: str | None = None

    def apply(self, notice: Notice) -> None:
        """Nothing is left to do."""
        notice.stage = "settled"


class Reversed(Decision):
    """It is taken back whole; both stay in the books."""

    TOPIC = "penalty.reversed"

    reason: str

    def apply(self, notice: Notice) -> None:
        """It nets to zero."""
        notice.stage = "reversed"
