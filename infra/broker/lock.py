"""Which jars make the broker, each with its hash: `jars.lock`, read and made."""

import hashlib
import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from infra.broker.errors import LockError, MissingExtraError

if TYPE_CHECKING:
    from jgo.maven import MavenContext

LOCK = Path(__file__).with_name("jars.lock")
ROOTS = (
    "org.apache.kafka:kafka_2.13:4.3.0",
    "org.apache.logging.log4j:log4j-api:2.25.1",
    "org.apache.logging.log4j:log4j-core:2.25.1",
    # Kafka brings slf4j-api 1.7: the binding for 2.x would be passed over in silence.
    "org.apache.logging.log4j:log4j-slf4j-impl:2.25.1",
)
TIMEOUT_S = 60

_LINE = re.compile(r"([\w.-]+):([\w.-]+):([\w.-]+) ([0-9a-f]{64})", re.ASCII)


class Jar(NamedTuple):
    """One file of the broker."""

    group: str
    artifact: str
    version: str
    sha256: str

    @property
    def coordinate(self) -> str:
        """Its name in a Maven repository."""
        return f"{self.group}:{self.artifact}:{self.version}"

    @property
    def file(self) -> str:
        """Its name in our folder."""
        return f"{self.artifact}-{self.version}.jar"


def read(path: Path = LOCK) -> list[Jar]:
    """What the list says; anything else in it is refused."""
    jars = []
    for number, line in enumerate(path.read_text(encoding="ascii").splitlines(), 1):
        match = _LINE.fullmatch(line)
        if match is None:
            raise LockError(f"{path.name}:{number}: not `group:artifact:version sha256`")
        jars.append(Jar(*match.groups()))
    if not jars or len({jar.file for jar in jars}) < len(jars):
        raise LockError(f"{path.name}: empty, or a file stands in it twice")
    return jars


def write(cache: Path, repository: str | None = None, path: Path = LOCK) -> list[Jar]:
    """Resolve the roots anew and put down what they need; done when a version changes."""
    context = maven(cache, repository)
    # The "!" says: this root manages no versions. Without it each root is taken for a bill
    # of materials, log4j's own would choose Kafka's client for us, and an old kafka-clients
    # would lie beside the new server without an error.
    roots = [context.create_dependency(root + "!") for root in ROOTS]
    inputs, needed = context.resolver.resolve(roots)
    jars = [
        Jar(one.groupId, one.artifactId, one.version, digest(one.artifact.resolve()))
        for one in (*inputs, *needed)
        if one.scope in {None, "compile", "runtime"}
    ]
    lines = sorted(f"{jar.coordinate} {jar.sha256}\n" for jar in jars)
    path.write_text("".join(lines), encoding="ascii")
    return read(path)


def maven(cache: Path, repository: str | None = None) -> "MavenContext":
    """The resolver, over a cache of our own: it trusts whatever file it finds in one.

    `repository` is the address of a mirror; the default is Maven's own.
    """
    try:
        from jgo.maven import MavenContext  # noqa: PLC0415 only with the extra
    except ImportError as error:
        raise MissingExtraError(
            "the packages of the extra `broker` are not installed: "
            "`pip install complaint-ledger[broker]`"
        ) from error
    remote = {"central": repository} if repository else None
    return MavenContext(repo_cache=cache, remote_repos=remote, timeout=TIMEOUT_S)


def digest(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
