"""What the commands of `sanwang sla` have in common: JSON on standard output, refusals on standard error."""

import io
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

import typer

if TYPE_CHECKING:
    from sky_net.sla.proof import Proof

REFUSED = 2


def answer(proof: "Proof") -> dict[str, object]:
    """One stage of the contract."""
    due_at = proof.due_at
    return {
        "due_at": None if due_at is None else due_at.isoformat(),
        "provisional": proof.provisional,
        "proof": [line.as_json() for line in proof.lines()],
    }


def print_json(said: object) -> None:
    """One line of UTF-8, whatever the language of the host."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", newline="")
    typer.echo(json.dumps(said, ensure_ascii=False))


@contextmanager
def named(where: str) -> Iterator[None]:
    """Say of which option a refusal speaks."""
    from sky_net.sla.errors import ClockRefusal

    try:
        yield
    except ClockRefusal as refusal:
        refusal.zh, refusal.en = f"{where}：{refusal.zh}", f"{where}: {refusal.en}"
        raise


@contextmanager
def refusals(as_json: bool) -> Iterator[None]:
    """A refusal is exit status 2, its sentence and code on standard error, and nothing on standard output."""
    from sky_net.sla.errors import ClockRefusal

    try:
        yield
    except ClockRefusal as refusal:
        refuse_by_code(refusal.code, refusal.zh, refusal.en, as_json)


def refuse_by_code(code: str, zh: str, en: str, as_json: bool) -> NoReturn:
    """End the command with a sentence in both languages."""
    if isinstance(sys.stderr, io.TextIOWrapper):
        sys.stderr.reconfigure(encoding="utf-8")
    if as_json:
        said = {"error": {"code": code, "zh": zh, "en": en}}
        typer.echo(json.dumps(said, ensure_ascii=False), err=True)
    else:
        typer.echo(f"{zh}\n{en}\n[{code}]", err=True)
    raise typer.Exit(REFUSED)
