"""What the commands over files of needs and achievements share: renamed fields, refusals, progress.

Nothing heavy is imported before it is needed, so that each command answers at once.
"""

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn, TypeVar

import typer

UNUSABLE_INPUT = 2
_Item = TypeVar("_Item")


def keep_inputs(out: Path | None, inputs: Iterable[Path | None]) -> None:
    """Refuse to write the answer over one of the files that it is made of."""
    try:
        is_input = (
            out is not None
            and out.exists()
            and any(each and each.exists() and out.samefile(each) for each in inputs)
        )
    except OSError as error:
        refuse_input(f"不能写入 {out}：{error.strerror}", f"cannot write {out}: {error.strerror}")
    if is_input:
        refuse_input(f"{out} 是输入文件，不会覆盖", f"{out} is one of the inputs and is not overwritten")


def mapping_of(renames: list[str]) -> dict[str, str]:
    """Field -> key in the files, of arguments like description=abstract; others are refused."""
    from sky_net.matching.entries import KEYS

    mapping: dict[str, str] = {}
    for rename in renames:
        field, _, key = rename.partition("=")
        if field not in KEYS or not key or field in mapping:
            known = "、".join(KEYS)
            refuse_input(
                f"--map {rename} 应写作 字段=键，字段为 {known} 之一且只写一次",
                f"--map {rename} should be FIELD=KEY with FIELD one of {', '.join(KEYS)}, each at most once",
            )
        mapping[field] = key
    return mapping


@contextmanager
def shown(what: str, items: Iterable[_Item], total: int | None = None) -> Iterator[Iterator[_Item]]:
    """The items, with a progress bar while they are taken if a person is watching standard error."""
    if not sys.stderr.isatty():
        yield iter(items)
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(what, total=total)
        yield _counted(items, lambda: progress.advance(task))


def _counted(items: Iterable[_Item], advance: Callable[[], None]) -> Iterator[_Item]:
    for item in items:
        yield item
        advance()


@contextmanager
def written_to_output() -> Iterator[None]:
    """Ends with a sentence where standard output takes nothing more; a reader that has enough is for the caller."""
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or Python complains again at exit
        refuse_input(
            f"不能写入标准输出：{error.strerror}", f"cannot write to standard output: {error.strerror}"
        )


def refuse_input(zh: str, en: str) -> NoReturn:
    """Say what is wrong in both languages and end with UNUSABLE_INPUT."""
    typer.echo(f"{zh}\n{en}", err=True)
    raise typer.Exit(UNUSABLE_INPUT)
