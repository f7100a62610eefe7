"""What would make a subject eligible: the cheapest sets of changes, or why there is none.

A way is a set of facts to change (or to show, where nobody knows them) and perhaps a day to wait for. Of two ways one
is left out if the other touches no more and costs no more; so every way that is told is the cheapest that touches its
facts alone, and none of its steps can be spared. Every way is evaluated again before it is told.

Declared rules: known days, and facts that the dictionary says never change, are left alone; a number that is known
stays known; facts that are absent may come to be where the dictionary lets them rise; what nobody knows costs nothing
to show; thirty days of waiting cost one.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from policy_pack.engine.advice import Act, Obstacle, Recourse, Step, Way
from policy_pack.engine.choices import Choice, days_around, nearest
from policy_pack.engine.definition import Change, Definition
from policy_pack.engine.demands import MOST_WAYS, Demand, joined, ways_to_hold
from policy_pack.engine.demands import Way as Asked
from policy_pack.engine.evaluate import evaluate
from policy_pack.engine.evaluation import Outcome, Truth
from policy_pack.engine.facts import Facts, Gap
from policy_pack.engine.interval import Interval, bounds_of
from policy_pack.engine.linear import Line
from policy_pack.engine.moves import Moved
from policy_pack.engine.numbers import Numbers
from policy_pack.engine.obstacles import obstacles_of
from policy_pack.engine.policy import Clause, Policy
from policy_pack.engine.tree import Compare, Leaf, WithinYearsAfter, YearsBefore, keys_of, leaves
from policy_pack.engine.truth import truth_of

COST_OF_A_DAY = Fraction(1, 30)
_GRANTED = (Outcome.ELIGIBLE, Outcome.NEEDS_REVIEW)


def recourse(policy: Policy, facts: Facts, as_of: date, dictionary: Mapping[str, Definition]) -> Recourse:
    """The ways to the policy from the cheapest on, or the obstacles where there is none."""
    search = Search(policy, facts, as_of, dictionary)
    ways, complete = search.ways(policy.clauses)
    judged = any(clause.when is None for clause in policy.clauses)
    obstacles: tuple[Obstacle, ...] = ()
    if not ways:
        day = next(iter(search.days(())), None)
        obstacles = obstacles_of(policy, facts, day, dictionary, search.can_hold)
    leads_to = Outcome.NEEDS_REVIEW if judged else Outcome.ELIGIBLE
    return Recourse(policy.id, ways, obstacles, leads_to, complete)


@dataclass(frozen=True)
class Search:
    """One subject before one policy, as of the day of asking."""

    policy: Policy
    facts: Facts
    as_of: date
    dictionary: Mapping[str, Definition]

    def ways(self, clauses: Sequence[Clause]) -> tuple[tuple[Way, ...], bool]:
        """The ways to make these clauses hold, and whether every way was looked at."""
        found: list[Way] = []
        complete = True
        part = replace(self.policy, clauses=tuple(clauses), amount=None)
        for day in self.days(clauses):
            asked = self.asked(clauses, day)
            complete = complete and len(asked) < MOST_WAYS
            for each in asked:
                found.extend(self._ways_of(each, day))
        granted = _undominated(found, lambda way: self._grants(part, way))
        return tuple(_undominated(self._spared(part, way) for way in granted)), complete

    def can_hold(self, clauses: Sequence[Clause], dictionary: Mapping[str, Definition]) -> bool:
        """Whether these clauses have a way, if the facts could be changed as another dictionary says."""
        return bool(replace(self, dictionary=dictionary).ways(clauses)[0])

    def days(self, clauses: Sequence[Clause]) -> list[date]:
        """The first day on which one may apply, and the later ones on which a clause about a known day comes to hold."""
        validity, first = self.policy.validity, self.as_of
        if validity.first is not None:
            first = max(first, validity.first)
        later = {
            day
            for clause in clauses
            if clause.when
            for leaf in leaves(clause.when)
            for day in self._turns(leaf)
        }
        days = [first, *sorted(day for day in later if day > first)]
        replaced = self.policy.superseded.since if self.policy.superseded else date.max
        return [day for day in days if (validity.last is None or day <= validity.last) and day < replaced]

    def asked(self, clauses: Sequence[Clause], day: date) -> list[Asked]:
        """The ways in which all the clauses can hold on a day."""

        def settled(leaf: Leaf) -> bool | None:
            if any(self.may_change(leaf, key) for key in keys_of(leaf)):
                return None
            return truth_of(leaf, self.facts, day) is Truth.TRUE

        return joined(ways_to_hold(clause.when, settled) for clause in clauses if clause.when is not None)

    def may_change(self, leaf: Leaf, key: str) -> bool:
        """Whether the fact is open, or can be changed at all."""
        now, definition = self.facts.of(key), self.dictionary.get(key)
        if isinstance(leaf, Compare):
            return Numbers(self.facts, self.dictionary).may_move(key)
        if self.facts.is_open(key):
            return True
        return definition is not None and definition.change is not Change.NEVER and not isinstance(now, date)

    def _turns(self, leaf: Leaf) -> Iterator[date]:
        if not isinstance(leaf, YearsBefore | WithinYearsAfter):
            return
        day = self.facts.of(leaf.key)
        if not isinstance(day, date):
            return
        if isinstance(leaf, YearsBefore):
            around = [day, *days_around(day, leaf.years)]
        else:
            around = [date(min(day.year + leaf.years + 1, date.max.year), 1, 1)]
        before = [truth_of(leaf, self.facts, each - timedelta(days=1)) for each in around]
        after = [truth_of(leaf, self.facts, each) for each in around]
        yield from (each for each, was, now in zip(around, before, after, strict=True) if was is not now)

    def _ways_of(self, asked: Asked, day: date) -> Iterator[Way]:
        """The cheapest steps to what is asked, for each set of numbers that may move."""
        compared = [each for each in asked if isinstance(each.leaf, Compare)]
        chosen = self._choices([each for each in asked if not isinstance(each.leaf, Compare)], day)
        if chosen is None:
            return
        for moved, lines, absent in Numbers(self.facts, self.dictionary).moves(_in_order(compared)):
            missing = (Step(key, Act.SHOW, self.facts.of(key), Gap.ABSENT, Fraction(0)) for key in absent)
            steps = (*chosen, *self._moved(moved, lines), *missing)
            waits = day if day > self.as_of else None
            cost = sum((step.cost for step in steps), (day - self.as_of).days * COST_OF_A_DAY)
            yield Way(tuple(sorted(steps, key=lambda step: step.key)), day, waits, cost)

    def _choices(self, demands: Iterable[Demand], day: date) -> list[Step] | None:
        by_key: dict[str, list[Demand]] = {}
        for demand in _in_order(demands):
            by_key.setdefault(demand.leaf.key, []).append(demand)  # type: ignore[union-attr]  # no comparisons here
        steps = []
        for key, about in by_key.items():
            choice = nearest(self.dictionary.get(key), self.facts.of(key), about, day)
            if choice is None:
                return None
            if choice.changes != 0:
                steps.append(self._chosen(key, choice))
        return steps

    def _chosen(self, key: str, choice: Choice) -> Step:
        now, cost = self.facts.of(key), Fraction(0)
        if choice.changes:
            cost = choice.changes * Fraction(self.dictionary[key].cost)
        act = Act.BECOME
        if choice.changes is None:
            act = Act.SHOW
        elif isinstance(choice.to, frozenset):
            held = now if isinstance(now, frozenset) else frozenset()
            act = Act.GAIN if choice.to > held else Act.LOSE if choice.to < held else Act.BECOME
        return Step(key, act, now, choice.to, cost, choice.or_else)

    def _moved(self, moved: Moved, lines: list[Line]) -> Iterator[Step]:
        for key, to in moved.to.items():
            now = self.facts.of(key)
            if isinstance(now, Decimal) and Fraction(now) == to:
                continue
            start = Fraction(now) if isinstance(now, Decimal) else Fraction(0)
            act = Act.SHOW if self.facts.is_open(key) else Act.RAISE if to >= start else Act.LOWER
            cost = Fraction(0)
            if act is not Act.SHOW:
                definition = self.dictionary[key]
                cost = abs(to - start) * Fraction(definition.cost) / Fraction(definition.step)
            room = self._room(key, moved, lines)
            yield Step(key, act, now, _decimal(to), cost, least=room.low, most=room.high)

    def _room(self, key: str, moved: Moved, lines: list[Line]) -> Interval:
        """Between which numbers it may lie while the others stay as advised."""
        at = dict(moved.to)
        for other in {each for line in lines for each in line.slopes} - moved.to.keys():
            value = self.facts.of(other)
            at[other] = Fraction(value) if isinstance(value, Decimal) else Fraction(0)
        room = bounds_of(self.dictionary.get(key))
        for line in lines:
            if key in line.slopes:
                room = room.meet(line.leaves_to(key, at))
        return room

    def _grants(self, part: Policy, way: Way) -> bool:
        known = way.applied_to(self.facts)
        return evaluate(part, known, way.day, dictionary=self.dictionary).outcome in _GRANTED

    def _spared(self, part: Policy, way: Way) -> Way:
        """Without steps that turn out not to be needed: facts to show that cannot matter whatever they are."""
        for step in way.steps:
            rest = tuple(each for each in way.steps if each is not step)
            less = replace(way, steps=rest, cost=way.cost - step.cost)
            if self._grants(part, less):
                return self._spared(part, less)
        return way


def _in_order(demands: Iterable[Demand]) -> list[Demand]:
    """The same order in every process, whatever order a set has."""
    return sorted(demands, key=lambda each: (keys_of(each.leaf), str(type(each.leaf)), str(each.wanted)))


def _undominated(ways: Iterable[Way], is_good: Callable[[Way], bool] = lambda _: True) -> list[Way]:
    """The good ones from the cheapest on, without any that another spares: one that asks for no more and costs no more."""
    kept: list[Way] = []
    for way in sorted(ways, key=lambda each: (each.cost, len(each.steps), each.day, sorted(each.asks_for))):
        if not any(_spares(other, way) for other in kept) and is_good(way):
            kept.append(way)
    return kept


def _spares(other: Way, way: Way) -> bool:
    """Whether the one, which is no dearer, touches no fact besides and leaves as much room to what is to be shown."""
    if not other.asks_for <= way.asks_for:
        return False
    by_key = {step.key: step for step in way.steps}
    return all(each.leaves_room_for(by_key[each.key]) for each in other.steps if each.act is Act.SHOW)


def _decimal(number: Fraction) -> Decimal:
    """Exact: advice is given in numbers that can be written down."""
    return Decimal(number.numerator) / Decimal(number.denominator)
