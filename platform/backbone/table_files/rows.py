"""What is read of a table: rows of texts, numbered as the spreadsheet shows them, with what is wrong with a cell."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from backbone.errors import Bilingual, Invalid

MOST_COLUMNS = 60
LONGEST_CELL = 32_767
"""Characters of a cell; Excel holds no more."""
WHOLE_ROW = -1
FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""How a text begins that a spreadsheet takes for a formula; full-width where Excel speaks Chinese or Japanese."""
TOO_LONG = Bilingual(
    f"单元格超过 {LONGEST_CELL} 字，请拆分", f"The cell is over {LONGEST_CELL} characters: split it"
)


@dataclass(frozen=True)
class Row:
    """One row: blank cells are None; `faults` by column, or WHOLE_ROW, say what could not be read."""

    number: int
    cells: tuple[str | None, ...]
    faults: Mapping[int, Bilingual] = field(default_factory=dict)

    @property
    def is_blank(self) -> bool:
        """Nothing in it, and nothing wrong with it."""
        return not self.faults and not any(self.cells)


class TableRefused(Invalid):
    """The file as a whole cannot be read as a table."""

    code = "table_refused"
    title = Bilingual("无法读取这个表格文件", "This file cannot be read as a table")
    advice = Bilingual(
        "请另存为不含宏的 .xlsx，或 UTF-8、GBK 编码的 .csv 后重试",
        "Save it as .xlsx without macros, or as .csv in UTF-8 or GBK, and send it again",
    )

    def __init__(self, why: Bilingual) -> None:
        super().__init__([{"field": "(body)", "problem": why}])


def plain(text: str) -> str | None:
    """The text without blanks around it and without the apostrophe by which our exports disarm formulas; None for nothing."""
    text = text.strip()
    if text.startswith("'") and text[1:].startswith(FORMULAS):
        text = text[1:].strip()
    return text or None
