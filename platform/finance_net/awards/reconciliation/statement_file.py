"""A bank's statement: reference, direction, amount and day of each movement."""

from datetime import date

from backbone.errors import Bilingual
from finance_net.awards.errors import LinesRefused
from finance_net.awards.lines import Column, day, one_of, read_lines, words, yuan
from finance_net.awards.reconciliation.matching import IN, OUT, Movement

WAYS = {"out": OUT, "支出": OUT, "借": OUT, "in": IN, "收入": IN, "贷": IN}
COLUMNS = (
    Column("bank_ref", ("银行流水号", "bank_ref"), words(64)),
    Column("direction", ("收支", "direction"), one_of(WAYS)),
    Column("amount", ("金额（元）", "金额(元)", "amount"), yuan),
    Column("booked_on", ("记账日期", "booked_on"), day),
)
TWICE = Bilingual("流水号“{ref}”已出现在第 {line} 行", "The reference “{ref}” stands in line {line} already")
OUTSIDE = Bilingual("日期不在 {since} 至 {until} 之内", "The day is not within {since} to {until}")


def read_statement(content: bytes, since: date, until: date) -> list[Movement]:
    """Its movements, none where nothing moved; raises TableRefused, LinesRefused for cells, repeated references and days outside of the period."""
    lines = read_lines(content, COLUMNS, least=0)
    seen: dict[tuple[str, str], int] = {}
    problems = []
    for line in lines:
        key = (str(line.values["direction"]), str(line.values["bank_ref"]))
        if key in seen:
            problems.append(line.problem("bank_ref", TWICE.format(ref=key[1], line=seen[key])))
        seen.setdefault(key, line.number)
        if not since <= line.values["booked_on"] <= until:
            problems.append(line.problem("booked_on", OUTSIDE.format(since=since, until=until)))
    if problems:
        raise LinesRefused(problems)
    return [
        Movement(*(line.values[name] for name in ("direction", "bank_ref", "amount", "booked_on")))
        for line in lines
    ]
