"""What each figure means, in one place: the report, its files and the targets read it. Pure.

Every figure is of one cohort, the leads whose visit (`happened_at`) lies in the period, as Asia/Shanghai counts days; what
became of them is told as it stands now. So each figure is a part of the one before it, and months add up.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from backbone.errors import Bilingual
from sky_net.needs.states import STATES

COUNT, FEN, SHARE, HOURS = "count", "fen", "share", "hours"


@dataclass(frozen=True)
class Figure:
    """A name, what is counted, and in what: shares lie between 0 and 1, hours are plain calendar time."""

    key: str
    name: Bilingual
    definition: Bilingual
    unit: str = COUNT


def _figure(key: str, zh: str, en: str, said_zh: str, said_en: str, unit: str = COUNT) -> Figure:
    return Figure(key, Bilingual(zh, en), Bilingual(said_zh, said_en), unit)


FIGURES: Mapping[str, Figure] = MappingProxyType({figure.key: figure for figure in (
    _figure("leads", "线索", "leads", "期间内走访得到的线索", "leads heard in the period"),
    _figure("decided", "已处理线索", "leads decided", "其中已转需求或已关闭的", "of these, promoted or closed"),
    _figure("needs_mined", "挖掘需求", "needs mined", "其中已转为需求的，合并的线索只计一条需求",
            "of these, promoted to a need; leads that were merged make one need"),
    _figure("confirmed", "有效需求", "valid needs", "挖掘需求中曾获确认的", "needs mined that were confirmed, whatever became of them"),
    _figure("valid_share", "有效率", "valid share", "有效需求 ÷ 已处理线索", "valid needs / leads decided", SHARE),
    _figure("matched", "已对接需求", "needs put in touch", "挖掘需求中到达或越过“对接中”的", "needs mined that reached or passed “communicating”"),
    _figure("matching_rate", "对接率", "matching rate", "已对接需求 ÷ 有效需求", "needs put in touch / valid needs", SHARE),
    _figure("contracted", "签约需求", "needs contracted", "挖掘需求中有合同的；已撤销、已解除的不计",
            "needs mined with a contract that was neither cancelled nor terminated"),
    _figure("cooperations", "合作", "cooperations", "由挖掘需求签订的合同；已撤销、已解除的不计",
            "contracts signed from needs mined, neither cancelled nor terminated"),
    _figure("amount_fen", "合同成交额", "contract amount", "上述合同中读者可查看全文者之和，单位分", "sum over those contracts that the reader may read, in fen", FEN),
    _figure("technology_fen", "技术交易额", "technology amount", "同上，已扣除设备、材料", "the same, net of equipment and material", FEN),
    _figure("received_fen", "到账", "cash received", "同上，冲正后的净额", "the same, net of reversals", FEN),
    _figure("withheld", "未计金额的合同", "contracts without their amounts", "读者不可查看金额的合同数",
            "contracts whose amounts the reader may not read: left out of the sums"),
    _figure("in_province_share", "省内转化率", "in-province share", "卖方在省内的合同 ÷ 合作", "contracts whose seller lies in the province / cooperations", SHARE),
    _figure("promotion_median_hours", "走访至转需求，中位小时", "visit to promotion, median", "自走访起的自然小时", "calendar hours from the visit", HOURS),
    _figure("promotion_p90_hours", "走访至转需求，P90 小时", "visit to promotion, p90", "同上，九成不超过", "the same, nine in ten within it", HOURS),
    _figure("contact_median_hours", "提交至首次对接，中位小时", "submission to first contact, median", "自首次提交起的自然小时", "calendar hours from the first submission", HOURS),
    _figure("contact_p90_hours", "提交至首次对接，P90 小时", "submission to first contact, p90", "同上，九成不超过", "the same, nine in ten within it", HOURS),
    _figure("events", "活动", "events", "节点在期间内举办的活动；创新中心不计", "events that nodes held in the period; none are a centre's"),
)})  # fmt: skip

FUNNEL: Mapping[str, Bilingual] = MappingProxyType({
    "leads": Bilingual("线索", "leads"),
    "promoted": Bilingual("转为需求", "promoted"),
    **{state: STATES[state] for state in ("confirmed", "matched", "communicating", "proposed", "selected", "contracted")},
    "registered": Bilingual("已登记", "contract registered"),
})  # fmt: skip
"""The steps of a lead; each counts whatever reached or passed it."""

ASKED_OF = (
    "needs_mined",
    "confirmed",
    "matched",
    "matching_rate",
    "valid_share",
    "events",
    "cooperations",
    "in_province_share",
)
"""Figures that may have a target; that of a share is in per cent."""
PERCENT = 100

BY: Mapping[str, Bilingual] = MappingProxyType({
    "node": Bilingual("节点：alone 为本节点，whole 含其下全部，仅计读者可见者", "nodes: alone, or whole with all below, as far as the reader sees it"),
    "centre": Bilingual("创新中心：其项目所关联的需求；一需求可属多个中心，故各行不可相加",
                        "centres: the needs that their projects name; a need may be of several, so that rows do not add up"),
    "zone": Bilingual("地区：线索所属节点的地区，whole 含下级", "zones: that of the lead's node; whole with all inside"),
    "month": Bilingual("月份：走访所在月（北京时间）", "months: that of the visit, Asia/Shanghai"),
})  # fmt: skip


def spoken(figure: Figure, against_target: float | None) -> str:
    """What stands against a target, or the target itself, as people write it: a share as 85.5%."""
    if against_target is None:
        return "—"
    return f"{against_target:g}%" if figure.unit == SHARE else f"{against_target}"
