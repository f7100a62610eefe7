"""Which broker suits a need, each with the reasons; never one who is away or has no room left. Pure.

An own mandate of the enterprise wins over every score; whoever stands in for a broker on leave inherits it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from backbone.errors import Bilingual
from ground_net.routing.defaults import Defaults

FULL, AWAY, EXCLUDED = "full", "away", "excluded"
REFUSALS: Mapping[str, Bilingual] = {
    FULL: Bilingual("在办需求已满", "has no room for another need"),
    AWAY: Bilingual("今日请假", "is on leave today"),
    EXCLUDED: Bilingual("企业已独家委托他人", "another broker has the enterprise's exclusive mandate"),
}


@dataclass(frozen=True)
class Wish:
    """What a need asks of its broker; an empty one asks nothing."""

    industry: str | None = None
    tech_field: str | None = None
    languages: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Candidate:
    """A broker of the need's zone as of today. `deputy_id` stands in while `is_away`, None where nobody is there.

    `cases` are the needs that came to a broker, `successes` those for which somebody was found.
    """

    account_id: UUID
    capacity: int
    load: int
    industries: frozenset[str] = frozenset()
    tech_fields: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    cases: int = 0
    successes: int = 0
    is_away: bool = False
    deputy_id: UUID | None = None
    is_mandated: bool = False
    is_exclusive: bool = False


@dataclass(frozen=True)
class FitReason:
    """One thing that speaks for a broker, with its points; those of a mandate are none: it goes first."""

    name: str
    points: int
    why: Bilingual


@dataclass(frozen=True)
class Fit:
    """A broker who may take the need, with the reasons."""

    account_id: UUID
    score: int
    goes_first: bool
    reasons: tuple[FitReason, ...]


@dataclass(frozen=True)
class Choice:
    """The brokers who may take the need, best first; and why the others do not, by account."""

    fits: tuple[Fit, ...]
    refused: Mapping[UUID, str]


def choose(wish: Wish, candidates: Collection[Candidate], defaults: Defaults) -> Choice:
    """Rank the candidates; equal ones in order of their ids."""
    ordered = sorted(candidates, key=lambda each: each.account_id)
    mandated, is_exclusive = _mandated(ordered)
    refused = {each.account_id: why for each in ordered if (why := _refusal(each, mandated, is_exclusive))}
    average = _average(ordered)
    stands_in = {each.deputy_id for each in ordered if each.is_away}
    fits = [
        _fit(wish, each, each.account_id in mandated, each.account_id in stands_in, average, defaults)
        for each in ordered
        if each.account_id not in refused
    ]
    return Choice(
        tuple(sorted(fits, key=lambda each: (not each.goes_first, -each.score, each.account_id))), refused
    )


def trusted_rate(candidate: Candidate, average: float, cases_to_trust: int) -> float:
    """The share of cases that came to something, drawn to the average the fewer there are."""
    weight = candidate.cases + cases_to_trust
    return (candidate.successes + cases_to_trust * average) / weight if weight else average


def _mandated(candidates: Sequence[Candidate]) -> tuple[set[UUID], bool]:
    holders = [each for each in candidates if each.is_mandated]
    present = {each.deputy_id if each.is_away and each.deputy_id else each.account_id for each in holders}
    return present, any(each.is_exclusive for each in holders)


def _refusal(candidate: Candidate, mandated: Collection[UUID], is_exclusive: bool) -> str | None:
    if candidate.is_away:
        return AWAY
    if candidate.load >= candidate.capacity:
        return FULL
    return EXCLUDED if is_exclusive and candidate.account_id not in mandated else None


def _average(candidates: Sequence[Candidate]) -> float:
    cases = sum(each.cases for each in candidates)
    return sum(each.successes for each in candidates) / cases if cases else 0.0


def _fit(
    wish: Wish, candidate: Candidate, is_mandated: bool, stands_in: bool, average: float, defaults: Defaults
) -> Fit:
    most = defaults.fit
    reasons = []
    if is_mandated:
        reasons.append(FitReason("mandate", 0, Bilingual("企业已委托", "holds the enterprise's mandate")))
    if stands_in:
        reasons.append(
            FitReason("deputy", 0, Bilingual("代理请假的经纪人", "stands in for a broker on leave"))
        )
    if wish.industry in candidate.industries:
        reasons.append(FitReason("industry", most["industry"], Bilingual("熟悉该产业", "knows the industry")))
    if wish.tech_field and any(_overlap(wish.tech_field, known) for known in candidate.tech_fields):
        reasons.append(
            FitReason("tech_field", most["tech_field"], Bilingual("熟悉该技术领域", "knows the field"))
        )
    if wish.languages & candidate.languages:
        reasons.append(
            FitReason("language", most["language"], Bilingual("会所需语言", "speaks the language"))
        )
    room = candidate.capacity - candidate.load
    reasons.append(FitReason(
        "room", most["room"] * room // candidate.capacity,
        Bilingual("在办 {load}，可办 {capacity}", "{load} in hand of {capacity}").format(
            load=candidate.load, capacity=candidate.capacity),
    ))  # fmt: skip
    rate = trusted_rate(candidate, average, defaults.cases_to_trust)
    reasons.append(FitReason(
        "record", int(most["record"] * rate),
        Bilingual("{cases} 项中 {found} 项找到院所", "found somebody for {found} of {cases}").format(
            cases=candidate.cases, found=candidate.successes),
    ))  # fmt: skip
    return Fit(candidate.account_id, sum(each.points for each in reasons), is_mandated, tuple(reasons))


def _overlap(one: str, other: str) -> bool:
    return bool(one and other) and (one in other or other in one)
