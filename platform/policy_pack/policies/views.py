"""A version as HTTP says it: everything that its text says, but what is not verified only to those who may know it."""

from typing import Any

from backbone.actor import Actor
from backbone.errors import Bilingual
from policy_pack.engine.amounts import published_cap_fen
from policy_pack.engine.policy import Amount, Policy
from policy_pack.policies import spelling
from policy_pack.policies.models import PolicyVersion
from policy_pack.policies.permissions import may_read_drafts
from policy_pack.policies.reading import shows_amount, version_line
from policy_pack.policies.states import actions_in
from policy_pack.policies.texts import policy_of

UNVERIFIED = Bilingual("待核实：{reference}", "To be verified: {reference}")


def version_view(version: PolicyVersion, actor: Actor) -> dict[str, Any]:
    """The version; who moved it is told to those who may move it."""
    policy, shows = policy_of(version.wording), shows_amount(version, actor)
    said = version_line(version) | _said(policy) | _how_much(policy, shows=shows)
    said |= {
        "version": version.version, "policy_id": version.policy_id, "key": version.policy.key,
        "label": label_of(version, policy), "text": version.wording.content if shows else None,
        "verification": _verification(version), "published_at": version.published_at, "ended_at": version.ended_at,
        "end_reason": version.end_reason, "actions": actions_in(version.state),
    }  # fmt: skip
    hands = ("uploaded_by", "reviewed_by", "reviewed_at", "review_note", "published_by", "ended_by")
    return said | {name: getattr(version, name) if may_read_drafts(actor) else None for name in hands}


def label_of(version: PolicyVersion, policy: Policy) -> Bilingual | None:
    """What stands beside every answer about a version that nobody verified."""
    return None if version.is_verified else UNVERIFIED.format(reference=policy.reference)


def _said(policy: Policy) -> dict[str, Any]:
    clauses = [
        {
            "id": clause.id, "text": clause.text, "quote": clause.quote, "condition": spelling.condition(clause.when),
            "judged": clause.when is None,
        }
        for clause in policy.clauses
    ]  # fmt: skip
    return {
        "name": policy.name, "category": str(policy.category), "level": policy.level, "status": policy.status,
        "reference": policy.reference, "source": policy.source, "validity_words": policy.validity.words,
        "superseded": policy.superseded, "complete": policy.complete, "clauses": clauses,
        "documents": [document.name for document in policy.documents],
    }  # fmt: skip


def _how_much(policy: Policy, *, shows: bool) -> dict[str, Any]:
    """Amount, cap and notes, which may speak of both; `withheld` where there is something that is not shown."""
    tells = policy.amount is not None or policy.published_cap is not None
    cap = published_cap_fen(policy)
    return {
        "amount": _amount(policy.amount) if shows and policy.amount else None,
        "published_cap_fen": cap if shows else None, "notes": list(policy.notes) if shows else [],
        "withheld": tells and not shows,
    }  # fmt: skip


def _amount(amount: Amount) -> dict[str, Any]:
    return {"benefit": str(amount.benefit), "words": amount.words, "formula": spelling.amount(amount)}


def _verification(version: PolicyVersion) -> dict[str, Any] | None:
    """Who signed which original, and when; None where the source speaks for itself, or nobody signed."""
    signed = version.signed_original
    if signed is None:
        return None
    return {
        "original_id": signed.id, "sha256": signed.sha256, "attached_by": signed.attached_by,
        "signed_by": signed.signed_by, "signed_at": signed.signed_at,
    }  # fmt: skip
