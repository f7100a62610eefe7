"""Policies for tests: texts as officers upload them, and versions in any state, through the services.

office = an_office(session)
version = a_published_version(office, valid={"from": "2026-01-01"})
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import yaml
from sqlalchemy.orm import Session

import sanwang.models  # noqa: F401  # versions refer to tables that their own package does not import
from backbone.actor import PROVINCE, Actor, Role
from backbone.directory.models import Enterprise
from policy_pack.impacts.models import ImpactEstimate
from policy_pack.impacts.service import ask_for_impact
from policy_pack.policies.models import PolicyOriginal, PolicyVersion
from policy_pack.policies.originals import attach_original, verify_policy
from policy_pack.policies.reading import in_force_on
from policy_pack.policies.service import publish_policy, review_policy, upload_policy
from policy_pack.receipts.models import EvaluationReceipt
from policy_pack.receipts.service import check_policies
from tests.factories.files import a_pdf
from tests.factories.identity import an_actor

AT = datetime(2026, 3, 9, 2, 0, tzinfo=UTC)
MANY_STAFF = {"id": "P801.1", "text": {"zh": "职工总数不少于 10 人", "en": "at least 10 staff"}, "quote": "staff ≥10",
              "when": {"fact": "staff_total", "at_least": 10}}  # fmt: skip
SPENDS = {"id": "P801.2", "text": {"zh": "有研发费用", "en": "spends on R&D"}, "quote": "R&D cost",
          "when": {"fact": "rd_spend", "above": 0}}  # fmt: skip
GRANT = {"benefit": "grant", "words": {"zh": "研发费用 × 10%，最高 200 万元", "en": "10 % of R&D, at most 2 million"},
         "base": "rd_spend", "rate": 0.1, "cap": 200}  # fmt: skip


def a_text(key: str = "P801", **values: Any) -> str:
    """The YAML of a policy read in the press: 10 staff and R&D, ten per cent of it; `grade` and `valid` come by name."""
    document: dict[str, Any] = {
        "id": key, "name": {"zh": "测试研发补助", "en": "Test R&D grant"}, "category": "R", "level": "湖北",
        "status": "live", "source": {"at": "example.test/1", "grade": values.pop("grade", "B"), "read_on": date(2026, 1, 5)},
        "reference": "example.test/1 (B)", "valid": {"words": "undated"}, "complete": True,
        "clauses": [MANY_STAFF, SPENDS], "amount": GRANT,
    }  # fmt: skip
    document |= values
    document = {name: value for name, value in document.items() if value is not None}
    return yaml.safe_dump(_renamed(document, key), allow_unicode=True, sort_keys=False)


def _renamed(document: dict[str, Any], key: str) -> dict[str, Any]:
    """Clauses are called after their policy; days may be given as words."""
    clauses = [{**each, "id": each["id"].replace("P801", key)} for each in document["clauses"]]
    days = {end: date.fromisoformat(day) for end, day in document["valid"].items() if end != "words"}
    return document | {"clauses": clauses, "valid": {"words": "undated", **days}}


@dataclass(frozen=True)
class Office:
    """Two policy officers of the province: nothing is published by one alone."""

    session: Session
    first: Actor
    second: Actor


def an_office(session: Session) -> Office:
    first, second = (an_actor(session, (Role.POLICY_OFFICER, PROVINCE)) for _ in range(2))
    return Office(session, first, second)


def a_draft(office: Office, key: str = "P801", **values: Any) -> PolicyVersion:
    """What the first officer uploaded."""
    return upload_policy(office.session, office.first, a_text(key, **values), f"{key}.yaml", now=AT)


def a_reviewed_version(office: Office, key: str = "P801", **values: Any) -> PolicyVersion:
    """A draft that the second officer approved."""
    return review_policy(
        office.session, office.second, a_draft(office, key, **values).id, approved=True, now=AT
    )


def a_published_version(
    office: Office, key: str = "P801", *, supersedes: UUID | None = None, **values: Any
) -> PolicyVersion:
    """A reviewed version that the first officer published."""
    version = a_reviewed_version(office, key, **values)
    return publish_policy(office.session, office.first, version.id, supersedes=supersedes, now=AT)


def an_original(
    office: Office, version: PolicyVersion, *, signed: bool = False, words: str = "原文"
) -> PolicyOriginal:
    """The original of a version, attached by the first officer and, if wanted, signed by the second."""
    original = attach_original(
        office.session, office.first, version.id, name="原文.pdf", content=a_pdf(words), now=AT
    )
    if signed:
        verify_policy(office.session, office.second, version.id, original_id=original.id, now=AT)
    return original


def an_impact(office: Office, version: PolicyVersion) -> ImpactEstimate:
    """An estimate that the first officer asked for and no job has made yet."""
    return ask_for_impact(office.session, office.first, version.id, as_of=None, now=AT)


def a_receipt(session: Session, enterprise: Enterprise) -> EvaluationReceipt:
    """The enterprise's receipt for the first policy there is; without any, for one made for it."""
    office = an_office(session)
    if not in_force_on(session, AT.date()):
        a_published_version(office)
    return check_policies(session, office.first, enterprise.id, as_of=AT.date(), now=AT).receipts[0]
