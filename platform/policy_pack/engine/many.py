"""All policies for many subjects: as `evaluate`, and remembered by the facts that a policy can read at all.

Most subjects are alike to most policies: who has no product has no product's price either.
"""

from collections.abc import Iterator
from datetime import date

from policy_pack.engine.dictionary import DICTIONARY
from policy_pack.engine.evaluate import evaluate
from policy_pack.engine.evaluation import Evaluation
from policy_pack.engine.facts import Facts, Gap, Value
from policy_pack.engine.judging import Dictionary
from policy_pack.engine.policy import Amount, Pack, Policy
from policy_pack.engine.tree import keys_of, keys_of_term

REMEMBERED = 10_000
"""Evaluations kept of each policy; past that it starts over."""


class Many:
    """Evaluates a pack on one day of application."""

    def __init__(self, pack: Pack, as_of: date, *, dictionary: Dictionary = DICTIONARY) -> None:
        self._as_of = as_of
        self._dictionary = dictionary
        self._kept: list[tuple[Policy, tuple[str, ...], dict[tuple[Value | Gap, ...], Evaluation]]] = [
            (policy, facts_of(policy), {}) for policy in pack.policies.values()
        ]

    def evaluate(self, facts: Facts) -> Iterator[Evaluation]:
        """Every policy of the pack, in its order."""
        for policy, keys, kept in self._kept:
            read = tuple(map(facts.of, keys))
            found = kept.get(read)
            if found is None:
                if len(kept) >= REMEMBERED:
                    kept.clear()
                found = kept[read] = evaluate(policy, facts, self._as_of, dictionary=self._dictionary)
            yield found


def facts_of(policy: Policy) -> tuple[str, ...]:
    """Every fact that an evaluation of the policy can depend on: those of its clauses and those of its amount."""
    return tuple(dict.fromkeys((*policy.reads, *_facts_of_amount(policy.amount))))


def _facts_of_amount(amount: Amount | None) -> Iterator[str]:
    if amount is None:
        return
    if amount.base is not None:
        yield from keys_of_term(amount.base)
    conditions = [cap.when for cap in amount.caps] + [amount.floor.unless if amount.floor else None]
    for condition in conditions:
        if condition is not None:
            yield from keys_of(condition)
