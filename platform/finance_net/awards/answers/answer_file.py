"""The file with which the bank answers: reference, status, its own reference, amount and day."""

from backbone.errors import Bilingual
from finance_net.awards.answers.facts import Word
from finance_net.awards.errors import LinesRefused
from finance_net.awards.lines import Column, Line, day, one_of, read_lines, twice_among, words, yuan

STATUSES = {
    "settled": "settle", "成功": "settle", "已入账": "settle",
    "refused": "refuse", "失败": "refuse", "退回": "refuse",
    "unknown": "doubt", "不明": "doubt", "处理中": "doubt",
    "returned": "return", "退汇": "return", "已退汇": "return",
}  # fmt: skip
"""What a status says, as an action in a payment's life."""
MOVED = ("settle", "return")
"""Of what moved money the bank has a reference and a day."""
COLUMNS = (
    Column("reference", ("付款参考号", "reference"), words(40)),
    Column("status", ("状态", "status"), one_of(STATUSES)),
    Column("bank_ref", ("银行流水号", "bank_ref"), words(64), may_be_blank=True),
    Column("amount", ("金额（元）", "金额(元)", "amount"), yuan),
    Column("settled_on", ("到账日期", "settled_on"), day, may_be_blank=True),
)
MOST_LINES = 1_000
"""Each is booked in the request that brings it: as many as a full batch of shared tranches holds."""
TWICE = Bilingual("“{value}”已出现在第 {line} 行", "“{value}” stands in line {line} already")
MOVED_NEEDS = Bilingual("已入账、已退汇的行须有此项", "A settled or returned line needs this")
NEVER = Bilingual(
    "只有已入账、已退汇的行才有日期；入账之后被退回的，状态应为“退汇”",
    "Only a settled or returned line has a day; what came back after it was settled is “returned”",
)


def read_answer(content: bytes) -> list[Line]:
    """Its lines; raises TableRefused, LinesRefused for cells, repeated references and what moved without its facts.

    A payment may stand in two lines: one says how it went out, the other that it came back. Money that comes may bear the bank's
    reference of money that went.
    """
    lines = read_lines(content, COLUMNS, most=MOST_LINES)
    problems = []
    for is_return in (False, True):
        of_one_way = [line for line in lines if (line.values["status"] == "return") == is_return]
        for column in ("reference", "bank_ref"):
            problems += twice_among(of_one_way, column, TWICE)
    for line in lines:
        if line.values["status"] in MOVED:
            lacking = [name for name in ("bank_ref", "settled_on") if line.values[name] is None]
            problems += [line.problem(name, MOVED_NEEDS) for name in lacking]
        elif line.values["settled_on"] is not None:
            problems.append(line.problem("settled_on", NEVER))
    if problems:
        raise LinesRefused(problems)
    return lines


def word_of(line: Line) -> Word:
    """What a line says."""
    said = line.values
    return Word(said["reference"], said["status"], said["amount"], said["bank_ref"], said["settled_on"])
