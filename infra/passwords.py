"""Password hashes (argon2id), made in a few threads: a flood of them stalls nobody else."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

T = TypeVar("T")
THREADS = 2  # each holds the memory of one hash
WAITING_MAX = 16  # more than a person waits for
LANES = 4


class TooManyError(Exception):
    """So many passwords are being checked that one more would wait too long."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one guess costs whoever stole the table."""

    memory_kib: int = 65_536
    passes: int = 3


class Passwords:
    """Makes hashes and checks them. One for each process, on its event loop."""

    def __init__(self, cost: Cost) -> None:
        self._hasher = PasswordHasher(
            time_cost=cost.passes, memory_cost=cost.memory_kib, parallelism=LANES
        )
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="password")
        self._under_way = 0
        self._nobodys = self._hasher.hash("nobody's")

    async def made(self, password: str) -> str:
        """The hash of a password, with a salt of its own."""
        return await self._apart(lambda: self._hasher.hash(password))

    async def fits(self, hashed: str | None, password: str) -> bool:
        """Whether it is the password. Without a hash it takes as long, and is not."""

        def check() -> bool:
            try:
                self._hasher.verify(hashed or self._nobodys, password)
            except (VerificationError, InvalidHashError):
                return False
            return hashed is not None

        return await self._apart(check)

    def is_cheap(self, hashed: str) -> bool:
        """Whether it was made at another cost than today's, so that it is made anew."""
        return self._hasher.check_needs_rehash(hashed)

    def close(self) -> None:
        """Give the threads back."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _apart(self, work: Callable[[], T]) -> T:
        if self._under_way >= WAITING_MAX:
            raise TooManyError
        self._under_way += 1
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._threads, work)
        finally:
            self._under_way -= 1
