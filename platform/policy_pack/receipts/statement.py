"""What a receipt says, as bytes that come out the same whenever the same evaluation is made again. Pure.

The form is a promise, as that of a chained row is: a change of it, or of what the engine answers, needs a new `ENGINE`.
"""

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import Any

from backbone.chain.content import canonical
from backbone.errors import Bilingual
from policy_pack.engine.evaluation import Evaluation, Judged, Money

ENGINE = "sanwang policy engine 1"


@dataclass(frozen=True)
class Ground:
    """What an evaluation rested on: the text by its hash and the days on which it counted, the day, the facts' digest."""

    policy_key: str
    version_number: int
    text_sha256: str
    counts_from: date | None
    counts_to: date | None
    as_of: date
    facts_digest: str
    is_verified: bool


def statement_of(ground: Ground, evaluation: Evaluation) -> bytes:
    """Ground and answer in canonical JSON: the outcome, every clause, what is missing, and how the amount was reached."""
    said = {
        "engine": ENGINE, "policy": ground.policy_key, "version": ground.version_number, "text": ground.text_sha256,
        "counts": [ground.counts_from, ground.counts_to], "as_of": ground.as_of, "facts": ground.facts_digest,
        "verified": ground.is_verified, "outcome": str(evaluation.outcome),
        "clauses": [_clause(judged) for judged in evaluation.clauses],
        "missing": [list(keys) for keys in evaluation.missing], "disputed": list(evaluation.disputed),
        "amount": None if evaluation.amount is None else _amount(evaluation.amount),
    }  # fmt: skip
    return canonical(said).encode()


def sha256_of(statement: bytes) -> str:
    """The hash by which a statement is known."""
    return hashlib.sha256(statement).hexdigest()


def _clause(judged: Judged) -> dict[str, Any]:
    return {
        "id": judged.id, "result": str(judged.result), "facts": list(judged.facts), "waits_for": list(judged.waits_for),
    }  # fmt: skip


def _amount(money: Money) -> dict[str, Any]:
    return {
        "low_fen": money.low_fen, "high_fen": money.high_fen, "formula": _both(money.formula),
        "steps": [_both(step) for step in money.steps],
    }  # fmt: skip


def _both(sentence: str) -> Any:
    """A sentence in both languages where it has both."""
    if isinstance(sentence, Bilingual):
        return {"zh": sentence.zh, "en": str.__str__(sentence)}
    return sentence
