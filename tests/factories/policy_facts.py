"""Facts of policies for tests: `a_policy_fact(session, enterprise)`, `a_matter(session, enterprise)`, `a_batch(session)`.

Verified policies to be told of: `a_shipped_policy(session, "P8")` of the shipped pack, published by two officers.
"""

from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

import policy_pack
from backbone.directory.models import Enterprise
from policy_pack.batches.models import ANSWERS, PolicyBatch
from policy_pack.policies.models import PolicyVersion
from policy_pack.policies.service import publish_policy, review_policy, upload_policy
from policy_pack.subjects.models import PolicyFact, PolicyMatter
from tests.factories.policy_office import Office, a_published_version, an_office

MADE_AT = datetime(2026, 3, 9, 2, 0, tzinfo=UTC)
PACKS = Path(policy_pack.__file__).parent / "packs"
_numbers = count(1)


def a_matter(session: Session, enterprise: Enterprise, **values: Any) -> PolicyMatter:
    """A stored contract of the enterprise."""
    defaults: dict[str, Any] = {
        "enterprise_id": enterprise.id, "kind": "contract", "reference": f"HT-{next(_numbers)}", "title": "技术开发合同",
        "created_at": MADE_AT, "updated_at": MADE_AT,
    }  # fmt: skip
    return _stored(session, PolicyMatter(**defaults | values))


def a_policy_fact(session: Session, enterprise: Enterprise, **values: Any) -> PolicyFact:
    """A stored fact that the enterprise stated: 40 (万元) spent on innovation services."""
    defaults: dict[str, Any] = {
        "enterprise_id": enterprise.id, "key": "service_spend", "value": {"number": "40"}, "as_of_on": date(2026, 3, 1),
        "source": "服务合同", "said_by": "enterprise", "created_at": MADE_AT, "updated_at": MADE_AT,
    }  # fmt: skip
    return _stored(session, PolicyFact(**defaults | values))


def a_batch(session: Session, **values: Any) -> PolicyBatch:
    """A stored batch over the province that has ended without an enterprise."""
    defaults: dict[str, Any] = {
        "purpose": ANSWERS, "as_of_on": date(2026, 3, 9), "total": 0, "done": 0, "news": 0, "outcomes": {}, "ended_at": MADE_AT,
        "created_at": MADE_AT, "updated_at": MADE_AT,
    }  # fmt: skip
    return _stored(session, PolicyBatch(**defaults | values))


def a_shipped_policy(session: Session, key: str, office: Office | None = None) -> PolicyVersion:
    """A policy of the shipped pack, uploaded, reviewed and published; those with a source of grade A are verified."""
    office = office or an_office(session)
    name = f"P{int(key[1:]):02d}.yaml"
    text = (PACKS / name).read_text("utf-8")
    version = upload_policy(session, office.first, text, name, now=MADE_AT)
    review_policy(session, office.second, version.id, approved=True, now=MADE_AT)
    return publish_policy(session, office.first, version.id, now=MADE_AT)


def a_lasting_policy(
    session: Session, key: str = "P801", office: Office | None = None, **values: Any
) -> PolicyVersion:
    """A verified policy without an end, for jobs, which read the machine's own clock: 30 % of a technology SME's spending."""
    clauses = [
        {"id": f"{key}.1", "text": {"zh": "科技型中小企业", "en": "a technology SME"}, "quote": "科技型中小企业",
         "when": {"fact": "labels", "has": ["科技型中小企业"]}},
        {"id": f"{key}.2", "text": {"zh": "购买服务", "en": "services bought"}, "quote": "服务",
         "when": {"fact": "service_spend", "above": 0}},
    ]  # fmt: skip
    amount = {
        "benefit": "grant",
        "words": {"zh": "支出 × 30%", "en": "30 % of it"},
        "base": "service_spend",
        "rate": 0.3,
        "cap": 20,
    }
    said = {"grade": "A", "clauses": clauses, "amount": amount, **values}
    return a_published_version(office or an_office(session), key, **said)


def _stored(session: Session, row: Any) -> Any:
    session.add(row)
    session.flush()
    return row
