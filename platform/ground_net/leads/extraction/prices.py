"""Costs of one piece or one tonne, which are indicators; money to spend on the need is none."""

import re

from ground_net.leads.extraction.reading import Clause, Note
from ground_net.leads.extraction.unit_words import counted_by, per_one

_PRICE = re.compile(r"成本|造价|单价|价格|售价|费用|电费|料钱|工费")
_EACH = re.compile(r"(?:每|一|单)\s?(?:个(?=月|小|钟|星|平|立))?([\u4e00-\u9fffA-Za-z]{1,3})")
_NAMED_BY = re.compile(
    r"(?<![\d一二两三四五六七八九十百千万])(吨|公斤|平方|平米|台|件|套|只|片|度电|瓦)(?:钢|水|铁|铝|产品|酸|纸|布|油|矿|渣)?(?:成本|造价|单价|价格|费用|电耗|煤耗|水耗|能耗|气耗|耗电|耗水)"
)
_SCALES = ("s", "min", "h", "d", "W", "kW", "t", "kg", "m", "m²", "m³", "kW·h", "L", "月", "年")
_BY_ONE = ("h", "d", "t", "kg", "m²", "m³", "月", "年", "亩")
_WINDOW = 14


def is_price(name: str) -> bool:
    """Whether a quantity of this name is money."""
    return _PRICE.search(name) is not None


def counted_by_what(note: Note, clause: Clause, start: int, end: int, *, price: bool) -> str | None:
    """By what a figure is counted: 每分钟45比特, 一只别超8000块, 三万二一吨; prices alone by the piece."""
    if named := _NAMED_BY.search(note.plain[max(clause.start, start - _WINDOW) : start]):
        by = counted_by(named.group(1), 0)
        if by is not None:
            return by.unit
    if price and (behind := per_one(note.plain, end)):
        return behind.unit
    window = note.plain[max(clause.start, start - _WINDOW) : start]
    for found in reversed(list(_EACH.finditer(window))):
        by = counted_by(window, found.start(1))
        if by is not None and (price or by.unit in (_BY_ONE if found.group().startswith("一") else _SCALES)):
            return by.unit
    return None
