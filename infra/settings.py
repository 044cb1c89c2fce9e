"""What an operator may choose: `LEDGER_…` in the environment, read once, at the door."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
)
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "LEDGER_"
FOR_TESTS = "LEDGER_TEST_"


class SettingsError(Exception):
    """The settings are not usable as they stand; each line names one and what is wrong."""


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError("no IANA time zone, as in Asia/Shanghai") from error
    return name


class KafkaSettings(BaseModel):
    """The cluster that carries events and upstream messages."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    bootstrap_servers: str = Field(
        default="",
        description="`host:port,host:port` of a cluster of yours; empty = our own",
    )
    security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = Field(
        default="PLAINTEXT", description="How to speak to the cluster"
    )
    sasl_mechanism: Literal["", "PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] = Field(
        default="", description="How to sign in to the cluster; empty = not"
    )
    sasl_username: str = Field(default="", description="User at the cluster")
    sasl_password: SecretStr = Field(
        default=SecretStr(""), description="Its password, never logged"
    )
    ssl_cafile: Path | None = Field(
        default=None, description="PEM file of the authority that signed the cluster's keys"
    )
    topic_prefix: str = Field(
        default="",
        max_length=100,
        pattern=r"^[a-zA-Z0-9._-]*$",
        description="Stands before every topic's name, for several ledgers on one cluster",
    )
    partitions: int = Field(
        default=12, ge=1, le=1000, description="Of a new topic; fixed once it is made"
    )
    replication: int = Field(
        default=1, ge=1, le=9, description="Copies of a new topic; 3 in production"
    )


class SignInSettings(BaseModel):
    """Who comes in, and how it is known who they are."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    mode: Literal["accounts", "trial"] = Field(
        default="accounts",
        description="`accounts`: people sign in. `trial`: nobody does, anybody takes any"
        " role, and nothing of it is for audit",
    )
    idle_minutes: int = Field(
        default=30,
        ge=1,
        le=1_440,
        description="A session ends when it is quiet for so long",
    )
    hours_max: int = Field(
        default=12, ge=1, le=168, description="And after so many hours in any case"
    )
    hash_memory_kib: int = Field(
        default=65_536, ge=64, le=4_194_304, description="Memory that one guess costs"
    )
    hash_passes: int = Field(
        default=3, ge=1, le=100, description="How often a guess goes over that memory"
    )
    tls_cert: Path | None = Field(
        default=None, description="PEM file: our own TLS, with the key beside it"
    )
    tls_key: Path | None = Field(default=None, description="PEM file of its private key")
    behind_tls: bool = Field(
        default=False, description="A proxy of yours ends TLS before us, on this machine"
    )
    insecure: Literal["", "others may read along"] = Field(
        default="",
        description="In these words: others than this machine may reach us without TLS, or"
        " before the set-up is done",
    )

    @property
    def by_tls(self) -> bool:
        """Whether browsers reach us by TLS."""
        return self.tls_cert is not None or self.behind_tls


class NotifySettings(BaseModel):
    """Whom to tell of what happened by itself, and how it leaves this house."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    recipients: Path | None = Field(
        default=None,
        description="YAML file of who is told of what (docs/notices.md); unset = nobody",
    )
    smtp_host: str = Field(default="", description="Mail server; empty = no mail")
    smtp_port: int = Field(default=25, ge=1, le=65_535, description="Its port")
    smtp_security: Literal["none", "starttls", "tls"] = Field(
        default="none", description="How to speak to it"
    )
    smtp_user: str = Field(default="", description="User there; empty = not signed in")
    smtp_password: SecretStr = Field(
        default=SecretStr(""), description="Its password, never logged"
    )
    sender: str = Field(
        default="ledger@localhost", max_length=254, description="Address mail comes from"
    )
    webhook_secret: SecretStr = Field(
        default=SecretStr(""), description="Signs webhooks by HMAC-SHA256, never logged"
    )
    pages_url: str = Field(
        default="", max_length=200, description="Where people reach our pages, for links"
    )
    gather_s: int = Field(
        default=30,
        ge=0,
        le=3_600,
        description="Seconds a notice waits for others, to go with them in one mail",
    )


