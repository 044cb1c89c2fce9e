"""What is counted while requests are answered, and measured when somebody asks."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

# Seconds. A command takes 1 to 100 ms; the last bounds tell a slow disk from a dead one.
BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0)
WORKER = ("kind", "name")  # a projection or a relay


class Metrics:
    """A registry of our own, so that two apps in one process count apart."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        self.commands = Counter(
            "ledger_commands",
            "Commands by what they asked for and how they were answered.",
            ["deed", "outcome"],  # recorded, or the code of the refusal
            registry=registry,
        )
        self.append_seconds = Histogram(
            "ledger_append_seconds",
            "What the store took to answer a command, load and waiting in line included.",
            buckets=BUCKETS,
            registry=registry,
        )
        self.answers = Counter(
            "ledger_http_answers", "HTTP answers by status.", ["status"], registry=registry
        )
        self.store_up = Gauge(
            "ledger_store_up", "Whether the database answers.", registry=registry
        )
        self.head = Gauge(
            "ledger_head_position", "The last position of it.", registry=registry
        )
        self.resets = Gauge(
            "ledger_feed_resets", "Partitions whose log had changed.", registry=registry
        )
        self._when_asked()

    def _when_asked(self) -> None:
        """What is measured when somebody asks."""
        self.letters = Gauge(
            "ledger_letters",
            "Messages that are held, in conflict or unreadable, and not settled.",
            ["kind"],
            registry=self.registry,
        )
        self.notices = Gauge(
            "ledger_notices",
            "What people are to be told and is not sent: waiting, sending, failed, unsure.",
            ["state"],
            registry=self.registry,
        )
        self.lag_events = self._of_worker("lag_events", "Events it lacks.")
        self.lag_seconds = self._of_worker(
            "lag_seconds", "How long the oldest event it lacks has been waiting."
        )
        self.heartbeat_age = self._of_worker(
            "heartbeat_age_seconds", "How long it has been silent."
        )
        self.parked = self._of_worker("parked", "Streams it cannot follow.")
        self.live = self._of_worker("live", "Whether somebody is at work on it.")

    def forget(self) -> None:
        """Drop what the last look found; who is gone has no value any more."""
        for gauge in self._workers:
            gauge.clear()

    @property
    def _workers(self) -> tuple[Gauge, ...]:
        return (
            self.lag_events,
            self.lag_seconds,
            self.heartbeat_age,
            self.parked,
            self.live,
        )

    def _of_worker(self, name: str, meaning: str) -> Gauge:
        return Gauge(f"ledger_worker_{name}", meaning, WORKER, registry=self.registry)
