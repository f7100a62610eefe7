import pytest

from policy_pack.engine.evaluation import Truth
from policy_pack.engine.granted import truth_if_granted
from policy_pack.engine.tree import All, AnyOf, Flag, Not, Sign
from tests.factories.read_policies import A_DAY, above, at_least, at_most, compare, facts, has

F, G = Flag("f", True), Flag("g", True)


@pytest.mark.parametrize(
    ("condition", "asked", "known", "truth"),
    [
        (F, [], {"f": True}, Truth.TRUE),
        (F, [F], {"f": False}, Truth.FALSE),
        (F, [], {}, Truth.UNKNOWN),
        (F, [F], {}, Truth.TRUE),
        (F, [Not(F)], {}, Truth.FALSE),
        (F, [AnyOf((F, G))], {}, Truth.UNKNOWN),
        (F, [AnyOf((F, G))], {"g": False}, Truth.TRUE),
        (F, [AnyOf((F, G)), Not(G)], {}, Truth.TRUE),
        (F, [F, Not(F)], {}, Truth.UNKNOWN),
        (All((F, G)), [F], {}, Truth.UNKNOWN),
        (above("a", 3), [at_least("a", 5)], {}, Truth.TRUE),
        (above("a", 3), [at_most("a", 3)], {}, Truth.FALSE),
        (compare("a", Sign.BELOW, 14), [at_least("a", 3)], {}, Truth.UNKNOWN),
        (has("s", "x", "y"), [has("s", "x")], {}, Truth.TRUE),
    ],
)
def test_the_clauses_decide_what_they_leave_one_answer_to(condition, asked, known, truth):
    assert truth_if_granted(condition, asked, facts(**known), A_DAY, {}) is truth
