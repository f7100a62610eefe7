"""Why an application is not funded, and what is selected anew beside what stands. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from finance_net.rounds.round import Round
from finance_net.rounds.selecting import Selection, select


@dataclass(frozen=True)
class WhyNot:
    """What funding one more application would cost: score lost, who would go, who would come with it, who would be paid less.

    `conflict` names limits that rule it out altogether; then there is nothing else to tell.
    """

    score_lost: int
    displaced: tuple[str, ...]
    joining: tuple[str, ...]
    cut_fen: Mapping[str, int]
    conflict: tuple[str, ...] = ()


def not_funded(asked: Round, selection: Selection) -> list[str]:
    """Ids of the applications that took part and are not funded, in the order of ids."""
    return [each.id for each in asked.applications if each.id not in selection.amounts]


def why_not(asked: Round, selection: Selection, wanted: str) -> WhyNot:
    """The best selection that funds `wanted` held against the best there is; ValueError for one that is funded or unknown.

    Where the round has no selection at all, what it contradicts rules out everybody.
    """
    if wanted not in not_funded(asked, selection):
        raise ValueError(f"{wanted} is funded, or is no application of the round")
    if selection.conflict:
        return WhyNot(0, (), (), {}, selection.conflict)
    with_it = select(replace(asked, must=asked.must | {wanted}))
    if with_it.conflict:
        return WhyNot(0, (), (), {}, with_it.conflict)
    before, after = selection.amounts, with_it.amounts
    return WhyNot(
        selection.score - with_it.score,
        tuple(sorted(before.keys() - after.keys())),
        tuple(sorted(after.keys() - before.keys() - {wanted})),
        {
            each: before[each] - after[each]
            for each in sorted(before.keys() & after.keys())
            if after[each] < before[each]
        },
    )


def beside(asked: Round, standing: Mapping[str, int], out: Collection[str]) -> Round:
    """The round without `out`, in which what stands keeps its amounts (fen, by id) whatever else is funded.

    A prerequisite that is out takes with it whoever needs it, unless that stands: it was funded by the rules of its day.
    """
    applications = tuple(
        replace(each, min_fen=standing[each.id], max_fen=standing[each.id]) if each.id in standing else each
        for each in asked.applications
        if each.id not in out
    )
    left = {each.id for each in applications}
    requires = frozenset(
        (needy, needed) for needy, needed in asked.requires if needy in left and needy not in standing
    )
    orphans = {needy for needy, needed in requires if needed not in left}
    if orphans:
        return beside(replace(asked, requires=requires), standing, {*out, *orphans})
    return replace(asked, applications=applications, requires=requires, must=frozenset(standing))
