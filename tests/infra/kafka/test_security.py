"""A cluster with TLS, passwords and rights, as in docs/kafka.md."""

import gc
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from kafka.admin import (
    ACL,
    ACLOperation,
    ACLPermissionType,
    KafkaAdminClient,
    ResourcePattern,
    ResourceType,
    ScramMechanism,
    UserScramCredentialUpsertion,
)

from infra.kafka import (
    Cluster,
    KafkaUnreachableError,
    NotAllowedError,
    Outgoing,
    PartitionReader,
    Publisher,
    TopicNames,
    Topics,
)
from tests.broker_fixture import a_broker

NAMES = TopicNames("plant-1.")
RIGHTS = {  # the table of docs/kafka.md
    "relay": [(ACLOperation.WRITE, NAMES.events), (ACLOperation.READ, NAMES.events)],
    "projector": [(ACLOperation.READ, NAMES.events)],
}
Key = ec.EllipticCurvePrivateKey


def a_certificate(name: str, key: Key, issuer: str, issuer_key: Key) -> x509.Certificate:
    """For a broker on this machine; an authority signs itself."""
    now = datetime.now(UTC)
    authority = name == issuer
    addresses = [x509.IPAddress(ip_address("127.0.0.1")), x509.DNSName("localhost")]
    uses = [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
    made = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
    )
    if not authority:
        made = made.add_extension(x509.SubjectAlternativeName(addresses), critical=False)
        made = made.add_extension(x509.ExtendedKeyUsage(uses), critical=False)
    return made.sign(issuer_key, hashes.SHA256())


def pem(*parts: Key | x509.Certificate) -> bytes:
    return b"".join(
        part.public_bytes(serialization.Encoding.PEM)
        if isinstance(part, x509.Certificate)
        else part.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        for part in parts
    )


def keys_into(folder: Path) -> None:
    authority, broker, stranger = (
        ec.generate_private_key(ec.SECP256R1()) for _ in range(3)
    )
    signed = a_certificate("broker", broker, "ca", authority)
    (folder / "broker.pem").write_bytes(pem(broker, signed))
    (folder / "ca.pem").write_bytes(pem(a_certificate("ca", authority, "ca", authority)))
    (folder / "other-ca.pem").write_bytes(
        pem(a_certificate("ca", stranger, "ca", stranger))
    )


def server_settings(folder: Path) -> dict[str, str]:
    scram = "org.apache.kafka.common.security.scram.ScramLoginModule"
    return {
        "listener.security.protocol.map": "SASL_SSL:SASL_SSL,CONTROLLER:SSL",
        "listener.name.controller.ssl.client.auth": "required",
        "ssl.keystore.type": "PEM",
        "ssl.keystore.location": str(folder / "broker.pem"),
        "ssl.truststore.type": "PEM",
        "ssl.truststore.location": str(folder / "ca.pem"),
        "sasl.enabled.mechanisms": "SCRAM-SHA-512",
        "sasl.mechanism.inter.broker.protocol": "SCRAM-SHA-512",
        "listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config": (
            f'{scram} required username="admin" password="admin-password";'
        ),
        "authorizer.class.name": (
            "org.apache.kafka.metadata.authorizer.StandardAuthorizer"
        ),
        "super.users": "User:admin;User:CN=broker",
    }


def user(cluster: Cluster, name: str) -> Cluster:
    return replace(cluster, sasl_username=name, sasl_password=f"{name}-password")


@pytest.fixture(scope="module")
def secured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    folder = tmp_path_factory.mktemp("secured")
    keys_into(folder)
    admin = Cluster(
        bootstrap_servers="",
        security_protocol="SASL_SSL",
        sasl_mechanism="SCRAM-SHA-512",
        sasl_username="admin",
        sasl_password="admin-password",
        ssl_cafile=str(folder / "ca.pem"),
        connect_ms=1_000,
    )
    with a_broker(
        folder / "home",
        login=admin,
        extra=server_settings(folder),
        format_with=["--add-scram", "SCRAM-SHA-512=[name=admin,password=admin-password]"],
    ) as running:
        with Topics(running.cluster) as topics:
            topics.create_ours(NAMES, partitions=1)
        grant(running.cluster)
        yield running.cluster


