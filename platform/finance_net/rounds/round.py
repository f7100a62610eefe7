"""A round of grants as a selection sees it: limits and applications, in fen. Values only."""

from collections.abc import Mapping
from dataclasses import dataclass

from backbone.money import BASIS_POINTS


@dataclass(frozen=True)
class Category:
    """What a category is paid lies between both; `max_fen` None is without a limit. A minimum holds even for nobody."""

    id: str
    min_fen: int
    max_fen: int | None


@dataclass(frozen=True)
class Application:
    """Funded with `min_fen` to `max_fen` in whole steps, or not at all; a `score` of 0 or more.

    Where a `user` is named, `user_share` (basis points) of what is paid is the user's and the rest the enterprise's.
    """

    id: str
    enterprise: str
    category: str
    groups: frozenset[str]
    score: int
    min_fen: int
    max_fen: int
    user: str | None = None
    user_share: int = 0

    @property
    def parts(self) -> Mapping[str, int]:
        """Whose is how much of what is paid, in basis points; without whoever gets nothing of it."""
        both = {self.enterprise: BASIS_POINTS - self.user_share}
        if self.user is not None:
            both[self.user] = self.user_share
        return {name: part for name, part in both.items() if part}


@dataclass(frozen=True)
class Round:
    """Applications in the order of their ids. `groups` tells how many of each may be funded; `requires` (a, b): a needs b.

    `must` are ids that are funded in any case: what stands when the rest is selected anew, or a question "and if".
    """

    budget_fen: int
    step_fen: int
    enterprise_cap_fen: int | None
    categories: Mapping[str, Category]
    groups: Mapping[str, int]
    requires: frozenset[tuple[str, str]]
    applications: tuple[Application, ...]
    must: frozenset[str] = frozenset()

    def steps(self, application: Application) -> tuple[int, int]:
        """Fewest and most whole steps; fewest above most where no whole step fits, so that it cannot be funded."""
        return self.up(application.min_fen), self.down(application.max_fen)

    def up(self, fen: int) -> int:
        """A minimum in steps."""
        return -(-fen // self.step_fen)

    def down(self, fen: int) -> int:
        """A maximum in steps."""
        return fen // self.step_fen


@dataclass(frozen=True)
class Limit:
    """One limit of a round: at least and at most so many steps, or so many applications, over some applications.

    `counts` tells applications from steps. `name` is what a conflict calls it. With `parts` only so many basis points of each
    application's steps count, and the limit is in basis points of a step.
    """

    name: str
    over: tuple[int, ...]
    least: int | None
    most: int | None
    counts: bool = False
    parts: tuple[int, ...] = ()

    def weights(self) -> tuple[int, ...]:
        """By what each of `over` counts."""
        return self.parts or (1,) * len(self.over)


def limits_of(asked: Round) -> tuple[Limit, ...]:
    """Every limit by its name, `requires:a:b` aside, which ties two applications and limits no sum."""
    every = tuple(range(len(asked.applications)))
    found = [Limit("budget", every, None, asked.down(asked.budget_fen))]
    for name, category in sorted(asked.categories.items()):
        over = tuple(at for at in every if asked.applications[at].category == name)
        if category.min_fen > 0:
            found.append(Limit(f"category:{name}:min", over, asked.up(category.min_fen), None))
        if category.max_fen is not None:
            found.append(Limit(f"category:{name}:max", over, None, asked.down(category.max_fen)))
    for name, most in sorted(asked.groups.items()):
        over = tuple(at for at in every if name in asked.applications[at].groups)
        found.append(Limit(f"group:{name}", over, None, most, counts=True))
    if asked.enterprise_cap_fen is not None:
        found += _caps(asked, asked.enterprise_cap_fen)
    for at, each in enumerate(asked.applications):
        if each.id in asked.must:
            found.append(Limit(f"must:{each.id}", (at,), 1, None, counts=True))
    return tuple(found)


def _caps(asked: Round, cap_fen: int) -> list[Limit]:
    """One for each enterprise over its parts of what is paid, as maker and as user; one for both over each application of two.

    Parts are counted exactly, before anybody rounds them to fen: what is paid is then at most half a fen of each award away, and
    nothing where a step is a multiple of a hundred yuan.
    """
    parts: dict[str, dict[int, int]] = {}
    for at, each in enumerate(asked.applications):
        for name, part in each.parts.items():
            parts.setdefault(name, {})[at] = part
    found = []
    for name, of in sorted(parts.items()):
        if set(of.values()) == {BASIS_POINTS}:
            found.append(Limit(f"enterprise:{name}", tuple(of), None, asked.down(cap_fen)))
        else:
            reach = sum(
                asked.applications[at].max_fen for at in of
            )  # a cap beyond it binds nobody, and stays in 64 bits
            most = min(cap_fen, reach) * BASIS_POINTS // asked.step_fen
            found.append(Limit(f"enterprise:{name}", tuple(of), None, most, parts=tuple(of.values())))
    for at, each in enumerate(asked.applications):
        if each.user is not None:
            found.append(Limit(f"both:{each.id}", (at,), None, asked.down(cap_fen)))
    return found
