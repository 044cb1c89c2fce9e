"""All in one process, as `make run` starts it: database, read models, pages."""

import argparse
import asyncio
import http.client
import logging
import signal
import ssl
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from socket import socket

import uvicorn

from api.app import create_app
from api.identity.identity import Identity
from api.identity.permissions import Person
from api.identity.signing_in import set_up_code
from api.main import identity_from, parts_from, server
from api.parts import Mode, Parts
from consumers import address, erasing, nightly, projecting, publishing, reach, sealing
from consumers.beginning import beside, database
from consumers.beginning import desk as at_desk
from consumers.demo import making
from consumers.home import TROUBLES, Home, HomeError, say
from consumers.inbound.desk import Desk, Opened
from consumers.inbound.intake import Intake
from consumers.inbound.letters import tend
from consumers.notifying import running as notifying
from consumers.operating import Operating
from consumers.reacting import running as reacting
from infra import logs, settings, wall_clock
from infra.logs import log
from infra.postgres.pool import open_pool, role_dsn
from infra.settings import Settings
from infra.waiting import within
from projections import PROJECTIONS

FIRST_PAGE_S = 60.0
ASK_S = 5.0
AGAIN_S = 0.05
IDENTITY_MAX = 4  # connections for signing people in
UNCHECKED = ssl._create_unverified_context()  # noqa: S323, SLF001  # we only ask ourselves


def main(arguments: Sequence[str] | None = None) -> int:
    """0 when it was stopped, 1 with a sentence when it could not start."""
    parser = argparse.ArgumentParser(prog="python -m consumers.standalone")
    parser.add_argument("--demo", action="store_true", help="a plant that does not exist")
    said = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # as Ctrl-C while we start
    try:
        chosen = settings.load()
        logs.configure(chosen.log_level)
        run(Home(for_demo(chosen) if said.demo else chosen), demo=said.demo)
    except TROUBLES as error:
        say(str(error))
        return 1
    except KeyboardInterrupt:
        say("Stopped.")
    return 0


def for_demo(chosen: Settings) -> Settings:
    """The same, but in a folder and a database where invented data does no harm."""
    tried_out = chosen.sign_in.model_copy(update={"mode": "trial"})
    apart = {"data_dir": chosen.data_dir / "demo", "database_url": None, "keys_url": None}
    return chosen.model_copy(update={**apart, "sign_in": tried_out})


def run(home: Home, *, demo: bool) -> None:
    """Until a signal says that it is enough; then everything is stopped in order."""
    check(home.settings)
    with ExitStack() as stack:
        stack.enter_context(home.held())
        dsn = stack.enter_context(database(home))
        stack.enter_context(beside(_projecting(home, dsn)))
        stack.enter_context(beside(partial(_sealing, home, dsn, demo)))
        stack.enter_context(beside(partial(reacting.at_home, home, dsn)))
        stack.enter_context(beside(partial(notifying.at_home, home, dsn)))
        stack.enter_context(beside(nightly.every_night(home.settings, dsn)))
        serve(home, dsn, mode="embedded", demo=demo)
    say("Stopped.")


def _projecting(home: Home, dsn: str) -> Callable[[threading.Event], None]:
    projecting.prepare(dsn, PROJECTIONS)
    projecting.show_readers(dsn)

    def work(stop: threading.Event) -> None:
        limit = home.settings.limits.parked
        projecting.run(PROJECTIONS, dsn=dsn, feed="store", stop=stop, parked_max=limit)

    return work


def _sealing(home: Home, dsn: str, demo: bool, stop: threading.Event) -> None:
    sealing.run(home, dsn, demo=demo, stop=stop)


def check(chosen: Settings) -> None:
    """Refuse what could not be served, before anything is started for it."""
    try:
        Person(chosen.operator_id, chosen.operator_role, chosen.operator_name)
    except ValueError as error:
        raise HomeError(f"LEDGER_OPERATOR_ROLE: {error}") from error
    reach.check(chosen)
    address.bound(chosen.host, chosen.port).close()
    log.debug("anchors", path=str(Home(chosen).anchors))


