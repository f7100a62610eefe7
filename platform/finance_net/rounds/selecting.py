"""Which applications of a round are funded, and with how much: the one best answer, proven. Pure.

What is best is decided in this order, each settled before the next is asked (one solve each: a single objective with
giant weights would leave 64 bits, and nobody could re-check it):

1. the sum of the scores of the funded, 2. how many are funded, 3. how much is paid,
4. the smallest sorted list of ids, 5. the amounts, in the order of the ids each as large as possible.

The answer is unique, so it depends on neither the order of the input nor the solver's luck.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from finance_net.rounds.conflicts import conflict_of
from finance_net.rounds.programme import Programme
from finance_net.rounds.round import Round

AT_ONCE = 16
"""Ids decided by one solve, as the digits of one number: a wrong first id outweighs all later ones."""


@dataclass(frozen=True)
class Selection:
    """Amounts in fen by id, in the order of ids; of an infeasible round none, and limits that contradict each other."""

    score: int
    amounts: dict[str, int]
    conflict: tuple[str, ...] = ()

    @property
    def status(self) -> str:
        """`optimal`, proven, or `infeasible`."""
        return "infeasible" if self.conflict else "optimal"


def select(asked: Round) -> Selection:
    """The best selection, or a minimal set of limits that no selection keeps together."""
    programme = Programme(asked)
    if not programme.is_feasible():
        return Selection(0, {}, conflict_of(asked))
    chosen, paid = programme.chosen, programme.paid
    scores = [application.score for application in asked.applications]
    programme.settle(list(zip(scores, chosen, strict=True)))
    programme.settle([(1, funded) for funded in chosen])
    programme.settle([(1, steps) for steps in paid])
    for start in range(0, len(chosen), AT_ONCE):
        _earliest(programme, range(start, min(start + AT_ONCE, len(chosen))))
    for at in range(len(paid)):
        programme.raise_to_most(at)
    return Selection(
        sum(score for at, score in enumerate(scores) if programme.is_funded(at)),
        {
            each.id: programme.steps(at) * asked.step_fen
            for at, each in enumerate(asked.applications)
            if programme.is_funded(at)
        },
    )


def _earliest(programme: Programme, ids: Sequence[int]) -> None:
    """Of lists of one length the smallest has the smallest id that any has, then the next: decide these ids so."""
    programme.settle([(1 << (len(ids) - 1 - place), programme.chosen[at]) for place, at in enumerate(ids)])
    for at in ids:
        programme.keep(at)
