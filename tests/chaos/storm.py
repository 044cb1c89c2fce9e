"""The storm: everything is written to while anything is killed; then all is judged."""

import socket
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random

from tests.chaos.judge import Judge
from tests.chaos.plant import a_plant
from tests.chaos.upstream import HttpClerk, KafkaUpstream, Sent

CLERKS = 2


def storm(
    home: Path,
    *,
    seed: int,
    kills: int,
    pause_s: tuple[float, float] = (0.5, 2.0),
    say: Callable[[str], None] = lambda _: None,
) -> Counter[str]:
    """So many kills at random moments, then the verdict. Returns what there was."""
    chance, sent, stop = Random(seed), Sent(), threading.Event()  # noqa: S311
    with a_plant(home, free_port()) as plant:
        traffic = [
            KafkaUpstream(plant, sent, seed, stop),
            *(HttpClerk(plant, sent, seed + n + 1, stop) for n in range(CLERKS)),
        ]
        for one in traffic:
            one.start()
        for nth in range(kills):
            threading.Event().wait(chance.uniform(*pause_s))
            say(f"{nth + 1}/{kills}: {plant.kill_one(chance)}")
        stop.set()
        for one in traffic:
            one.join(60)
            assert not one.is_alive(), "a client never got its answer"
        say("quiet")
        judge = Judge(plant.dsn, plant.cluster)
        judge.wait_until_quiet()
        counted = judge.judge(sent, plant.mail, plant.webhook)
        counted.update({f"killed_{role}": n for role, n in plant.kills.items()})
    counted.update(asked_again=sent.retried + sent.refused)
    return counted


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
