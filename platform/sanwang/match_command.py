"""`sanwang match`: ranked achievements for every need of a file, without a server or a database."""

import io
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sanwang.entry_files import keep_inputs, mapping_of, refuse_input, shown, written_to_output

if TYPE_CHECKING:  # numpy and the dictionaries are loaded when the command runs, not when help is asked for
    from sky_net.matching.corpus import Corpus
    from sky_net.matching.documents import Hit
    from sky_net.matching.entries import Entry

HELP = """为每条需求排序匹配成果，结果写成 CSV；不需要服务器。
Rank achievements for every need and write CSV; needs no server.

需求和成果都是 JSON 行文件：{"id","title","description"}，其他键忽略，空行跳过。CSV 列为
need_id,achievement_id,rank,score，最好的在前；每条需求给出 min(top, 成果数) 行，同分按成果 id。
Both files are JSON lines; other keys are ignored, blank lines skipped. A wrong line is named with its
file and number, exit code 2, and nothing is written.

--feedback 的每行是 {"need_id","achievement_id","grade"}，grade 0 无用 · 1 同领域 · 2 值得一谈 · 3 可解决，编号须在所给
文件中。只有交叉检验表明对未见需求确有提高时才采用学得的排序，否则沿用缺省排序。
Lines of --feedback are {"need_id","achievement_id","grade"} with grades 0 to 3 and ids from the given files. What they teach
is used only where a trial on held-back needs shows that it ranks surely better.

例 Example:

  sanwang match --needs needs.jsonl --achievements papers.jsonl --map description=abstract --top 5 --out matches.csv
"""
SHORT_HELP = (
    "为需求排序匹配成果 / rank achievements for needs. 例 Example: "
    "sanwang match --needs N.jsonl --achievements A.jsonl --top 10 --out R.csv"
)

_BROKEN_PIPE = 141  # what a shell reports for a program that its reader left


def match(
    needs: Annotated[Path, typer.Option(help="需求文件 JSON lines with the needs", metavar="N.jsonl")],
    achievements: Annotated[
        Path, typer.Option(help="成果文件 JSON lines with the achievements", metavar="A.jsonl")
    ],
    top: Annotated[int, typer.Option(help="每条需求最多给出多少行 rows per need", metavar="K")] = 10,
    out: Annotated[
        Path | None,
        typer.Option(help="写入此文件，缺省为标准输出 write here, not to standard output", metavar="R.csv"),
    ] = None,
    renames: Annotated[
        list[str] | None,
        typer.Option(
            "--map", help="字段改名 read a field under another key, description=abstract", metavar="FIELD=KEY"
        ),
    ] = None,
    feedback: Annotated[
        Path | None,
        typer.Option(
            help="评分文件，据以改进排序 JSON lines with grades 0-3 to learn from",
            metavar="F.jsonl",
        ),
    ] = None,
    encoder: Annotated[
        Path | None,
        typer.Option(
            help="语义模型目录，缺省为 ENCODER 或自带模型 model directory; default ENCODER, else the shipped one",
            metavar="DIR",
        ),
    ] = None,
) -> None:
    """See HELP; every refusal is exit code 2."""
    from backbone.errors import DomainError
    from backbone.settings import load_settings

    if top < 1:
        refuse_input("--top 至少为 1", "--top must be at least 1")
    keep_inputs(out, (needs, achievements, feedback))
    mapping = mapping_of(renames or [])
    try:
        model = encoder or load_settings().encoder
        asked, offered = _entries(needs, mapping), _entries(achievements, mapping)
        grades = None if feedback is None else _grades(feedback, asked, offered)
        _run(asked, offered, top, out, model, grades)
    except DomainError as error:
        sentence = error.sentence()
        refuse_input(sentence.zh, str(sentence))
    except BrokenPipeError:
        # The reader has what it wanted. Python would complain once more when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(_BROKEN_PIPE) from None


def _run(
    needs: "list[Entry]",
    achievements: "list[Entry]",
    top: int,
    out: Path | None,
    encoder: Path | None,
    grades: "dict[str, dict[str, int]] | None",
) -> None:
    from sky_net.matching.batch import catalogue, replaced, write_matches
    from sky_net.matching.encoder import open_encoder

    model = open_encoder(encoder)
    with shown("读取成果 Reading achievements", [achievements]) as steps:
        corpus = next(catalogue(step, model) for step in steps)
    ranked = _ranked(needs, corpus, top, grades)
    with shown("匹配需求 Matching needs", ranked, len(needs)) as matches:
        if out is None:
            if isinstance(sys.stdout, io.TextIOWrapper):
                sys.stdout.reconfigure(encoding="utf-8", newline="")
            _write_out(matches)
            return
        try:
            with replaced(out) as file:
                write_matches(matches, file)
        except OSError as error:
            refuse_input(f"不能写入 {out}：{error.strerror}", f"cannot write {out}: {error.strerror}")


def _ranked(
    needs: "list[Entry]", corpus: "Corpus", top: int, grades: "dict[str, dict[str, int]] | None"
) -> "Iterable[tuple[str, list[Hit]]]":
    """By the blend, or by what grades teach where that is surely better; says which on standard error."""
    from sky_net.matching.batch import match_all

    if grades is None:
        return match_all(needs, corpus, top)
    from sky_net.matching.feedback import match_by, taught
    from sky_net.matching.learning import CUT, FEWEST_NEEDS

    ranker, trial = taught(needs, corpus, grades)
    if trial is None:
        zh = f"评分不足：至少 {FEWEST_NEEDS} 条需求须有高低不同的评分；沿用缺省排序"
        en = f"too few grades: {FEWEST_NEEDS} needs with unequal grades at least; the default ranking stays"
    else:
        told = f"nDCG@{CUT} {trial.before:.3f} → {trial.after:.3f}"
        zh = f"{trial.needs} 条需求交叉检验：{told}，增益下界 {trial.low:+.3f}；{'采用' if ranker else '不采用'}学得的排序"
        en = (
            f"tried on {trial.needs} needs: {told}, gain at least {trial.low:+.3f};"
            f" the {'learned' if ranker else 'default'} ranking is used"
        )
    typer.echo(f"{zh}\n{en}", err=True)
    return match_all(needs, corpus, top) if ranker is None else match_by(ranker, needs, corpus, top)


def _write_out(matches: "Iterable[tuple[str, list[Hit]]]") -> None:
    from sky_net.matching.batch import write_matches

    with written_to_output():
        write_matches(matches, sys.stdout)


def _entries(path: Path, renames: dict[str, str]) -> "list[Entry]":
    from sky_net.matching.entries import read_entries

    try:
        return read_entries(path, renames)
    except OSError as error:
        refuse_input(f"不能读取 {path}：{error.strerror}", f"cannot read {path}: {error.strerror}")


def _grades(path: Path, needs: "list[Entry]", achievements: "list[Entry]") -> dict[str, dict[str, int]]:
    from sky_net.matching.grades import read_grades

    try:
        return read_grades(path, {need.id for need in needs}, {each.id for each in achievements})
    except OSError as error:
        refuse_input(f"不能读取 {path}：{error.strerror}", f"cannot read {path}: {error.strerror}")
