"""Organisations for tests: `an_enterprise(session, name=..., region_code=...)`, `an_institute(session, ...)`.

Chains as well: `a_chain(session, name=...)`, `a_part(session, chain, enterprise_id=...)`; `a_fact(session, enterprise)`, and
`an_expert(session, institute, name=..., consents=True)`.
"""

from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from backbone.directory.chains.models import Chain, ChainPart
from backbone.directory.credit_code import check_character
from backbone.directory.experts.models import Expert, ExpertConsent
from backbone.directory.facts.models import EnterpriseFact
from backbone.directory.models import Enterprise, Institute

MADE_AT = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
_numbers = count(1)


def a_credit_code(n: int | None = None) -> str:
    """The n-th valid credit code of tests (another one at every call without n)."""
    first_17 = f"91420100MA4K{next(_numbers) + 50_000 if n is None else n:05d}"
    return first_17 + check_character(first_17)


def an_enterprise(session: Session, **values: Any) -> Enterprise:
    """A stored enterprise in Wuhan."""
    defaults: dict[str, Any] = {
        "name": f"测试企业{next(_numbers)}", "credit_code": a_credit_code(), "region_code": "420100", "industry": "opto",
        "contact_name": "测试联系人", "contact_phone": "027-00000000", "labels": [],
        "created_at": MADE_AT, "updated_at": MADE_AT,
    }  # fmt: skip
    return _stored(session, Enterprise(**defaults | values))


def an_institute(session: Session, **values: Any) -> Institute:
    """A stored university in Wuhan."""
    defaults: dict[str, Any] = {
        "name": f"测试院所{next(_numbers)}", "credit_code": a_credit_code(), "region_code": "420100",
        "type": "university", "contact_name": "转化办", "contact_phone": "027-00000001",
        "labs": [], "pilot_lines": [], "created_at": MADE_AT, "updated_at": MADE_AT,
    }  # fmt: skip
    return _stored(session, Institute(**defaults | values))


def a_chain(session: Session, **values: Any) -> Chain:
    """A stored open chain of optoelectronics."""
    defaults: dict[str, Any] = {
        "name": f"测试产业链{next(_numbers)}", "industries": ["opto"], "source": "测试文件", "as_of_on": date(2026, 1, 5),
        "created_at": MADE_AT, "updated_at": MADE_AT,
    }  # fmt: skip
    return _stored(session, Chain(**defaults | values))


def a_part(session: Session, chain: Chain, **values: Any) -> ChainPart:
    """A stored part in the chain: of the enterprise or institute given, else an office that leads it."""
    part = "master" if "enterprise_id" in values else "innovator" if "institute_id" in values else "lead"
    office = {"title": "测试厅长", "organisation": "测试厅"} if part == "lead" else {}
    defaults: dict[str, Any] = {
        "chain_id": chain.id, "part": part, "since_on": date(2026, 1, 5), "source": "测试文件", "appointed_at": MADE_AT, **office,
    }  # fmt: skip
    row: ChainPart = _stored(session, ChainPart(**defaults | values))
    session.expire(chain, ["parts"])
    return row


def a_fact(session: Session, enterprise: Enterprise, **values: Any) -> EnterpriseFact:
    """A stored fact: a revenue of ten million yuan in 2025."""
    defaults: dict[str, Any] = {
        "enterprise_id": enterprise.id, "kind": "revenue", "value": 1_000_000_000, "as_of_on": date(2025, 12, 31),
        "source": "测试审计报告", "said_by": "operator", "created_at": MADE_AT, "updated_at": MADE_AT,
    }  # fmt: skip
    return _stored(session, EnterpriseFact(**defaults | values))


def an_expert(
    session: Session,
    institute: Institute | None = None,
    *,
    consents: bool = True,
    evidence: str = "同意书 1 号",
    **values: Any,
) -> Expert:
    """A stored expert of optoelectronics who consents to be listed, unless said otherwise."""
    institute = institute or an_institute(session)
    n = next(_numbers)
    defaults: dict[str, Any] = {
        "institute_id": institute.id, "region_code": institute.region_code, "name": f"测专家{n}", "phone": f"1390000{n:04d}",
        "email": f"expert{n}@example.test", "title": "研究员", "industries": ["opto"], "tech_fields": ["激光焊接"],
        "keywords": ["紫铜"], "techniques": ["蓝光复合焊"], "trl_from": 3, "trl_to": 7, "languages": ["zh", "en"],
        "conflicts": ["某竞争企业"], "created_at": MADE_AT, "updated_at": MADE_AT,
    }  # fmt: skip
    expert = Expert(**defaults | values)
    expert.fold()
    _stored(session, expert)
    if consents:
        given = {
            "given_on": date(2026, 1, 5),
            "given_by": "institute",
            "evidence": evidence,
            "recorded_at": MADE_AT,
        }
        _stored(session, ExpertConsent(expert_id=expert.id, **given))
        session.expire(expert, ["consents"])
    return expert


def _stored(session: Session, row: Any) -> Any:
    session.add(row)
    session.flush()
    return row
