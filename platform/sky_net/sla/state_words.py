"""What the states of a clock are called, wherever people read of one."""

from collections.abc import Mapping
from types import MappingProxyType

from backbone.errors import Bilingual

STATE_WORDS: Mapping[str, Bilingual] = MappingProxyType({
    "pending": Bilingual("未开始", "pending"),
    "running": Bilingual("进行中", "running"),
    "at_risk": Bilingual("临近超时", "at risk"),
    "paused": Bilingual("暂停", "paused"),
    "met": Bilingual("按时", "met"),
    "breached": Bilingual("超时", "breached"),
    "cancelled": Bilingual("取消", "cancelled"),
    "waived": Bilingual("豁免", "waived"),
    "no_solution": Bilingual("无解结论", "no solution"),
})  # fmt: skip
"""The states of `clocks.ClockState`, and the one that is shown for a running clock short of its deadline."""
