"""Where the pages are served: the port that was asked for, or another free one."""

import socket
from ipaddress import ip_address

BACKLOG = 2_048
ANYWHERE = ("0.0.0.0", "::")  # noqa: S104 to recognise them
NO_ROUTE = ("192.0.2.1", 9)  # nobody's: asking for the way there sends nothing


class AddressError(Exception):
    """The pages cannot be served on this address."""


def bound(host: str, port: int, *, rather: int = 0) -> socket.socket:
    """A socket on this port, or on a free one if it is taken or 0: *rather* this one."""
    try:
        family, *_ = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except OSError as error:
        raise AddressError(f"LEDGER_HOST={host}: {error.strerror}") from error
    for chosen in (*filter(None, (port, rather)), 0):
        made = socket.socket(family, socket.SOCK_STREAM)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            made.bind((host, chosen))
            made.listen(BACKLOG)
        except OSError as error:
            made.close()
            if chosen == 0:
                raise AddressError(f"{host}: {error.strerror}") from error
        else:
            return made
    raise AssertionError("port 0 is bound or refused")


def port_of(made: socket.socket) -> int:
    """The port it is bound to."""
    return int(made.getsockname()[1])


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach it."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def names(host: str) -> frozenset[str]:
    """What a browser may call us besides localhost; any other is somebody's trick."""
    if is_loopback(host):
        return frozenset()
    here = {socket.gethostname(), socket.getfqdn(), *_ways_out()}
    asked = here if host in ANYWHERE else {host, *here}
    spelt = (f"[{name}]" if ":" in name else name for name in asked)
    return frozenset(name.lower() for name in spelt)


def shown(host: str) -> str:
    """As a person types it: anywhere includes here."""
    here = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, host)  # noqa: S104
    return f"[{here}]" if ":" in here and not here.startswith("[") else here


def _ways_out() -> set[str]:
    """The address others see us by, if there is a network at all."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        try:
            asking.connect(NO_ROUTE)
        except OSError:
            return set()
        return {str(asking.getsockname()[0])}
