"""An evaluation as it is told: what it came to, what it waits for, what to hand in and until when, and how much it pays.

What nobody verified says so with its source, and how much it pays is told to nobody outside office.
"""

from typing import Any

from policy_pack.advice.models import Case
from policy_pack.deadlines import deadline_of
from policy_pack.engine.evaluation import Evaluation, Money
from policy_pack.policies.reading import InForce
from policy_pack.policies.views import label_of
from policy_pack.pushes.service import labels_of


def answered(case: Case, counting: InForce, evaluation: Evaluation) -> dict[str, Any]:
    """The answer about one policy; `withheld` where there is an amount that is not told."""
    policy, shows = counting.policy, case.shows_amount(counting)
    deadline = deadline_of(case.session, policy, case.today)
    words = {clause.id: clause.text for clause in policy.clauses}
    pays = policy.amount is not None or policy.published_cap is not None
    return named(counting) | {
        "outcome": str(evaluation.outcome),
        "clauses": [
            {"id": each.id, "text": words[each.id], "result": str(each.result), "facts": each.facts, "waits_for": each.waits_for}
            for each in evaluation.clauses
        ],
        "missing": evaluation.missing, "missing_labels": [labels_of(keys) for keys in evaluation.missing],
        "disputed": evaluation.disputed, "amount": money(evaluation.amount) if shows else None,
        "withheld": pays and not shows, "see_notice": policy.sees_notice,
        "documents": [document.name for document in policy.documents],
        "apply_from_on": deadline.from_on, "apply_until_on": deadline.until_on,
        "working_days_left": deadline.working_days_left,
    }  # fmt: skip


def named(counting: InForce) -> dict[str, Any]:
    """Which policy it is, in which version, and whether anybody verified it."""
    version, policy = counting.version, counting.policy
    return {
        "policy_id": version.policy_id, "version_id": version.id, "key": policy.id, "name": policy.name,
        "category": str(policy.category), "level": policy.level, "status": policy.status, "reference": policy.reference,
        "verified": version.is_verified, "label": label_of(version, policy),
    }  # fmt: skip


def money(amount: Money | None) -> dict[str, Any] | None:
    """An amount with its formula and steps."""
    if amount is None:
        return None
    return {
        "low_fen": amount.low_fen, "high_fen": amount.high_fen, "formula": amount.formula, "steps": list(amount.steps),
    }  # fmt: skip
