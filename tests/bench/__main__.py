"""`make bench`: everything side by side in one run, medians, into docs/benchmarks.md."""

import os
import platform
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from infra.broker.launcher import EmbeddedBroker
from infra.postgres.launcher import EmbeddedPostgres
from tests.bench import assessing, commands, intake, latency, projecting
from tests.bench.load import Load

PAGE = Path(__file__).parents[2] / "docs" / "benchmarks.md"
HEAD = """# Benchmarks

Written by `make bench`: one run, medians of {rounds} rounds, everything on one machine
({cores} cores, {system}), PostgreSQL with fsync on, the load from a process of its own.
Read the ratios, not the digits. The plain table is an async route with one statement and
a pool of its own.

"""


def main() -> None:
    """Measure, print, write."""
    cores, system = os.cpu_count(), platform.system()
    parts = [HEAD.format(rounds=commands.ROUNDS, cores=cores, system=system)]
    with tempfile.TemporaryDirectory(prefix="bench") as named:
        home = Path(named)
        with EmbeddedPostgres(home / "postgres") as postgres:
            parts.append(_commands(commands.measure(postgres, home)))
            parts.append(_intake(intake.measure(postgres, home)))
            dsn = projecting.seeded(postgres, home)
            parts.append(_projection(projecting.measure(dsn)))
            parts.append(assessing.measured(postgres))
            embedded = latency.measure(postgres, home, None)
            with EmbeddedBroker(home / "broker") as broker:
                relayed = projecting.relayed(dsn, broker.cluster)
                carried = latency.measure(postgres, home, broker.cluster)
    parts.append(f"## Relay\n\nFrom the store to the topic: {relayed:,.0f} events/s.\n\n")
    parts.append(_latency(embedded, carried))
    PAGE.write_text("".join(parts), encoding="utf-8")
    sys.stdout.write(f"written to {PAGE.relative_to(Path.cwd())}\n")


def _commands(loads: dict[tuple[str, int], Load]) -> str:
    """A fact noted on one of 200 complaints of ten events."""

    def line(kind: str, name: str) -> list[str]:
        cells = [loads[kind, clients] for clients in commands.CLIENTS]
        return [
            name,
            *(f"{c.per_second:,.0f} ({c.p50_ms:.1f} / {c.p99_ms:.0f})" for c in cells),
        ]

    def ratio(other: str, name: str) -> list[str]:
        ours = [loads["ours", clients].per_second for clients in commands.CLIENTS]
        theirs = [loads[other, clients].per_second for clients in commands.CLIENTS]
        return [name, *(f"{a / b:.1f} ×" for a, b in zip(ours, theirs, strict=True))]

    rows = [
        line("ours", "the ledger: sealed, answered once, in one order"),
        line("stock", "the library's `Application.save`"),
        line("crud", "plain UPDATE with an audit trigger, no retry that is safe"),
        ratio("stock", "the ledger against the library"),
        ratio("crud", "the ledger against the plain table"),
    ]
    heads = ["requests/s (p50 / p99 ms)", *(f"{n} clients" for n in commands.CLIENTS)]
    return "## Commands over HTTP\n\n" + _table(heads, rows)


def _intake(rates: dict[int, float]) -> str:
    alone = rates[1]
    rows = [[str(n), f"{rate:,.0f}", f"{rate / alone:.1f} ×"] for n, rate in rates.items()]
    said = "A third of the messages are new complaints with a number and a claim.\n\n"
    return "## Intake\n\n" + said + _table(["messages a call", "messages/s", "ratio"], rows)


def _projection(rates: dict[tuple[str, int], float]) -> str:
    rows = []
    for name in dict.fromkeys(name for name, _ in rates):
        many, alone = rates[name, projecting.BATCHED], rates[name, projecting.ALONE]
        rows.append([name, f"{many:,.0f}", f"{alone:,.0f}", f"{many / alone:.0f} ×"])
    heads = ["read model", "events/s, 1,000 a batch", "one transaction each", "ratio"]
    return "## Projection\n\n" + _table(heads, rows)


def _latency(embedded: tuple[float, float], carried: tuple[float, float]) -> str:
    rows = [
        ["store feed", f"{embedded[0]:.0f}", f"{embedded[1]:.0f}"],
        ["through Kafka", f"{carried[0]:.0f}", f"{carried[1]:.0f}"],
    ]
    said = f"At {latency.PER_SECOND} commands a second, in one process.\n\n"
    return (
        "## From a command to its row\n\n" + said + _table(["", "p50 ms", "p99 ms"], rows)
    )


def _table(heads: list[str], rows: Iterable[list[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines) + "\n"


def only_assessing() -> None:
    """Measure that section alone, and put it into the page as it stands."""
    with (
        tempfile.TemporaryDirectory(prefix="bench") as named,
        EmbeddedPostgres(Path(named) / "postgres") as postgres,
    ):
        made = assessing.measured(postgres)
    page = PAGE.read_text(encoding="utf-8")
    before, _, rest = page.partition(assessing.HEAD)
    after = rest[rest.find("\n## ") + 1 :] if "\n## " in rest else ""
    text = f"{before.rstrip()}\n\n{made}{after}".rstrip()
    PAGE.write_text(f"{text}\n", encoding="utf-8")
    sys.stdout.write(made)


if __name__ == "__main__":
    if sys.argv[1:] == ["assessing"]:
        only_assessing()
    else:
        main()
