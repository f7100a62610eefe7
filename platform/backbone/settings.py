"""Every setting of the platform, one typed table: read from the environment and from `.env`.

Add a field with its `doc`, and it is read, typed and shown by `sanwang settings`; a test refuses a field
without documentation.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import environs


def _setting(doc: str, default: object, read: str = "str") -> Any:
    """A field read by `environs.Env.<read>`; `default` when the variable is unset or empty."""
    return field(default=default, metadata={"doc": doc, "read": read})


@dataclass(frozen=True)
class Settings:
    """The environment variable of each field is its name in capitals."""

    database_url: str | None = _setting(
        "PostgreSQL 15 or later, postgresql://user@host/name; unset: the embedded server (development and demo)",
        None,
    )
    migration_database_url: str | None = _setting(
        "the owner's URL for migrations; unset: DATABASE_URL is used for them too", None
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
    http_host: str = _setting("address to listen on", "127.0.0.1")
    http_port: int = _setting("port to listen on", 8000, "int")
    web_workers: int = _setting("web worker processes", 2, "int")
    job_polling_s: float = _setting(
        "seconds between looks at the job queue when no NOTIFY comes", 5.0, "float"
    )
    token_days: int = _setting("days an API token lives unless asked shorter", 30, "int")
    digest_key: str = _setting(
        "key of the digests that stand for personal data in the audit: at least 16 characters, compulsory outside demo mode",
        "",
    )
    audit_signing_key: Path | None = _setting(
        "file of the private key that signs the heads of the audit, from sanwang audit new-key; unset: none are signed",
        None,
        "path",
    )
    audit_heads_dir: Path | None = _setting(
        "directory for the signed heads, out of reach of the database's administrators; unset: none are written",
        None,
        "path",
    )
    max_body_bytes: int = _setting("largest request body that is read", 32 * 1024 * 1024, "int")
    idempotency_days: int = _setting("days an answer is kept for a retry with the same key", 7, "int")


def load_settings(env_file: Path | None = Path(".env")) -> Settings:
    """Read the table from the environment, then from `env_file`; raises `environs.EnvError` on a wrong type."""
    env = environs.Env()
    if env_file is not None and env_file.is_file():
        env.read_env(str(env_file), recurse=False)
    values: dict[str, object] = {}
    for entry in fields(Settings):
        name = entry.name.upper()
        if not env.str(name, ""):
            continue
        read: Callable[[str], object] = getattr(env, entry.metadata["read"])
        values[entry.name] = read(name)
    return Settings(**values)  # type: ignore[arg-type]  # each value was read with its field's own reader


def describe_settings() -> list[tuple[str, str, str]]:
    """(environment variable, default, documentation) of every setting."""
    return [(entry.name.upper(), str(entry.default), entry.metadata["doc"]) for entry in fields(Settings)]
