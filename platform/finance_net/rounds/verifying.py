"""A selection checked against its round with integers alone: what it breaks, in names; it knows nothing of the solver."""

from collections.abc import Mapping

from finance_net.rounds.round import Application, Limit, Round, limits_of


def broken_by(asked: Round, amounts: Mapping[str, int]) -> tuple[str, ...]:
    """Names of the limits that amounts (fen by id of the funded) break, and `application:ID` for one unlike its own bounds."""
    known = {each.id: each for each in asked.applications}
    broken = [
        f"application:{name}" for name in sorted(amounts) if not _fits(asked, known.get(name), amounts[name])
    ]
    for limit in limits_of(asked):
        total = _total(asked, limit, amounts)
        if total < (limit.least or 0) or (limit.most is not None and total > limit.most):
            broken.append(limit.name)
    for needy, needed in sorted(asked.requires):
        if needy in amounts and needed not in amounts:
            broken.append(f"requires:{needy}:{needed}")
    return tuple(broken)


def _total(asked: Round, limit: Limit, amounts: Mapping[str, int]) -> int:
    """What counts towards the limit, in its own unit."""
    total = 0
    for at, weight in zip(limit.over, limit.weights(), strict=True):
        paid = amounts.get(asked.applications[at].id)
        if paid is not None:
            total += 1 if limit.counts else weight * (paid // asked.step_fen)
    return total


def _fits(asked: Round, application: Application | None, amount: int) -> bool:
    """Whether it is an application of the round, paid whole steps between its own bounds."""
    return (
        application is not None
        and application.min_fen <= amount <= application.max_fen
        and amount % asked.step_fen == 0
    )
