"""Every setting of the platform, one typed table: read from the environment and from `.env`.

Add a field with its `doc`, and it is read, typed and shown by `sanwang settings`; a test refuses a field
without documentation.
"""

import re
from dataclasses import Field, dataclass, field, fields
from pathlib import Path
from typing import Any

import environs

KINDS = {
    "int": ("整数", "a whole number"),
    "float": ("数字", "a number"),
    "bool": ("true 或 false", "true or false"),
    "path": ("路径", "a path"),
    "str": ("文字", "text"),
}
HIDDEN = "***"
PASSWORDS = re.compile(r"(://[^:/]*):.*@|((?:^|[?&])\w*password=)[^&]*")
"""In a URL: what stands between the user and the last @, and what a parameter of this name holds."""
POSTGRESQL = ("postgresql://", "postgres://", "postgresql+psycopg://")


class SettingUnusable(RuntimeError):
    """The platform cannot run on a setting as it is; the sentence names its variable, in Chinese and English."""


def _setting(
    doc: str,
    default: object,
    read: str = "str",
    *,
    least: float | None = None,
    most: float | None = None,
    one_of: tuple[str, ...] = (),
    secret: bool = False,
) -> Any:
    """A field read by `environs.Env.<read>`; `default` when the variable is unset or empty. A secret is shown nowhere."""
    told = {"doc": doc, "read": read, "least": least, "most": most, "one_of": one_of, "secret": secret}
    return field(default=default, metadata=told)


@dataclass(frozen=True, repr=False)
class Settings:
    """The environment variable of each field is its name in capitals."""

    database_url: str | None = _setting(
        "PostgreSQL 15 or later, postgresql://sanwang_app@host/name; unset: the embedded server (development and demo)",
        None,
    )
    migration_database_url: str | None = _setting(
        "the owner's URL, for migrations alone; unset: DATABASE_URL is used for them too", None
    )
    allow_privileged_login: bool = _setting(
        "DATABASE_URL may log in as a superuser, as the tables' owner or as another role that can change history; only "
        "where one login must do for everything",
        False,
        "bool",
    )
    demo_mode: bool = _setting(
        "demo accounts may exist; never in production: start refuses otherwise", False, "bool"
    )
    demo_seed: int = _setting("changes the names and numbers of the demo", 2026, "int")
    demo_clock: Path | None = _setting(
        "file holding the seconds by which the demo's clock runs off; read in demo mode only", None, "path"
    )
    var_dir: Path = _setting(
        "where the embedded server, search generations and reports live", Path("var"), "path"
    )
    encoder: Path | None = _setting(
        "directory of a sentence-transformers model; unset: the shipped one", None, "path"
    )
    encoder_backend: str = _setting(
        "what runs a transformer in ENCODER: torch, onnx or onnx-int8, by the files its directory holds; auto: torch where "
        "there are safetensors, else onnx",
        "auto",
    )
    search_engine: str = _setting(
        "own: indexes on the disks of this machine; milvus: a Milvus server, for catalogues of many millions (docs/scale.md)",
        "own",
        one_of=("own", "milvus"),
    )
    milvus_uri: str | None = _setting(
        "the Milvus server, http://host:19530/database; compulsory with SEARCH_ENGINE=milvus", None
    )
    milvus_token: str = _setting("its token, or user:password", "", secret=True)
    http_host: str = _setting("address to listen on", "127.0.0.1")
    http_port: int = _setting("port to listen on; 0 lets the system choose", 8000, "int", least=0, most=65535)
    web_workers: int = _setting("web worker processes", 2, "int", least=1)
    job_polling_s: float = _setting(
        "seconds between looks at the job queue when no NOTIFY comes", 5.0, "float", least=0.01
    )
    token_days: int = _setting("days an API token lives unless asked shorter", 30, "int", least=1)
    trusted_proxies: str = _setting(
        "networks of your own reverse proxies, such as 10.0.0.0/8,::1: X-Forwarded-For is believed from them alone; "
        "behind a proxy that is not named here all clients share one budget of attempts to log in",
        "",
    )
    digest_key: str = _setting(
        "key of the digests that stand for personal data in the audit: at least 16 characters, compulsory outside demo mode",
        "",
        secret=True,
    )
    personal_data_key: str = _setting(
        "keys that seal personal data, `2:newer,1:older` or one bare key: at least 16 characters each, compulsory outside demo mode; lost, the data is lost",
        "",
        secret=True,
    )
    audit_signing_key: Path | None = _setting(
        "file of the private key that signs the heads of the audit, from sanwang audit new-key; unset: none are signed",
        None,
        "path",
        secret=True,
    )
    audit_heads_dir: Path | None = _setting(
        "directory for the signed heads, out of reach of the database's administrators; unset: none are written",
        None,
        "path",
    )
    offshore_means: str = _setting(
        "what the offshore fund's name, 离岸, is taken to mean: another_city, centres of other cities in Optics Valley, or overseas",
        "another_city",
        one_of=("another_city", "overseas"),
    )
    metrics_token: str = _setting(
        "bearer token of whoever scrapes GET /metrics; unset: it answers this machine alone, and no proxy",
        "",
        secret=True,
    )
    smtp_url: str | None = _setting(
        "mail server for notices, smtp://user:password@host:587?starttls=true or smtps://host; unset: no mail is sent, the "
        "inbox shows all",
        None,
    )
    mail_from: str = _setting("sender of the notices, such as 天网 <notices@example.org>", "")
    webhook_private_networks: str = _setting(
        "private networks that webhooks may lead into, such as 10.1.0.0/16; others are refused", ""
    )
    max_body_bytes: int = _setting("largest request body that is read", 32 * 1024 * 1024, "int", least=1)
    idempotency_days: int = _setting(
        "days an answer is kept for a retry with the same key", 7, "int", least=1
    )

    def __repr__(self) -> str:
        """As a trace or a log may hold it: every value as it may be shown."""
        return f"Settings({', '.join(f'{name}={value!r}' for name, value in self.shown().items())})"

    def shown(self) -> dict[str, object]:
        """The values by name as they may be shown: secrets as ***, URLs without their passwords."""
        return {entry.name: _shown(entry, getattr(self, entry.name)) for entry in fields(self)}


