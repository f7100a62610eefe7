"""Needs for tests: `a_need(session, state="confirmed", visibility="public")`, `a_need_body()` for requests.

`a_need` stores the row as the services would have left it, without the clocks: for those, submit over the service.
"""

from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from backbone.chinese import fold
from backbone.directory.models import Enterprise
from sky_net.needs import duplicates, states
from sky_net.needs.models import Need
from tests.factories.directory import an_enterprise

MADE_AT = datetime(2026, 3, 9, 1, 0, tzinfo=UTC)
BEFORE_CONFIRMATION = {"draft", "submitted", "returned", "rejected", "withdrawn", "silent"}
_numbers = count(900_000)

SECRETS: dict[str, Any] = {
    "title": "车规激光雷达驱动电路的低温抖动抑制",
    "tech_field": "激光器驱动电路",
    "chain_segment": "激光雷达发射端",
    "problem": "零下四十度启动时，激光器驱动脉冲的抖动达到一百二十皮秒，测距误差超出整车厂要求，需要把抖动降到五十皮秒以内。",
    "scene": "整车前舱，温度零下四十至一百零五度，年产二十万套。",
    "present_state": "现用分立氮化镓驱动，常温抖动六十皮秒。",
    "tried": "换过两家驱动芯片，也做过预热，启动时间超标。",
    "indicators": [
        {"name": "低温脉冲抖动", "now": "120", "target": "≤50", "unit": "ps", "test_method": "高低温箱内示波器统计", "weight": "must"},
        {"name": "启动时间", "now": "900", "target": "≤300", "unit": "ms", "test_method": "上电到首个有效点", "weight": "want"},
    ],
    "deliverables": ["驱动板样机十套", "温度补偿算法说明"],
    "acceptance_method": "第三方实验室按企业标准复测",
    "payment_terms": "签约三成，样机四成，验收三成",
    "partner_conditions": "有车规电路设计经验的团队",
    "collector": "光谷驿站采集员",
    "funding_wish": "希望申报省重点研发",
    "related_policies": ["揭榜挂帅专项"],
    "decision_owner": "研发总监刘某",
}  # fmt: skip
"""Every text of the default need that the masked view must not show."""

OPEN_FACTS: dict[str, Any] = {
    "need_type": "quality", "industry": "opto", "trl_now": 3, "trl_required": 6,
    "cooperation_modes": ["development", "service"], "respond_by_on": date(2026, 4, 30), "wanted_on": date(2026, 12, 31),
    "ip_ownership": "shared", "region_preference": ["420100"], "visibility": "public", "nda_required": False,
    "masked_title": "车载光电器件低温性能提升", "masked_summary": "某车载光电部件在低温下性能下降，寻求电路与算法方案。",
    "source_channel": "sky_net", "urgency": "normal",
}  # fmt: skip


SPATTER = {
    "name": "焊接飞溅",
    "unit": "个/米",
    "target": "≤5",
    "weight": "must",
    "test_method": "高速摄像统计",
}
"""An indicator of a need about laser welding."""


def a_need(session: Session, enterprise: Enterprise | None = None, **values: Any) -> Need:
    """A stored need with every field filled; `state` decides which instants are set."""
    enterprise = enterprise or an_enterprise(session)
    state = values.get("state", states.FIRST)
    defaults: dict[str, Any] = {
        "number": f"XQ-2026-{next(_numbers)}", "enterprise_id": enterprise.id, "zone_code": enterprise.region_code,
        "budget_kind": "range", "budget_min_fen": 80_000_000, "budget_max_fen": 120_000_000,
        "contact_name": "测试联系人甲", "contact_phone": "027-88880001", "contact_email": "a@example.test",
        "submitted_at": None if state == states.FIRST else MADE_AT,
        "confirmed_at": None if state in BEFORE_CONFIRMATION else MADE_AT,
        "created_at": MADE_AT, "updated_at": MADE_AT,
    }  # fmt: skip
    need = Need(**SECRETS | OPEN_FACTS | defaults | values)
    need.title_folded, need.masked_title_folded = fold(need.title), fold(need.masked_title or "")
    need.signature = duplicates.signature(f"{need.title}\n{need.problem or ''}")
    session.add(need)
    session.flush()
    return need


def a_need_body(**fields: Any) -> dict[str, Any]:
    """A complete body for draftNeed; a field given as None is left out."""
    body = {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in (SECRETS | OPEN_FACTS).items()
    } | {
        "budget": {"kind": "range", "min_fen": 80_000_000, "max_fen": 120_000_000},
        "contact": {"name": "测试联系人甲", "phone": "027-88880001", "email": "a@example.test"},
    }
    return {name: value for name, value in (body | fields).items() if value is not None}
