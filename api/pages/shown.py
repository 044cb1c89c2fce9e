"""Shown: how values look on a page: times in a zone, numbers, and text from outside."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape

from api.pages.words import WordList

# Characters that turn, join or hide text: shown by their code, since they deceive the eye.
MARKED = frozenset(
    chr(code)
    for code in (
        0x061C,
        0x200B,
        0x200E,
        0x200F,
        *range(0x202A, 0x202F),
        0x2060,
        *range(0x2066, 0x206A),
        0xFEFF,
        0xFFF9,
        0xFFFA,
        0xFFFB,
    )
)
DAY_S, HOUR_S, MINUTE_S = 86_400, 3_600, 60
LATE_MIN = timedelta(minutes=10)  # sooner than this nobody calls it late


class Shown:
    """Values in one language and one zone."""

    def __init__(self, w: WordList, zone: str, now: datetime) -> None:
        self._w = w
        self._zone = ZoneInfo(zone)
        self._now = now.astimezone(self._zone)
        self._weekdays = str(w("frame.weekdays")).split()

    def offset(self, at: datetime | None = None) -> str:
        """The zone's offset from UTC, as +08:00."""
        said = self.local(at or self._now).strftime("%z")
        return f"{said[:3]}:{said[3:5]}"

    def local(self, at: datetime) -> datetime:
        """The same instant on the zone's clock."""
        return at.astimezone(self._zone)

    def full(self, at: datetime) -> str:
        """2026-10-09 周五 14:02:11."""
        here = self.local(at)
        return f"{self.date(here)} {here:%H:%M:%S}"

    def exact(self, at: datetime) -> str:
        """2026-10-09 14:02:11 +08:00."""
        return f"{self.local(at):%Y-%m-%d %H:%M:%S} {self.offset(at)}"

    def short(self, at: datetime) -> str:
        """10-09 14:02, with the year when it is another."""
        here = self.local(at)
        year = "" if here.year == self._now.year else f"{here.year}-"
        return f"{year}{here:%m-%d %H:%M}"

    def short_day(self, at: datetime | date) -> str:
        """10-09, with the year when it is another."""
        here = self.local(at) if isinstance(at, datetime) else at
        year = "" if here.year == self._now.year else f"{here.year}-"
        return f"{year}{here:%m-%d}"

    def same_day(self, at: datetime, other: datetime) -> bool:
        """Whether two instants are of one day here."""
        return self.local(at).date() == self.local(other).date()

    def clock(self, at: datetime) -> str:
        """14:02."""
        return f"{self.local(at):%H:%M}"

    def date(self, at: datetime) -> str:
        """2026-10-09 周五."""
        here = self.local(at)
        return f"{here:%Y-%m-%d} {self._weekdays[here.weekday()]}"

    def span(self, length: timedelta) -> str:
        """How long, in its two largest units: 1 d 9 h."""
        seconds = int(length.total_seconds())
        sizes = ((DAY_S, "d"), (HOUR_S, "h"), (MINUTE_S, "m"), (1, "s"))
        parts = []
        for size, unit in sizes:
            if seconds >= size:
                parts.append(f"{seconds // size} {unit}")
                seconds %= size
        return " ".join(parts[:2]) or "0 s"

    def lateness(self, at: datetime, recorded_at: datetime) -> str | None:
        """How much later than it happened it was written down, if that is worth saying."""
        late = recorded_at - at
        if late >= LATE_MIN:
            return str(self._w("complaint.late", span=self.span(late)))
        if -late >= LATE_MIN:
            return str(self._w("complaint.early", span=self.span(-late)))
        return None


def number(n: int) -> str:
    """18,437."""
    return f"{n:,}"


def text(said: str) -> Markup:
    """Text from outside: it cannot turn what stands around it, and hides nothing."""
    return Markup("<bdi>{}</bdi>").format(marked(said))


def marked(said: str) -> Markup:
    """The text with every character that deceives the eye shown by its code."""
    parts = (_mark(c) if c in MARKED or c == "\0" else escape(c) for c in said)
    return Markup("").join(parts)


def _mark(character: str) -> Markup:
    return Markup('<span class="hid">U+{}</span>').format(f"{ord(character):04X}")


def icon(name: str) -> Markup:
    """One of the symbols that stand at the top of every page."""
    return Markup('<svg class="i" aria-hidden="true"><use href="#i-{}"/></svg>').format(
        name
    )


def bold(said: object) -> Markup:
    """The figure that matters in a sentence."""
    return Markup("<b>{}</b>").format(said)
