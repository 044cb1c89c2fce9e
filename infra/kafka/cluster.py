"""Which cluster, and how to get in; and when we do not get in, what may be wrong."""

import logging
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

from kafka import errors as client
from kafka.net.compat import KafkaNetClient

from infra.kafka import direct_socket
from infra.kafka.errors import KafkaUnreachableError

CONNECT_MS = 5_000
REQUEST_MS = 5_000
WORDS_KEPT = 6

# At DEBUG it writes its whole configuration, the password too.
logging.getLogger("kafka.admin.client").setLevel(logging.INFO)

Client = TypeVar("Client")


@dataclass(frozen=True)
class Cluster:
    """The address of a cluster and who we are there; plain values, no environment."""

    bootstrap_servers: str  # host:port, several with commas
    security_protocol: str = "PLAINTEXT"
    sasl_mechanism: str | None = None
    sasl_username: str | None = None
    sasl_password: str | None = field(default=None, repr=False)
    ssl_cafile: str | None = None
    connect_ms: int = CONNECT_MS

    def __post_init__(self) -> None:
        """Refuse here what the client would only fall over later."""
        if self.security_protocol not in {"PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"}:
            raise ValueError(f"no such security protocol: {self.security_protocol}")
        given = (self.sasl_mechanism, self.sasl_username, self.sasl_password)
        if {bool(one) for one in given} != {self.signs_in}:
            raise ValueError(
                "mechanism, user and password belong to a SASL_… protocol, all of them"
            )

    @property
    def signs_in(self) -> bool:
        """With user and password."""
        return self.security_protocol.startswith("SASL_")

    @property
    def encrypts(self) -> bool:
        """With TLS."""
        return self.security_protocol.endswith("SSL")


def connect(cluster: Cluster, kind: Callable[..., Client], **settings: object) -> Client:
    """A client of this kind that has reached the cluster."""
    made: list[Any] = []

    def network(**config: object) -> Any:  # noqa: ANN401 the client has no types
        made.append(KafkaNetClient(**config))
        return made[-1]

    with _last_words() as words:
        try:
            return kind(**_settings(cluster), **settings, kafka_client=network)
        except BaseException as error:
            for half_open in made:
                half_open.close()  # its thread and sockets would live on
            if isinstance(error, client.KafkaError | OSError):
                raise KafkaUnreachableError(_may_be(cluster, error, words)) from error
            raise


def _settings(cluster: Cluster) -> dict[str, object]:
    """What every kind of client is told."""
    return {
        "bootstrap_servers": [
            server.strip() for server in cluster.bootstrap_servers.split(",")
        ],
        "client_id": "complaint-ledger",
        "security_protocol": cluster.security_protocol,
        "sasl_mechanism": cluster.sasl_mechanism,
        "sasl_plain_username": cluster.sasl_username,
        "sasl_plain_password": cluster.sasl_password,
        "ssl_cafile": cluster.ssl_cafile,
        "ssl_check_hostname": True,
        "proxy_url": direct_socket.PROXY,
        # The default waits half a minute before it says that the password is wrong.
        "bootstrap_timeout_ms": cluster.connect_ms,
        # The default leaves up to half a minute of silence after a restart of the broker.
        "reconnect_backoff_max_ms": 1_000,
    }


def _may_be(cluster: Cluster, error: Exception, words: deque[str]) -> str:
    """All mistakes look alike to the client (a time-out), so each one is named."""
    can_be = ["the address is wrong, or nothing listens there"]
    if cluster.encrypts:
        can_be += [
            "the broker speaks no TLS on this port",
            "its certificate is not signed by the CA file, or not for this host name",
        ]
    else:
        can_be.append("the broker wants TLS (SSL or SASL_SSL) on this port")
    if cluster.signs_in:
        can_be.append("user, password or mechanism is wrong")
    else:
        can_be.append("the broker wants a user and a password (SASL_…)")
    return (
        f"no Kafka at {cluster.bootstrap_servers} as {cluster.security_protocol} "
        f"within {cluster.connect_ms / 1000:g} s ({type(error).__name__}: {error}). "
        f"It can be that {'; that '.join(can_be)}. "
        f"Last words of the client: {' | '.join(words) or 'none'}"
    )


class _Listener(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.words: deque[str] = deque(maxlen=WORDS_KEPT)

    def emit(self, record: logging.LogRecord) -> None:
        said = record.getMessage()
        if said not in self.words:
            self.words.append(said)


@contextmanager
def _last_words() -> Iterator[deque[str]]:
    """What the client logs meanwhile: the only place where it names the mistake."""
    logger, listener = logging.getLogger("kafka"), _Listener()
    logger.addHandler(listener)
    try:
        yield listener.words
    finally:
        logger.removeHandler(listener)
