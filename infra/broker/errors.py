"""Why there is no broker, in words for whoever started it."""


class BrokerError(Exception):
    """The broker does not run as asked; the text holds what it said last."""


class BrokerHeldError(BrokerError):
    """Another process runs, or holds, the broker of this folder."""


class PortTakenError(BrokerError):
    """Something else listens where the broker should."""


class FormatError(BrokerError):
    """Kafka's own tool could not found the cluster."""


class FetchError(BrokerError):
    """A jar could not be had with the bytes that the list names."""


class LockError(BrokerError):
    """`jars.lock` is not a list of `group:artifact:version sha256`, each file once."""


class MissingExtraError(BrokerError):
    """The optional packages that fetch and run a broker are not installed."""
