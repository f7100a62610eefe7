"""Why a round cannot be filled: limits of which each is needed for the contradiction. Pure."""

from collections.abc import Sequence

from finance_net.rounds.programme import Programme
from finance_net.rounds.round import Round, limits_of


def conflict_of(asked: Round) -> tuple[str, ...]:
    """Names of a minimal set of limits that no selection keeps together, in their order; of an infeasible round.

    Found by halves (QuickXplain), which takes few solves where a round has hundreds of limits and few of them matter. Of
    several minimal sets the one of the earlier names is told.
    """
    names = [limit.name for limit in limits_of(asked)]
    names += [f"requires:{needy}:{needed}" for needy, needed in sorted(asked.requires)]

    def contradict(kept: Sequence[str]) -> bool:
        return not Programme(asked, without=set(names).difference(kept)).is_feasible()

    def needed(background: list[str], suspects: list[str], *, added: bool) -> list[str]:
        """Of the suspects, those that contradict each other on top of the background."""
        if added and contradict(background):
            return []
        if len(suspects) == 1:
            return suspects
        half = len(suspects) // 2
        first, second = suspects[:half], suspects[half:]
        later = needed([*background, *first], second, added=bool(first))
        earlier = needed([*background, *later], first, added=bool(later))
        return [*earlier, *later]

    return tuple(needed([], names, added=False))
