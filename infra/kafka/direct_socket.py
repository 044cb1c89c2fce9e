"""How the client opens a connection, so that a refused one is closed again.

The client's own way forgets the socket when nobody listens: while a broker is down it
leaves one open for each try, until Python happens to collect it.
"""

import socket
from typing import Any

from kafka.net.inet import KafkaNetSocket

SCHEME = "direct"
# The client picks a way to connect by the scheme of what it takes for a proxy.
PROXY = f"{SCHEME}://"


class DirectSocket(KafkaNetSocket):  # type: ignore[misc] # the client has no types
    """No proxy; found by its scheme."""

    SCHEMES = (SCHEME,)

    async def connect(
        self,
        net: Any,  # noqa: ANN401 the client has no types
        addrinfo: tuple[int, int, int, str, tuple[Any, ...]],
        socket_options: list[tuple[int, int, int]],
        timeout_at: float | None = None,
    ) -> socket.socket:
        """The connected socket, or none left open."""
        family, kind, protocol, _, address = addrinfo
        opened = socket.socket(family, kind, protocol)
        try:
            opened.setblocking(False)
            for option in socket_options:
                opened.setsockopt(*option)
            await self.sock_connect(net, opened, address, timeout_at=timeout_at)
        except BaseException:
            opened.close()
            raise
        return opened
