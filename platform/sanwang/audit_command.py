"""`sanwang audit`: is history as it was written? Verify it, sign its heads, make the key that signs them."""

import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from sqlalchemy.orm import Session

    from backbone.db import Database
    from backbone.settings import Settings

BAD_USAGE = NOT_VERIFIED = 2  # never 1, which says that history is not as it was written
SHORT_HELP = "审计链：验证、签名 / the audit's chain. 例 Example: sanwang audit verify --heads /mnt/heads"
app = typer.Typer(
    help="审计链：验证、签名 / verify the audit's chain and sign its heads", no_args_is_help=True
)


@app.command("verify", short_help="验证审计链 / verify. 例 Example: sanwang audit verify --heads /mnt/heads")
def verify(
    heads: Annotated[
        Path | None, typer.Option(help="链头目录 / directory of the signed heads; default AUDIT_HEADS_DIR")
    ] = None,
    public_key: Annotated[
        list[Path] | None,
        typer.Option(help="公钥文件，可多次给出 / public keys; default that of AUDIT_SIGNING_KEY"),
    ] = None,
) -> None:
    """验证每条链：删除、改动、插入、调序，以及从中间重写的历史 / Check every chain against itself and the signed heads.

    完好时退出码 0，异常 1，未能验证 2 / Exit status 0 when intact, 1 when not, 2 when it could not be looked at.

    Example: sanwang audit verify --heads /mnt/heads --public-key audit.key.pub
    """
    from backbone.settings import load_settings
    from sanwang.audit_report import is_intact, show
    from sanwang.operations import refusals_as_sentences

    settings = load_settings()
    folder = heads or settings.audit_heads_dir
    if folder is None or not folder.is_dir():
        misused(
            f"没有链头目录 {folder or ''}：用 --heads 指明签名链头所在目录 / There is no directory {folder or ''}: "
            "name the one that holds the signed heads with --heads"
        )
    with refusals_as_sentences(NOT_VERIFIED):
        keys = _keys(public_key, settings)
        with _reading(settings) as session:
            verdicts, files = _verdicts(session, folder, keys)
    show(verdicts, files)
    raise typer.Exit(0 if is_intact(verdicts, files) else 1)


@app.command("sign-heads", short_help="签名链头 / sign the heads. 例 Example: sanwang audit sign-heads")
def sign() -> None:
    """封存到此刻并签名各链的链头，后台任务每日也做 / Seal what is due and sign the heads now; the worker does so daily.

    Example: AUDIT_SIGNING_KEY=/etc/sanwang/audit.key AUDIT_HEADS_DIR=/mnt/heads sanwang audit sign-heads
    """
    from backbone import db
    from backbone.chaining import seal_and_sign
    from backbone.clock import SystemClock
    from backbone.settings import load_settings
    from sanwang import models  # noqa: F401  # declares every chain
    from sanwang.operations import refusals_as_sentences

    settings = load_settings()
    if settings.audit_signing_key is None or settings.audit_heads_dir is None:
        misused(
            "请设置 AUDIT_SIGNING_KEY 与 AUDIT_HEADS_DIR；用 sanwang audit new-key 生成密钥 / "
            "Set AUDIT_SIGNING_KEY and AUDIT_HEADS_DIR; sanwang audit new-key makes a key"
        )
    with refusals_as_sentences(), _database(settings) as database:
        db.bind(database)
        files = seal_and_sign(settings.audit_signing_key, settings.audit_heads_dir, now=SystemClock().now())
    for file in files:
        typer.echo(f"已签名 / signed: {file}")
    if not files:
        typer.echo("链上还没有记录，无可签名 / There is nothing in any chain yet: nothing signed")


@app.command("new-key", short_help="生成签名密钥 / make a key. 例 Example: sanwang audit new-key audit.key")
def new_key(file: Annotated[Path, typer.Argument(help="私钥文件 / file for the private key")]) -> None:
    """生成 Ed25519 密钥：私钥留在服务器，公钥交给审计方 / Make the key pair that signs and verifies the heads.

    Example: sanwang audit new-key /etc/sanwang/audit.key
    """
    from backbone.chain.heads import make_key
    from sanwang.operations import refusals_as_sentences

    with refusals_as_sentences():
        public = make_key(file)
    typer.echo(f"私钥 / private key: {file}\n公钥（交给审计方）/ public key, for the auditors: {public}")


def misused(sentence: str) -> NoReturn:
    """End the command with one sentence and the status of bad usage."""
    typer.echo(sentence, err=True)
    sys.exit(BAD_USAGE)


def _keys(given: list[Path] | None, settings: "Settings") -> list["Ed25519PublicKey"]:
    from backbone.chain.heads import public_key

    paths = given or ([settings.audit_signing_key] if settings.audit_signing_key else [])
    if not paths:
        misused(
            "请用 --public-key 给出公钥，或设置 AUDIT_SIGNING_KEY / Give the public key with --public-key, or set AUDIT_SIGNING_KEY"
        )
    return [public_key(path) for path in paths]


@contextmanager
def _database(settings: "Settings") -> Iterator["Database"]:
    from backbone.db import Database

    if settings.database_url is None:
        misused("请设置 DATABASE_URL / Set DATABASE_URL")
    with closing(Database(settings.database_url)) as database:
        yield database


@contextmanager
def _reading(settings: "Settings") -> Iterator["Session"]:
    """One instant of the database, without the right to change it."""
    from sqlalchemy import text

    with _database(settings) as database, database.transaction() as session:
        session.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"))
        yield session


def _verdicts(
    session: "Session", folder: Path, keys: list["Ed25519PublicKey"]
) -> tuple[list[Any], list[Any]]:
    from rich.console import Console
    from rich.progress import Progress

    from backbone.chain.heads import read_heads
    from backbone.chain.models import declared_chains
    from backbone.chain.verification import count_links, verify
    from sanwang import models  # noqa: F401  # declares every chain

    files = list(read_heads(folder, keys))
    heads = [file.head for file in files if file.head]
    verdicts = []
    with Progress(console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as progress:
        for chain in declared_chains():
            task = progress.add_task(chain.name, total=count_links(session, chain))
            told = lambda count, task=task: progress.advance(task, count)  # noqa: E731 (bound to this chain's bar)
            verdicts.append(verify(session, chain, heads, progress=told))
    return verdicts, files
