"""`python -m training --data <folder> --out <folder>`: teacher, tokenizer, table, evaluation and model in one go."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import torch
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from training.corpus import HeldOut, read_papers, read_titles, split_corpus, texts_of
from training.encode import encoder
from training.lessons import lessons_of
from training.lexicon import read_cedict, read_thuocl
from training.package import model_card, save_model
from training.report import evaluation_report
from training.targets import targets_of
from training.teacher import Vectors, open_teacher, told
from training.tokens import train_tokenizer
from training.train import Recipe, train_table

THREADS = 2

console = Console()


def main(
    data: Annotated[Path, typer.Option(help="Folder that holds csl/, cedict/ and thuocl/.")],
    out: Annotated[Path, typer.Option(help="Folder to write the model to; made when missing.")],
    seed: Annotated[int, typer.Option(help="Same seed, machine and library versions: same bytes.")] = 7,
    dimension: Annotated[int, typer.Option(min=8, help="Numbers per vector.")] = Recipe.dimension,
    vocabulary: Annotated[int, typer.Option(min=100, help="Most pieces of the tokenizer.")] = 27_000,
    steps: Annotated[int, typer.Option(min=1, help="Batches that are learned from.")] = Recipe.steps,
    store: Annotated[
        Path | None, typer.Option(help="Folder to keep what the teacher said, for the next run.")
    ] = None,
    held_out: Annotated[
        HeldOut, typer.Option(help="validation: choose settings without the test tenth.")
    ] = "test",
) -> None:
    """Teach the static encoder by a transformer, measure it on papers it has not seen, and save it."""
    torch.set_num_threads(THREADS)  # also fixes the order of the sums, hence the bytes
    torch.use_deterministic_algorithms(True)
    started = time.monotonic()
    split = split_corpus(read_papers(data), read_titles(data), held_out)
    console.print(
        f"{len(split.train)} papers, {len(split.titles)} bare titles; held out ({held_out}): {len(split.held_out)}"
    )
    lessons = lessons_of(split, read_cedict(data), read_thuocl(data))
    texts, words, glosses = (
        _asked(name, asked, store)
        for name, asked in (("texts", lessons.texts), ("words", lessons.words), ("glosses", lessons.glosses))
    )
    targets = targets_of(lessons, texts, words, glosses, dimension)
    with console.status("tokenizer"):
        tokenizer = train_tokenizer([*texts_of(split), *targets.texts], vocabulary)
    with _bar() as bar:
        task = bar.add_task("training", loss=0.0)
        table = train_table(
            tokenizer,
            split,
            targets,
            Recipe(dimension=dimension, steps=steps),
            seed,
            lambda step, steps, loss: bar.update(task, completed=step, total=steps, loss=loss),
        )
    console.print(f"trained in {time.monotonic() - started:.0f} s")
    with console.status("evaluation"):
        report = evaluation_report(encoder(tokenizer, table), split, seed)
    console.print(report, highlight=False)
    save_model(out, tokenizer, table, model_card(table, report))
    size = sum(path.stat().st_size for path in out.iterdir())
    console.print(f"saved to {out}: {tokenizer.get_vocab_size()} pieces × {dimension}, {size / 1e6:.1f} MB")


def _asked(name: str, texts: Sequence[str], store: Path | None) -> Vectors:
    with _bar() as bar:
        task = bar.add_task(f"teacher: {name}", loss=0.0)
        return told(
            lambda: open_teacher(THREADS),
            texts,
            store,
            lambda done, of: bar.update(task, completed=done, total=of),
        )


def _bar() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, TextColumn("loss {task.fields[loss]:.3f}"), console=console)


if __name__ == "__main__":
    typer.run(main)
