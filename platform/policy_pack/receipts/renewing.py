"""Asking again what a receipt answered: which matter it was beside, and the same question on another day."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from policy_pack.policies.reading import in_force_on
from policy_pack.policies.texts import policy_of
from policy_pack.receipts.models import EvaluationReceipt
from policy_pack.receipts.service import digest_of, issue, keep_snapshot
from policy_pack.subjects.service import Subject, facts_of, gather_subjects


def subject_of(session: Session, receipt: EvaluationReceipt) -> Subject | None:
    """The enterprise, alone or with the matter that was asked about; None where what is known for the receipt's day has changed since.

    A receipt keeps its facts and no matter: it is the one whose facts are these.
    """
    found = gather_subjects(session, [receipt.enterprise_id], receipt.as_of)
    same = (
        subject for subject, (_, snapshot) in found.items() if digest_of(snapshot) == receipt.snapshot_digest
    )
    return next(same, None)


def renew_receipt(
    session: Session, receipt: EvaluationReceipt, matter_id: UUID | None, *, as_of: date, now: datetime
) -> EvaluationReceipt | None:
    """The receipt of the same policy for the same enterprise on another day, by the text and the facts of that day.

    None where no version of the policy counts on any day any more. For whoever below the API asks for somebody who may; nothing is
    audited here.
    """
    counting = next(iter(in_force_on(session, as_of, [policy_of(receipt.wording).id])), None)
    if counting is None:
        return None
    facts, snapshot = facts_of(session, receipt.enterprise_id, as_of, matter_id)
    kept = keep_snapshot(session, receipt.enterprise_id, snapshot, now=now)
    return issue(session, kept, counting, facts, as_of=as_of, now=now)
