"""What of awards stands in the world: one of the poster's enterprise whose tranches stand in each step of their lives."""

from typing import Any

from sqlalchemy.orm import Session

from backbone.directory.models import Enterprise
from finance_net.awards.claiming import attach_evidence
from finance_net.awards.reconciliation.models import BankStatement
from tests.factories.awards import an_award_desk
from tests.factories.files import a_pdf
from tests.factories.ledger import AT, WAN

INVOICE = {"kind": "invoice", "title": "发票", "ref": None}


def awards_of(session: Session, enterprise: Enterprise, **values: Any) -> dict[str, Any]:
    """By name; all managers are nobody of the matrix. `values` are those of the applications."""
    fresh, desk = (an_award_desk(session, now=AT, applicant=enterprise, **values) for _ in range(2))
    desk.planned(10 * WAN, 5 * WAN, 5 * WAN, 5 * WAN, 5 * WAN, 10 * WAN, conditions=[INVOICE])
    proved, settled, exported, proposed, approved, claimed = desk.tranches
    document = attach_evidence(
        session, desk.member, proved.id, condition=1, name="发票.pdf", content=a_pdf("发票"), now=AT
    )
    mistaken = attach_evidence(
        session, desk.member, proved.id, condition=1, name="误传.pdf", content=a_pdf("误传"), now=AT
    )
    for tranche in (settled, exported, proposed, approved):
        desk.approved(tranche.ordinal)
    desk.claimed(claimed.ordinal)
    batches = [
        desk.exported(settled.ordinal),
        desk.exported(exported.ordinal),
        desk.instructed(proposed.ordinal),
    ]
    payments = {each.batch_id: each for each in desk.payments}
    paid, sent, _ = (payments[batch.id] for batch in batches)
    desk.answered(desk.line("settled", paid))
    return {
        "seasons": [fresh.season, desk.season], "payments": desk.payments, "fresh": fresh.award, "planned": fresh.tranches[0], "award": desk.award, "proved": proved, "document": document, "mistaken": mistaken,
        "claimed": claimed, "approved": approved, "settled": paid, "sent": sent, "exported": batches[1], "proposed": batches[2],
        "fund": desk.season.treasury.fund, "answer": desk.answer(desk.line("settled", sent)), "enterprise": enterprise,
        "difference": (difference := desk.difference()), "statement": session.get_one(BankStatement, difference.statement_id), "suggested": desk.clawback(paid, 1, is_approved=False),
        "recovery": desk.recovery(desk.clawback(paid, 3)), "expected": desk.clawback(paid, 2), "effect": desk.effects[0],
    }  # fmt: skip