class LimitSettings(BaseModel):
    """How much is taken from outside at once."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    body_bytes: int = Field(
        default=262_144, ge=4_096, le=16_777_216, description="Largest request body"
    )
    page_rows: int = Field(
        default=200,
        ge=1,
        le=1_000,
        description="Most rows a client may ask for in one page",
    )
    held_days: int = Field(
        default=7, ge=1, le=90, description="How long a message waits for its complaint"
    )
    parked: int = Field(
        default=100, ge=1, le=100_000, description="More parked complaints stop a projector"
    )


class Settings(BaseSettings):
    """Everything that differs between two installations."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter="__",
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
    )

    data_dir: Path = Field(
        default=Path("var"), description="Where the embedded database and broker live"
    )
    database_url: SecretStr | None = Field(
        default=None, description="A PostgreSQL of yours, as its owner; unset = embedded"
    )
    keys_url: SecretStr | None = Field(
        default=None, description="The database of the keys; unset = beside the ledger"
    )
    anchor_dir: Path | None = Field(
        default=None,
        description="Where signed checkpoints are anchored, best on somebody else's disk;"
        " never in the data directory. Unset = beside it",
    )
    pg_bin: Path | None = Field(
        default=None, description="Folder with `postgres` and `initdb` for the embedded one"
    )
    host: str = Field(default="127.0.0.1", description="Address the pages are served on")
    port: int = Field(
        default=8000, ge=0, le=65_535, description="Its port; another free one if taken"
    )
    operator_id: str = Field(
        default="p-operator",
        min_length=1,
        max_length=100,
        description="Who the operator is",
    )
    operator_role: str = Field(
        default="quality_manager", min_length=1, max_length=100, description="Their role"
    )
    operator_name: str = Field(
        default="本地操作员",
        min_length=1,
        max_length=100,
        description="Their name on pages",
    )
    site: str = Field(
        default="plant-1", min_length=1, max_length=100, description="The plant we are at"
    )
    zone: Annotated[str, AfterValidator(_zone)] = Field(
        default="Asia/Shanghai", description="Its IANA time zone: days and months are its"
    )
    language: Literal["zh", "en"] = Field(default="zh", description="Of pages, at first")
    fsck_at: str = Field(
        default="03:00",
        pattern=r"^$|^([01]\d|2[0-3]):[0-5]\d$",
        description="When each night the read models are held against the ledger, in that"
        " zone; empty = never",
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="Least severe line that is logged"
    )
    sign_in: SignInSettings = SignInSettings()
    kafka: KafkaSettings = KafkaSettings()
    limits: LimitSettings = LimitSettings()
    notify: NotifySettings = NotifySettings()


def load() -> Settings:
    """The settings of this process; a name nobody knows is refused, not passed over."""
    known = {name for name, _ in names()}
    given = {name.upper() for name in os.environ}
    ours = {name for name in given if name.startswith(PREFIX)}
    strange = {n for n in ours - known if not n.startswith(FOR_TESTS)}
    if strange:
        raise SettingsError(
            "\n".join(f"{name}: no such setting" for name in sorted(strange))
        )
    try:
        return Settings()
    except ValidationError as error:
        raise SettingsError(
            "\n".join(f"{_name(*map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        ) from None


def names(of: type[BaseModel] = Settings, *above: str) -> Iterator[tuple[str, FieldInfo]]:
    """Each setting as it is written in the environment."""
    for name, field in of.model_fields.items():
        inner = field.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            yield from names(inner, *above, name)
        else:
            yield _name(*above, name), field


def table() -> str:
    """All settings as the table that stands in the README."""
    rows = ["| setting | default | meaning |", "|---|---|---|"]
    for name, field in names():
        default = field.default
        if isinstance(default, SecretStr):
            default = default.get_secret_value()
        shown = f"`{default}`" if default not in {None, ""} else "–"
        rows.append(f"| `{name}` | {shown} | {field.description} |")
    return "\n".join(rows)


def _name(*parts: str) -> str:
    return (PREFIX + "__".join(parts)).upper()


if __name__ == "__main__":
    print(table())  # noqa: T201 this is what it is run for
