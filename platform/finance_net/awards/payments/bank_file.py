"""The file that goes to the bank, and what of it makes it the same again. Pure but for the spelling of cells."""

import csv
import io
from collections.abc import Iterable
from dataclasses import astuple, dataclass

from backbone.spreadsheets import MARK, neutral

HEADINGS = ("付款参考号", "收款人", "收款账号", "开户行", "联行号", "金额（元）", "附言")


@dataclass(frozen=True, order=True)
class Instruction:
    """One line: `amount_fen` is written in yuan."""

    reference: str
    holder: str
    number: str
    bank: str
    branch_code: str
    amount_fen: int
    memo: str


def bank_file(instructions: Iterable[Instruction]) -> bytes:
    """CSV: UTF-8 with its mark, CRLF, lines by reference whatever order they come in, amounts in yuan with two decimals."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(HEADINGS)
    for each in sorted(instructions):
        cells = list(astuple(each))
        cells[5] = f"{each.amount_fen // 100}.{each.amount_fen % 100:02d}"
        writer.writerow([neutral(cell) for cell in cells])
    return (MARK + out.getvalue()).encode()