def serve(home: Home, dsn: str, *, mode: Mode, demo: bool = False) -> None:
    """The pages and the API, until a signal says that it is enough."""
    logging.getLogger("uvicorn").setLevel(logging.WARNING)  # the rest we say ourselves
    chosen = home.settings
    listening = address.bound(chosen.host, chosen.port, rather=home.port_before())
    with (
        listening,
        at_desk(home, dsn) as desk,
        open_pool(role_dsn(dsn, "ledger_identity"), size_max=IDENTITY_MAX) as pool,
    ):
        identity = identity_from(chosen, desk.opened, pool)
        if identity is not None:
            reach.check_set_up(chosen, is_set_up=identity.is_set_up())
        app = create_app(_parts(chosen, desk, dsn, identity, mode=mode, demo=demo))
        port = address.port_of(listening)
        web = Web(server(app, port=port, tls=reach.tls(chosen)).config)

        async def served() -> None:
            tending = None
            try:
                await _prepared(desk.opened, demo=demo)
                await erasing.of(desk, chosen.zone).complete()
                if mode == "embedded":  # else intake does it
                    tending = asyncio.create_task(tend(Intake(desk), threading.Event()))
                await web.until_told(listening, partial(_announced, home, web, identity))
            finally:
                if tending is not None:
                    tending.cancel()
                await desk.opened.appender.close()

        with asyncio.Runner(loop_factory=web.config.get_loop_factory()) as runner:
            runner.run(served())


class Web(uvicorn.Server):
    """The web server; who started it hears the signals, not it."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave them to us."""
        yield

    def end(self) -> None:
        """Take no more requests; the second time, drop those under way as well."""
        self.force_exit = self.should_exit
        self.should_exit = True

    async def until_told(self, listening: socket, begun: Callable[[], None]) -> None:
        """Serve until a signal; *begun* is called beside, in a thread."""
        loop = asyncio.get_running_loop()
        for each in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(each, self.end)
        beside_us = asyncio.create_task(asyncio.to_thread(begun))
        await self.serve([listening])
        await beside_us


async def _prepared(ledger: Opened, *, demo: bool) -> None:
    await publishing.publish_shipped(ledger, at=wall_clock.now().replace(microsecond=0))
    if demo:
        say("Looking whether the demo is complete ...")
        made = await making.make(ledger, progress=_progress)
        log.info("demo made", count=made)


def _parts(
    chosen: Settings,
    desk: Desk,
    dsn: str,
    identity: Identity | None,
    *,
    mode: Mode,
    demo: bool,
) -> Parts:
    exposed = identity is None and not address.is_loopback(chosen.host)
    if exposed:
        log.warning("others can reach this ledger, and nobody signs in", host=chosen.host)
    return parts_from(
        chosen,
        opened=desk.opened,
        reads=desk.reads,
        clock=wall_clock.now,
        mode=mode,
        hosts=address.names(chosen.host),
        demo=demo,
        exposed=exposed,
        erasing=erasing.of(desk, chosen.zone),
        operating=Operating(desk.opened.ledger, dsn, chosen.zone, chosen.limits.parked),
        identity=identity,
    )


def _announced(home: Home, web: Web, identity: Identity | None) -> None:
    """Say where it is once the first page answers, and note it for the others."""
    host, port = address.shown(home.settings.host), web.config.port
    tls = web.config.is_ssl

    def answers() -> bool:
        return web.should_exit or _answers(host, port, tls=tls)

    if not within(FIRST_PAGE_S, answers, every=AGAIN_S):
        log.error("no page within its time", seconds=FIRST_PAGE_S, port=port)
        return
    if web.should_exit:
        return
    wanted = home.settings.port
    if wanted not in {0, port}:
        say(f"Port {wanted} is taken by another program, so this time it is {port}.")
    home.note_port(port)
    place = f"http{'s' if tls else ''}://{host}:{port}"
    say(f"客诉台账 · complaint ledger: {place}/  (Ctrl-C stops it)")
    if identity is None:
        say("试用，不用于审计 · a trial: anybody takes any role, not for audit")
    elif not identity.is_set_up():
        code = set_up_code(identity)
        say(f"首次设置 · set it up within 15 minutes: {place}/setup#code={code}")


def _answers(host: str, port: int, *, tls: bool) -> bool:
    name = host.strip("[]")
    asking = (
        http.client.HTTPSConnection(name, port, timeout=ASK_S, context=UNCHECKED)
        if tls
        else http.client.HTTPConnection(name, port, timeout=ASK_S)
    )
    try:
        asking.request("GET", "/", headers={"accept": "text/html"})
        return asking.getresponse().status < http.HTTPStatus.BAD_REQUEST
    except (OSError, http.client.HTTPException):
        return False
    finally:
        asking.close()


def _progress(done: int, of: int) -> None:
    if sys.stdout.isatty() or done == of:
        end = "\n" if done == of else "\r"
        sys.stdout.write(f"Making the demo: {done} of {of} commands{end}")
        sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
