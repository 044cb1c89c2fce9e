"""A load of requests from a process of its own: clients that ask one at a time."""

import asyncio
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from uuid import uuid4

import uvicorn

ROOT = Path(__file__).parents[2]
BODY = json.dumps({"channel": "phone", "summary": "客户来电询问进度"}).encode()
WARM_UP_S = 1.0


@dataclass(frozen=True, slots=True)
class Load:
    """What some clients got done."""

    per_second: float
    p50_ms: float
    p99_ms: float


def put_on(port: int, numbers: list[str], *, clients: int, seconds: float) -> Load:
    """Contacts noted on these complaints, as fast as the server answers."""
    said = subprocess.run(
        [sys.executable, "-m", "tests.bench.load", str(port), str(clients), str(seconds)],
        input="\n".join(numbers).encode(),
        stdout=subprocess.PIPE,
        check=True,
        cwd=ROOT,
    )
    return Load(**json.loads(said.stdout))


async def ask(port: int, numbers: list[str], until: float, took: list[float]) -> None:
    """One client on one connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    nth = 0
    while perf_counter() < until:
        number = numbers[nth % len(numbers)]
        nth += 1
        began = perf_counter()
        writer.write(
            f"POST /complaints/{number}/contacted HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(BODY)}\r\n"
            f"Idempotency-Key: {uuid4()}\r\n\r\n".encode()
            + BODY
        )
        head = await reader.readuntil(b"\r\n\r\n")
        lines = head.lower().split(b"\r\n")
        size = next(line for line in lines if line.startswith(b"content-length:"))
        answer = await reader.readexactly(int(size.split(b":")[1]))
        if not lines[0].startswith(b"http/1.1 20"):
            raise SystemExit(f"{lines[0].decode()}: {answer.decode()}")
        took.append(perf_counter() - began)
    writer.close()
    await writer.wait_closed()


async def all_ask(port: int, numbers: list[str], clients: int, seconds: float) -> Load:
    """A warm-up that does not count, then what counts."""
    for span in (WARM_UP_S, seconds):
        took: list[float] = []
        began = perf_counter()
        shares = [numbers[nth::clients] or numbers for nth in range(clients)]
        await asyncio.gather(*(ask(port, share, began + span, took) for share in shares))
        elapsed = perf_counter() - began
    took.sort()
    return Load(
        per_second=len(took) / elapsed,
        p50_ms=1000 * took[len(took) // 2],
        p99_ms=1000 * took[int(len(took) * 0.99)],
    )


if __name__ == "__main__":
    port, clients, seconds = sys.argv[1:]
    numbers = sys.stdin.read().split()
    asking = all_ask(int(port), numbers, int(clients), float(seconds))
    fast = uvicorn.Config("", loop="uvloop").get_loop_factory()
    with asyncio.Runner(loop_factory=fast) as runner:
        done = runner.run(asking)
    sys.stdout.write(json.dumps({n: getattr(done, n) for n in done.__slots__}))
