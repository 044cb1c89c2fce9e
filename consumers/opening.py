"""Opening: the ledger as each process of ours holds it, with its keys and rulebooks."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from eventsourcing.persistence import ApplicationRecorder
from pydantic import TypeAdapter

import domain.rulebooks
from consumers import catalogs, library
from consumers.library import Library
from domain import calendar
from domain.calendar_log import CalendarLog, stream_of
from domain.calendars import Calendars, Published
from domain.codec import Codec
from domain.errors import InvalidError, Lack
from domain.ledger import Ledger
from domain.penalty_look import Look
from domain.registry import REGISTRY
from domain.rulebooks.catalog import Catalog
from domain.rulebooks.policy import Policies, Policy
from domain.rulebooks.reading import WrongRulebookError
from domain.rulebooks.rulebook import Acting, Rulebook, Rulebooks
from domain.shelf import Shelf
from infra import yaml_files
from infra.keys import KeyStore, master_key
from infra.postgres.appender import Appender
from infra.postgres.committer import Committer
from infra.postgres.pool import Pool, open_pool, role_dsn
from infra.postgres.recorder import open_recorder

RULEBOOKS = Path(domain.rulebooks.__file__).parent
KEYS_POOL_MAX = 4


@dataclass(frozen=True)
class Opened:
    """The ledger, and what else a composition root hands to its routes and loops."""

    ledger: Ledger
    codec: Codec
    keys: KeyStore
    appender: Appender
    policies: Policies

    def look(self) -> Look:
        """At other streams, for one decision about a fine."""
        return Look(self.ledger.found, self.ledger.claimed, catalogs.published)

    def catalog_of(self, text: str) -> Catalog:
        """The penalty catalog that a text says; refused with everything wrong in it."""
        try:
            return catalogs.catalog_of(text)
        except WrongRulebookError as wrong:
            raise InvalidError(*(Lack("text", one) for _, one in wrong.said)) from wrong
        except yaml_files.YamlFileError as wrong:
            raise InvalidError(Lack("text", str(wrong))) from wrong


@contextmanager
def opened(
    owner_dsn: str, *, keys_dsn: str | None = None, master: Path
) -> Iterator[Opened]:
    """A ledger on this database: its own shelf, committer and connections.

    *owner_dsn* is the owner's; each part takes the role it needs and no more. Close the
    appender on the event loop that used it.
    """
    app = role_dsn(owner_dsn, "ledger_app")
    pool: Pool
    with open_pool(
        role_dsn(keys_dsn or owner_dsn, "ledger_keys"), size_max=KEYS_POOL_MAX
    ) as pool:
        keys = KeyStore(pool, master_key(master))
        codec = Codec(REGISTRY, keys)
        appender = Appender(app)
        recorder = open_recorder(app)
        books = Library(recorder, codec, rulebooks(), acting())
        with Ledger(
            recorder=recorder,
            answers=recorder,
            codec=codec,
            rulebooks=books.rulebooks,
            calendars=calendars(recorder, codec),
            append=Committer(appender.append).append,
            shelf=Shelf(),
        ) as ledger:
            policies = Policies(policy(), books.policy)
            yield Opened(ledger, codec, keys, appender, policies)
        recorder.datastore.close()


@cache
def rulebooks(files: Path = RULEBOOKS / "files") -> Rulebooks:
    """Every regulation of a folder, read once: a published text does not change."""
    return Rulebooks((regulation(path) for path in sorted(files.glob("*.yaml"))), acting())


@cache
def shipped_calendars(files: Path = RULEBOOKS / "calendars") -> tuple[Published, ...]:
    """Every calendar as it came with the program."""
    found = (calendar.read(yaml_files.read(path)) for path in sorted(files.glob("*.yaml")))
    return tuple(Published(one) for one in found)


def calendars(recorder: ApplicationRecorder, codec: Codec) -> Calendars:
    """Every calendar as this store has it now."""
    return Calendars(shipped_calendars(), partial(as_published, recorder, codec))


def as_published(
    recorder: ApplicationRecorder, codec: Codec, shipped: Published
) -> Published:
    """A calendar with all that the store has over it."""
    log: CalendarLog | None = None
    for stored in recorder.select_events(stream_of(shipped.id)):
        log = codec.to_domain_event(stored).mutate(log)
    return shipped if log is None else Published(log.over(shipped.calendar), log.version)


def regulation(file: Path) -> Rulebook:
    """One regulation, checked to the last name."""
    return library.rulebook(file.read_bytes(), file.name)


def acting(file: Path = RULEBOOKS / "policy_sets" / "acting.yaml") -> Acting:
    """Which of our own roles act in a role of a regulation at this plant."""
    return TypeAdapter(Acting).validate_python(yaml_files.read(file))


@cache
def policy(file: Path = RULEBOOKS / "policy_sets" / "plant.yaml") -> Policy:
    """Which regulation governs what at a plant that has published nothing of its own."""
    beside = {book.name: book for book in rulebooks()}
    made = library.policy_set(file.read_bytes(), file.name, beside)
    return Policy.of(made, beside.__getitem__)
