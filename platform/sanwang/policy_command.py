"""`sanwang policy`: what the policies say of an enterprise's facts, which policies there are, and whether a file is one.

No server, database or setting is needed. Everything heavy is imported inside the commands, so that each answers at once.
"""

import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from sanwang.sla_answers import print_json, refuse_by_code

if TYPE_CHECKING:
    from policy_pack.engine.evaluation import Evaluation
    from policy_pack.engine.policy import Pack, Policy

SHORT_HELP = "政策包：测算、列出、校验 / check, list, validate policies. 例 Example: sanwang policy check --facts F.json"
CHECK_HELP = """对照企业情况逐条判断全部政策，不需要服务器。
What each policy says of an enterprise's facts, clause by clause; needs no server.

事实文件是一个 JSON 对象，金额以万元计，比例以小数计；null 为确知没有，不写为未知。键名见 sanwang policy facts。
The facts are one JSON object, money in 万元, shares as decimals; null is known to be absent, a key left out is unknown.
`sanwang policy facts` lists the keys.

来源不是发布机关网页的政策标“待核实”：可以参考，不能作准。
Policies whose source is not the issuing body's own page are marked 待核实, unverified: to be looked at, not relied on.

输入有误：说明每一处，退出码 2，不输出结果。
Unusable input: every problem is named, exit code 2, nothing on standard output.

例 Example:

  sanwang policy check --facts F.json --as-of 2026-03-15 --policy P23 --json
"""

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON / print JSON")]


@app.callback()
def policy() -> None:
    """政策包：规则即数据 / the policy pack: rules as data."""


@app.command("check", help=CHECK_HELP, short_help="逐条判断政策 / what the policies say of an enterprise")
def check(
    facts: Annotated[Path, typer.Option(help="企业情况 the facts, one JSON object", metavar="F.json")],
    as_of: Annotated[
        str | None, typer.Option(help="申请日期，缺省为今天 day of application, default today", metavar="DAY")
    ] = None,
    wanted: Annotated[
        list[str] | None,
        typer.Option("--policy", help="只看这项政策，可重复 this policy alone, repeatable", metavar="P23"),
    ] = None,
    as_json: AsJson = False,
    explain: Annotated[
        bool, typer.Option("--explain", "-v", help="逐条说明 say why, clause by clause")
    ] = False,
) -> None:
    """See CHECK_HELP."""
    from backbone.errors import DomainError
    from policy_pack.engine.facts_file import read_facts_file

    day = _day(as_of, as_json)
    try:
        pack = _pack(day)
        chosen = _chosen(pack, wanted or [], as_json)
        known = read_facts_file(facts)
    except DomainError as refusal:
        _refuse_all(refusal, as_json)
    from policy_pack.engine.evaluate import evaluate

    answers = [(each, evaluate(each, known, day)) for each in chosen]
    if as_json:
        print_json([answer(each, evaluation) for each, evaluation in answers])
        return
    from sanwang.policy_report import show_answers

    show_answers(answers, known, day, explain=explain)


@app.command("list", short_help="列出政策 / list the policies")
def list_policies(as_json: AsJson = False) -> None:
    """列出全部政策 / List the policies: category, status, grade of the source, validity.

    Example: sanwang policy list
    """
    policies = list(_pack(None).policies.values())
    if as_json:
        print_json([described(each) for each in policies])
        return
    from sanwang.policy_report import show_policies

    show_policies(policies)


@app.command("facts", short_help="列出事实的键 / list the keys of facts")
def list_facts(as_json: AsJson = False) -> None:
    """列出事实的键、类型、单位和取值 / List the keys of facts with type, unit and values.

    Example: sanwang policy facts
    """
    from policy_pack.engine.dictionary import DICTIONARY

    if as_json:
        print_json([
            {"key": each.key, "type": each.kind, "unit": each.unit, "values": each.values, "zh": each.question.zh, "en": each.question}
            for each in DICTIONARY.values()
        ])  # fmt: skip
        return
    from sanwang.policy_report import show_facts

    show_facts(list(DICTIONARY.values()))


@app.command("validate", short_help="校验政策文件 / check policy files")
def validate(
    files: Annotated[list[Path], typer.Argument(help="YAML 政策文件 / the policy files", metavar="FILE…")],
) -> None:
    """校验政策文件与 relations.yaml，列出每一处问题；有问题则退出码 2 / Name every problem of policy files; exit code 2 if any.

    Example: sanwang policy validate P43.yaml
    """
    from policy_pack.engine.packs import PackRefused, check_files

    problems = check_files(files)
    if problems:
        _refuse_all(PackRefused(problems), as_json=False)
    typer.echo(f"{len(files)} 个文件没有问题 / {len(files)} file(s) without a problem")


def answer(policy: "Policy", evaluation: "Evaluation") -> dict[str, object]:
    """One policy of the contract; its keys and their meaning never change."""
    from backbone.errors import say

    amount = evaluation.amount
    return {
        "policy_id": policy.id,
        "name": policy.name.zh,
        "outcome": evaluation.outcome,
        "status": policy.status,
        "verified": policy.is_verified,
        "missing": [list(keys) for keys in evaluation.missing],
        "clauses": [
            {"id": judged.id, "text": clause.text.zh, "result": judged.result, "facts": list(judged.facts)}
            for clause, judged in zip(policy.clauses, evaluation.clauses, strict=True)
        ],
        "amount": None
        if amount is None
        else {"low_fen": amount.low_fen, "high_fen": amount.high_fen, "formula": say(amount.formula, "zh")},
        "reference": policy.reference,
    }


def described(policy: "Policy") -> dict[str, object]:
    """One policy of the list."""
    first, last = policy.validity.first, policy.validity.last
    return {
        "policy_id": policy.id,
        "name": policy.name.zh,
        "category": policy.category,
        "status": policy.status,
        "grade": policy.source.grade,
        "verified": policy.is_verified,
        "complete": policy.complete,
        "valid_from": first and first.isoformat(),
        "valid_to": last and last.isoformat(),
        "reference": policy.reference,
    }


def _pack(day: date | None) -> "Pack":
    from policy_pack.engine.packs import load_packs

    return load_packs(as_of=day)


def _day(text: str | None, as_json: bool) -> date:
    from backbone.clock import SystemClock, local_date

    if text is None:
        return local_date(SystemClock().now())
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    refuse_by_code(
        "day_invalid", f"--as-of：{text} 不是日期，写作 2026-03-01", f"--as-of: {text} is no date; write 2026-03-01", as_json
    )  # fmt: skip


def _chosen(pack: "Pack", wanted: Sequence[str], as_json: bool) -> "list[Policy]":
    """The policies that were asked for, all of them by default, in the order of their numbers."""
    from policy_pack.engine.problems import nearest

    for name in wanted:
        if name not in pack.policies:
            hint = nearest(name, list(pack.policies))
            refuse_by_code(
                "policy_unknown",
                f"--policy：没有政策 {name}{hint.zh}；sanwang policy list 列出全部",
                f"--policy: there is no policy {name}{hint}; `sanwang policy list` names them all",
                as_json,
            )
    return [each for key, each in pack.policies.items() if not wanted or key in wanted]


def _refuse_all(refusal: Any, as_json: bool) -> NoReturn:
    """Every problem in both languages on standard error, exit status 2, nothing on standard output."""
    lines = [problem.sentence() for problem in refusal.problems]
    refuse_by_code(refusal.code, "\n".join(line.zh for line in lines), "\n".join(lines), as_json)
