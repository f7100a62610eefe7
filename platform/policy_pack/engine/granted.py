"""What an open condition must come to if the policy is granted: its clauses may leave only one answer.

With an investment of 1,500 and 2,000 asked for, or 1,000 with a label, whoever is granted the award has the label:
what the label does to the floor is decided before anybody asks.
"""

from collections.abc import Iterable, Mapping
from datetime import date

from policy_pack.engine.deciding import can_hold
from policy_pack.engine.definition import Definition
from policy_pack.engine.evaluation import Truth
from policy_pack.engine.facts import Facts
from policy_pack.engine.reducing import reduced
from policy_pack.engine.tree import Condition
from policy_pack.engine.truth import truth_of


def truth_if_granted(
    condition: Condition,
    asked: Iterable[Condition],
    facts: Facts,
    as_of: date,
    dictionary: Mapping[str, Definition],
) -> Truth:
    """The condition where all that is asked for holds; unknown where it may still come out either way, or nothing can."""
    truth = truth_of(condition, facts, as_of)
    if truth is not Truth.UNKNOWN:
        return truth
    clauses = [rest for each in asked if not isinstance(rest := reduced(each, facts, as_of), bool)]

    def may_be(wanted: bool) -> bool:
        rest = reduced(condition, facts, as_of, wanted)
        return rest if isinstance(rest, bool) else can_hold([*clauses, rest], dictionary, as_of)

    may_hold, may_fail = may_be(True), may_be(False)
    if may_hold is may_fail:
        return Truth.UNKNOWN
    return Truth.TRUE if may_hold else Truth.FALSE
