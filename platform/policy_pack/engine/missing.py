"""Which facts have to be asked for: minimal sets of open facts such that every answer to a set decides."""

from policy_pack.engine.deciding import Settled


def missing_sets(settled: Settled) -> tuple[tuple[str, ...], ...]:
    """One set where the answer is open, none where it is decided.

    Facts take their values independently of each other, so that every deciding set contains each fact that the answer
    turns on, and these together decide: the minimal set is the only one. The shape leaves room for domains with ties
    between facts, where there would be several.
    """
    return (settled.turns_on,) if settled.turns_on else ()