def grant(cluster: Cluster) -> None:
    """What the owner of such a cluster does, once."""
    admin = KafkaAdminClient(
        bootstrap_servers=cluster.bootstrap_servers,
        security_protocol=cluster.security_protocol,
        sasl_mechanism=cluster.sasl_mechanism,
        sasl_plain_username=cluster.sasl_username,
        sasl_plain_password=cluster.sasl_password,
        ssl_cafile=cluster.ssl_cafile,
    )
    try:
        said = admin.alter_user_scram_credentials(
            [
                UserScramCredentialUpsertion(
                    name, ScramMechanism.SCRAM_SHA_512, f"{name}-password"
                )
                for name in RIGHTS
            ]
        )
        assert set(said.values()) == {None}
        acls = [
            ACL(
                f"User:{name}",
                "*",
                operation,
                ACLPermissionType.ALLOW,
                ResourcePattern(ResourceType.TOPIC, topic),
            )
            for name, rights in RIGHTS.items()
            for operation, topic in rights
        ]
        assert admin.create_acls(acls)["failed"] == []
    finally:
        admin.close()


def test_each_does_what_it_has_a_right_to(secured: Cluster) -> None:
    with Publisher(user(secured, "relay")) as publisher:
        publisher.publish(NAMES.events, [Outgoing(b"k", b"sealed")])

    for name in RIGHTS:
        with PartitionReader(user(secured, name), NAMES.events) as reader:
            reader.assign([0])
            reader.seek(0, 0)
            assert reader.poll(1, wait_ms=5_000)[0][0].value == b"sealed"


def test_a_topic_that_is_there_needs_no_right_to_make_it(secured: Cluster) -> None:
    with Topics(user(secured, "relay")) as topics:
        assert topics.create(NAMES.events, partitions=5).partitions == 1


def test_what_it_has_no_right_to_is_refused_and_named(secured: Cluster) -> None:
    projector = user(secured, "projector")

    with Publisher(projector) as publisher, pytest.raises(NotAllowedError):
        publisher.publish(NAMES.events, [Outgoing(b"k", b"forged")])
    with PartitionReader(projector, NAMES.inbound) as reader:
        reader.assign([0])
        reader.seek(0, 0)
        with pytest.raises(NotAllowedError):
            reader.poll(1, wait_ms=1_000)
    with Topics(projector) as topics:
        with pytest.raises(NotAllowedError):
            topics.create(NAMES.events + ".mine")
        with pytest.raises(NotAllowedError):
            topics.delete(NAMES.events)


@pytest.fixture
def collected(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """After a failed handshake the client leaves its socket to the collector: here, now."""
    yield
    caplog.get_records("call").clear()
    gc.collect()


left_to_the_collector = pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning"
)


@left_to_the_collector
@pytest.mark.parametrize(
    ("mistake", "named"),
    [
        ({"sasl_password": "wrong"}, "password or mechanism is wrong"),
        ({"ssl_cafile": "other-ca.pem"}, "certificate verify failed"),
        ({"ssl_cafile": "no-such.pem"}, "No such file"),
        (
            {"security_protocol": "SASL_PLAINTEXT"},
            "the broker wants TLS (SSL or SASL_SSL) on this port",
        ),
        (
            {
                "security_protocol": "SSL",
                "sasl_mechanism": None,
                "sasl_username": None,
                "sasl_password": None,
            },
            "the broker wants a user and a password",
        ),
    ],
)
def test_a_mistake_in_the_settings_is_among_those_that_are_named(
    secured: Cluster, mistake: dict[str, str | None], named: str, collected: None
) -> None:
    assert secured.ssl_cafile is not None
    if "ssl_cafile" in mistake:
        path = Path(secured.ssl_cafile).with_name(str(mistake["ssl_cafile"]))
        mistake = {"ssl_cafile": str(path)}

    with pytest.raises(KafkaUnreachableError) as said:
        Topics(replace(secured, **mistake))  # type: ignore[arg-type] # plain strings

    assert named in str(said.value)
    assert "admin-password" not in str(said.value)


@left_to_the_collector
def test_a_broker_without_tls_is_named_too(
    broker: Cluster, secured: Cluster, collected: None
) -> None:
    there = replace(secured, bootstrap_servers=broker.bootstrap_servers)

    with pytest.raises(KafkaUnreachableError, match="speaks no TLS on this port"):
        Topics(there)
