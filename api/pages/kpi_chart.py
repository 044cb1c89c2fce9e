"""The months of a figure as a drawing (SVG): value, interval and target."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape
from math import ceil, log10

from domain.kpi.definition import Definition, Unit
from domain.kpi.figure import Figure

WIDTH, HEIGHT = 1290, 264
LEFT, RIGHT, TOP, BOTTOM = 64, 72, 16, 34
INK, SOFT, ACCENT, PALE, PLATE = "#1f2430", "#5b6270", "#3b4a9c", "#dfe3f5", "#ffffff"
FONT = "Noto Sans CJK SC, Noto Sans SC, PingFang SC, Microsoft YaHei, Arial, sans-serif"
TICKS = 4
DIVISORS: dict[Unit, int] = {"duration": 3600, "money": 100}  # hours, and yuan
TENTHS = 10


@dataclass(frozen=True, slots=True)
class Month:
    """One place on the drawing."""

    name: str
    figure: Figure


def drawn(months: Sequence[Month], definition: Definition) -> str:
    """The whole drawing. A month without a value is a gap and never a zero."""
    chart = _Chart(months, definition)
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}"'
        f' viewBox="0 0 {WIDTH} {HEIGHT}" font-family="{FONT}" font-size="12">'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{PLATE}"/>'
    )
    layers = (chart.scale(), chart.intervals(), chart.target(), chart.values())
    return "".join([head, *(part for layer in layers for part in layer), "</svg>"])


class _Chart:
    def __init__(self, months: Sequence[Month], definition: Definition) -> None:
        self._months, self._definition = months, definition
        self._divisor = DIVISORS.get(definition.unit, 1)
        highs = [high for one in months for high in self._reach(one.figure)]
        self._top = _rounded(max(highs, default=0.0) or 1.0)
        if definition.is_part:
            self._top = 100.0

    def _reach(self, figure: Figure) -> Iterator[float]:
        if figure.value is not None:
            yield float(figure.value) / self._divisor
        if figure.interval is not None and figure.value is not None:
            yield min(figure.interval.high, 3 * float(figure.value) + 1)
        if self._definition.target is not None:
            yield self._definition.target / TENTHS

    def x(self, nth: int) -> float:
        step = (WIDTH - LEFT - RIGHT) / max(1, len(self._months))
        return LEFT + step * (nth + 0.5)

    def y(self, value: float) -> float:
        share = min(max(value, 0.0), self._top) / self._top
        return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)

    def scale(self) -> Iterator[str]:
        """Lines across, and the months below: each third one by name."""
        for tick in range(TICKS + 1):
            value = self._top * tick / TICKS
            y = self.y(value)
            yield (
                f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"'
                f' stroke="#d9d6cc" stroke-width="1"/>'
                f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end"'
                f' fill="{SOFT}">{value:,.4g}</text>'
            )
        last = len(self._months) - 1
        for nth, month in enumerate(self._months):
            if (last - nth) % 3 == 0:
                yield (
                    f'<text x="{self.x(nth):.1f}" y="{HEIGHT - 12}" text-anchor="middle"'
                    f' fill="{SOFT}">{escape(month.name)}</text>'
                )

    def intervals(self) -> Iterator[str]:
        for nth, month in enumerate(self._months):
            around = month.figure.interval
            if around is not None and month.figure.value is not None:
                high, low = self.y(around.high), self.y(around.low)
                yield (
                    f'<rect x="{self.x(nth) - 9:.1f}" y="{high:.1f}" width="18"'
                    f' height="{max(1.0, low - high):.1f}" fill="{PALE}"/>'
                )

    def target(self) -> Iterator[str]:
        if self._definition.target is None:
            return
        value = self._definition.target / TENTHS
        y = self.y(value)
        yield (
            f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"'
            f' stroke="{INK}" stroke-width="1" stroke-dasharray="6 4"/>'
            f'<text x="{WIDTH - RIGHT + 6}" y="{y + 4:.1f}" fill="{INK}">{value:g}</text>'
        )

    def values(self) -> Iterator[str]:
        """A line from month to month, broken where there is no value; the last one told."""
        line: list[str] = []
        for nth, month in enumerate(self._months):
            value = month.figure.value
            if value is None:
                yield from _joined(line)
                line = []
                continue
            at = f"{self.x(nth):.1f},{self.y(float(value) / self._divisor):.1f}"
            line.append(at)
            x, y = at.split(",")
            yield f'<circle cx="{x}" cy="{y}" r="3.5" fill="{ACCENT}"/>'
        yield from _joined(line)
        last = self._months[-1].figure.value if self._months else None
        if last is not None:
            shown = last / Decimal(self._divisor)
            y = f"{self.y(float(shown)) + 4:.1f}"
            x = f"{self.x(len(self._months) - 1) + 10:.1f}"
            yield (
                f'<text x="{x}" y="{y}" font-weight="600" fill="{ACCENT}">{shown:,.4g}'
                "</text>"
            )


def _joined(points: Sequence[str]) -> Iterator[str]:
    if len(points) > 1:
        yield (
            f'<polyline points="{" ".join(points)}" fill="none" stroke="{ACCENT}"'
            ' stroke-width="2"/>'
        )


def _rounded(high: float) -> float:
    """A top that a person would choose: 1, 2 or 5 with noughts."""
    size = 10.0 ** (ceil(log10(high)) - 1)
    return next(n * size for n in (1, 2, 5, 10, 20) if n * size >= high)
