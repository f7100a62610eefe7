"""The published loans, and how far they fit an enterprise: by the clauses of the policy behind each, with its reasons.

Nothing is computed of how much a bank would lend: what was not published is said as words.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from backbone.actor import Actor
from backbone.clock import local_date
from backbone.errors import Bilingual, NotFound
from finance_net.credit.permissions import enterprise_read_by
from finance_net.credit.published import Product, products
from policy_pack.engine.evaluate import evaluate
from policy_pack.engine.facts import Facts
from policy_pack.policies.reading import InForce, in_force_on
from policy_pack.subjects.service import facts_of
from sky_net.needs.reading import read_need

ASKS_FOR_MONEY = Bilingual("该需求提出了融资意愿", "The need says that it wants funding")
ASKS_FOR_NONE = Bilingual(
    "该需求未提融资意愿，仍按企业情况列出",
    "The need says nothing of funding; listed by the enterprise's facts",
)
NOT_SHOWN = Bilingual("该需求的融资意愿不向您展示", "Whether the need wants funding is not shown to you")
NOT_ON_RECORD = Bilingual(
    "政策 {policy} 尚未登记，无法对照", "Policy {policy} is not on record, so that nothing can be compared"
)


def list_products(asked: Mapping[str, Any], today: date) -> dict[str, Any]:
    """What was published by a day, today by default."""
    day: date = asked.get("as_of_on") or today
    return {"as_of_on": day, "items": _published_by(day)}


def match_enterprise(
    session: Session, actor: Actor, enterprise_id: UUID, asked: Mapping[str, Any], *, now: datetime
) -> dict[str, Any]:
    """How each published loan fits an enterprise, and whether a need of it says that it wants money; raises NotFound."""
    enterprise_read_by(session, actor, enterprise_id)
    day: date = asked.get("as_of_on") or local_date(now)
    said = _said_by_need(session, actor, enterprise_id, asked["need_id"]) if asked.get("need_id") else None
    facts, _ = facts_of(session, enterprise_id, day)
    shown = _published_by(day)
    known = {each.policy.id: each for each in in_force_on(session, day, [each.policy for each in shown])}
    items = [{"product": each, "match": _match(each, known.get(each.policy), facts, day)} for each in shown]
    return {"as_of_on": day, "items": items, "need_says": said}


def _published_by(day: date) -> list[Product]:
    return [each for each in products().values() if each.as_of_on <= day]


def _said_by_need(session: Session, actor: Actor, enterprise_id: UUID, need_id: UUID) -> Bilingual:
    """In the reader's view: whose a masked need is, is told to nobody here."""
    reading = read_need(session, actor, need_id)
    if reading.view != "full":
        return NOT_SHOWN
    if reading.need.enterprise_id != enterprise_id:
        raise NotFound()
    return ASKS_FOR_MONEY if reading.need.funding_wish else ASKS_FOR_NONE


def _match(product: Product, counting: InForce | None, facts: Facts, day: date) -> dict[str, Any]:
    if counting is None:
        return {
            "outcome": "not_in_force",
            "reasons": [],
            "missing": [],
            "note": NOT_ON_RECORD.format(policy=product.policy),
        }
    evaluation = evaluate(counting.policy, facts, day)
    words = {clause.id: clause.text for clause in counting.policy.clauses}
    reasons = [
        {"clause": each.id, "text": words[each.id], "result": str(each.result)} for each in evaluation.clauses
    ]
    missing = sorted({key for keys in evaluation.missing for key in keys})
    return {"outcome": str(evaluation.outcome), "reasons": reasons, "missing": missing, "note": None}
