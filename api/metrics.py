"""What is counted and timed while requests are answered; `/metrics` prints it."""

from prometheus_client import CollectorRegistry, Counter, Histogram

# Seconds. A command takes 1 to 100 ms; the last bounds tell a slow disk from a dead one.
BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0)


class Metrics:
    """A registry of our own, so that two apps in one process count apart."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry(auto_describe=False)
        self.commands = Counter(
            "ledger_commands",
            "Commands by what they asked for and how they were answered.",
            ["deed", "outcome"],  # recorded, or the code of the refusal
            registry=self.registry,
        )
        self.append_seconds = Histogram(
            "ledger_append_seconds",
            "From the decision to the answer of the store, waiting in line included.",
            buckets=BUCKETS,
            registry=self.registry,
        )
        self.answers = Counter(
            "ledger_http_answers",
            "HTTP answers by status.",
            ["status"],
            registry=self.registry,
        )
