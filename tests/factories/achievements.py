"""Offers for tests: `an_achievement(session, institute=..., title=..., trl=...)`, `an_entry(institute)` for HTTP."""

from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from backbone.directory.models import Institute
from sky_net.achievements.models import Achievement
from sky_net.achievements.text import searchable_text
from sky_net.achievements.vocabulary import stage_of
from tests.factories.directory import an_institute

MADE_AT = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
CONFIRMED_ON = date(2026, 1, 5)
_numbers = count(1)


def an_achievement(session: Session, *, institute: Institute | None = None, **values: Any) -> Achievement:
    """A stored offer, visible and current for a year from 2026-01-05, of a new institute unless one is given."""
    n = next(_numbers)
    institute = institute or an_institute(session)
    defaults: dict[str, Any] = {
        "number": f"CG-1990-{n:06d}", "kind": "achievement", "state": "visible", "institute_id": institute.id,
        "zone_code": institute.region_code, "region_code": institute.region_code, "title": f"测试成果{n}",
        "industry": "opto", "summary": f"第{n}项测试成果的摘要", "keywords": [], "indicators": [], "forms": [], "ip": [],
        "use_cases": [], "transfer_modes": ["licence"], "trl": 6, "secrecy": "open", "price_kind": "negotiable",
        "contact_name": "张测试", "contact_phone": "027-00000002", "contact_email": "zhang@example.org",
        "last_confirmed_on": CONFIRMED_ON, "created_at": MADE_AT, "updated_at": MADE_AT,
    }  # fmt: skip
    columns = defaults | values
    if "stage" not in columns:
        columns["stage"] = stage_of(columns["trl"])
    columns.setdefault("valid_until_on", columns["last_confirmed_on"] + timedelta(days=365))
    row = Achievement(**columns)
    row.folded = searchable_text(row)
    session.add(row)
    session.flush()
    return row


def an_entry(institute: Institute, **values: Any) -> dict[str, Any]:
    """The body of registerAchievement with every field given."""
    entry: dict[str, Any] = {
        "institute_id": str(institute.id), "kind": "achievement", "title": "蓝光激光焊接紫铜的测试工艺",
        "registration_number": "2026-DJ-0001", "lab": "测试激光实验室", "team": "测试团队", "keywords": ["激光焊接", "紫铜"],
        "industry": "opto", "tech_field": "激光加工", "summary": "用蓝光预热熔池，飞溅颗粒明显减少。",
        "problem_solved": "红外激光焊铜吸收率低", "gain": "与红外单光束相比飞溅减少86%", "cost_benefit": "每米节省12元",
        "indicators": [{"name": "飞溅颗粒数", "value": "≤6", "unit": "粒/m"}], "trl": 7,
        "trl_evidence": "试制线连续焊接四万件", "attribute": "original", "forms": ["process", "equipment"],
        "level_claimed": "domestic_leading", "level_evaluator": "测试评价机构",
        "ip": [{"type": "发明专利", "number": "ZL000000000001.X", "status": "已授权", "owner": "测试大学",
                "expires_on": "2041-05-01"}],
        "funder": "测试科技计划", "secrecy": "open", "use_cases": ["导电排拼焊"], "transfer_modes": ["licence", "service"],
        "price": {"kind": "range", "min_fen": 60_000_000, "max_fen": 130_000_000}, "try_before_pay": True,
        "open_licence": False, "inventor_share_percent": 70, "inventor_use_years": 10, "pilot_need": "需要中试线两个月",
        "contact": {"name": "张测试", "phone": "027-00000002", "email": "zhang@example.org"},
    }  # fmt: skip
    return entry | values
