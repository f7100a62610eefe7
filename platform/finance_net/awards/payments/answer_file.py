"""The file with which the bank answers: reference, status, its own reference, amount and day."""

from backbone.errors import Bilingual
from finance_net.awards.errors import LinesRefused
from finance_net.awards.lines import Column, Line, day, one_of, read_lines, twice_among, words, yuan

STATUSES = {
    "settled": "settle", "成功": "settle", "已入账": "settle",
    "refused": "refuse", "失败": "refuse", "退回": "refuse",
    "unknown": "doubt", "不明": "doubt", "处理中": "doubt",
}  # fmt: skip
"""What a status says, as an action in a payment's life."""
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
SETTLED_NEEDS = Bilingual("已入账的行须有此项", "A settled line needs this")
NEVER = Bilingual("只有已入账的行才有到账日期", "Only a settled line has a day")


def read_answer(content: bytes) -> list[Line]:
    """Its lines, by reference; raises TableRefused, LinesRefused for cells, repeated references and settled lines without their facts."""
    lines = read_lines(content, COLUMNS, most=MOST_LINES)
    problems = twice_among(lines, "reference", TWICE) + twice_among(lines, "bank_ref", TWICE)
    for line in lines:
        is_settled = line.values["status"] == "settle"
        if is_settled:
            problems += [
                line.problem(name, SETTLED_NEEDS)
                for name in ("bank_ref", "settled_on")
                if line.values[name] is None
            ]
        elif line.values["settled_on"] is not None:
            problems.append(line.problem("settled_on", NEVER))
    if problems:
        raise LinesRefused(problems)
    return sorted(lines, key=lambda line: str(line.values["reference"]))