def load_settings(env_file: Path | None = Path(".env")) -> Settings:
    """Read the table from the environment, then from `env_file`; raises SettingUnusable."""
    env = environs.Env()
    if env_file is not None and env_file.is_file():
        env.read_env(str(env_file), recurse=False)
    given = [entry for entry in fields(Settings) if env.str(entry.name.upper(), "")]
    return Settings(**{entry.name: _read(env, entry) for entry in given})  # type: ignore[arg-type]  # each by its field's own reader


def _shown(entry: Field[Any], value: object) -> object:
    if value in (None, ""):
        return value
    if entry.metadata["secret"]:
        return HIDDEN
    return PASSWORDS.sub(_without_password, value) if isinstance(value, str) else value


def _without_password(found: re.Match[str]) -> str:
    before_host, before_value = found.groups()
    return f"{before_host}:{HIDDEN}@" if before_host is not None else f"{before_value}{HIDDEN}"


def _read(env: environs.Env, entry: Field[Any]) -> object:
    name, read, least, most = entry.name.upper(), *(entry.metadata[key] for key in ("read", "least", "most"))
    try:
        value: Any = getattr(env, read)(name)
    except environs.EnvError:
        zh, en = KINDS[read]
        raise SettingUnusable(f"{name} 应为{zh} / {name} must be {en}") from None
    if (least is not None and value < least) or (most is not None and value > most):
        bounds = f"≥ {least}" if most is None else f"{least}–{most}"
        raise SettingUnusable(f"{name}={value} 超出范围 {bounds} / {name}={value} is out of range: {bounds}")
    if (choices := entry.metadata["one_of"]) and value not in choices:
        said = ", ".join(choices)
        raise SettingUnusable(f"{name} 应为以下之一：{said} / {name} must be one of: {said}")
    if name.endswith("DATABASE_URL") and not value.startswith(POSTGRESQL):
        raise SettingUnusable(
            f"{name} 应以 postgresql:// 开头：只支持 PostgreSQL / {name} must begin with postgresql://"
        )
    return value


def describe_settings() -> list[tuple[str, str, str]]:
    """(environment variable, default, documentation) of every setting."""
    return [(entry.name.upper(), str(entry.default), entry.metadata["doc"]) for entry in fields(Settings)]
