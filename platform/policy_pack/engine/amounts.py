"""How much a policy pays: tiers of a base, a floor, a cap, in exact numbers and rounded once, half up, to the fen.

Everything is reckoned as a span from the least to the most, so that open facts give a range that holds the amount of
every completion that may be granted; what is known throughout gives a span of one number. Every step leaves a line.

Declared rules: a base that is absent, or not above zero, earns nothing, and a floor does not lift it; the floor
comes before the cap; of the caps the first whose condition holds counts, and while that is undecided so does each
that may; a published ceiling ("at most") is told as it stands, low and high alike; "up to the cap" is from nothing
to the cap.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from fractions import Fraction

from backbone.errors import Bilingual
from backbone.money import FEN_PER_WAN
from policy_pack.engine import amount_words as words
from policy_pack.engine.definition import Definition
from policy_pack.engine.dictionary import DICTIONARY
from policy_pack.engine.evaluation import Money, Truth
from policy_pack.engine.facts import Facts
from policy_pack.engine.granted import truth_if_granted
from policy_pack.engine.policy import Amount, Cap, Per, Policy
from policy_pack.engine.reach import Reach, reach_of
from policy_pack.engine.span import NOUGHT, CapSpan, Span
from policy_pack.engine.tree import Condition, Quantity, Term

"""How many fen are in one 万元."""
_EXACT = Context(prec=60, rounding=ROUND_HALF_UP)  # far more digits than any rate times any base has


def published_cap_fen(policy: Policy) -> int | None:
    """The cap that was published without a formula; None where there is none."""
    return None if policy.published_cap is None else int(policy.published_cap * FEN_PER_WAN)


def most_of_applicant(policy: Policy | None) -> int | None:
    """What all applications of one enterprise may cost together, in fen; None where each is capped by itself.

    A cap for a year counts as well, over the applications of the year. Where no cap need hold, nothing bounds the sum.
    """
    if policy is None or policy.amount is None or policy.amount.cap_per is Per.ITEM:
        return None
    if policy.amount.caps[-1].when is not None:
        return None
    return int(max(cap.most for cap in policy.amount.caps) * FEN_PER_WAN)


def amount_of(
    policy: Policy, facts: Facts, as_of: date, dictionary: Mapping[str, Definition] = DICTIONARY
) -> Money | None:
    """What the policy pays if it is granted; None where no formula was published or the policy pays nothing.

    Whether it is granted is the evaluation's business. The dictionary narrows what an open base may be.
    """
    if policy.amount is None:
        return None
    with localcontext(_EXACT):
        return _Reckoning(policy, policy.amount, facts, as_of, dictionary).money()


@dataclass(frozen=True)
class _Reckoning:
    policy: Policy
    amount: Amount
    facts: Facts
    as_of: date
    dictionary: Mapping[str, Definition]

    def money(self) -> Money:
        if self.amount.base is None or not self.amount.tiers:
            span, steps = self._up_to_the_cap()
        else:
            span, steps = self._from_the_base(self.amount.base)
        low, high = _fen(span.low), None if span.high is None else _fen(span.high)
        steps.append(words.rounded(low, high))
        if self.amount.at_most:
            steps.append(words.CEILING)
        steps.extend(_split_lines(low, high, self.amount.split))
        return Money(low, high, words.formula(self.amount), tuple(steps))

    def _up_to_the_cap(self) -> tuple[Span, list[Bilingual]]:
        cap = self._cap()
        return Span(NOUGHT, cap.most), [words.up_to(cap, self.amount.cap_per)]

    def _from_the_base(self, base: Term) -> tuple[Span, list[Bilingual]]:
        span, is_absent = self._base(base)
        steps = [words.base(base, span, is_absent=is_absent, dictionary=self.dictionary)]
        if span.high == NOUGHT:
            return span, steps
        parts = [(tier, part) for tier in self.amount.tiers if (part := span.part(tier)).high != NOUGHT]
        steps.extend(words.tier(tier, part) for tier, part in parts)
        earned = Span.total(part.times(tier.rate) for tier, part in parts)
        if len(parts) > 1:
            steps.append(words.total(earned))
        earned = self._capped(self._lifted(earned, steps), steps)
        return (earned if span.low > NOUGHT else replace(earned, low=NOUGHT)), steps

    def _base(self, base: Term) -> tuple[Span, bool]:
        """The base, and whether there surely is none."""
        known = self.facts.of(base.key) if isinstance(base, Quantity) else None
        if isinstance(known, Decimal):  # by far the most frequent
            return Span(max(NOUGHT, known), max(NOUGHT, known)), False
        reach = reach_of(base, self.facts, self.as_of, self.dictionary, self._asked())
        return _span_of(reach), reach.numbers.is_empty

    def _asked(self) -> list[Condition]:
        return [clause.when for clause in self.policy.clauses if clause.when is not None]

    def _truth(self, condition: Condition) -> Truth:
        return truth_if_granted(condition, self._asked(), self.facts, self.as_of, self.dictionary)

    def _lifted(self, earned: Span, steps: list[Bilingual]) -> Span:
        """At least the floor; where it is undecided whether the floor holds, with it and without."""
        floor = self.amount.floor
        spared = Truth.FALSE
        if floor is not None and floor.unless is not None:
            spared = self._truth(floor.unless)
        if floor is None or spared is Truth.TRUE:
            return earned
        lifted = earned.at_least(floor.least)
        steps.append(words.floor(floor, undecided=spared is Truth.UNKNOWN))
        return lifted if spared is Truth.FALSE else replace(lifted, low=earned.low)

    def _capped(self, earned: Span, steps: list[Bilingual]) -> Span:
        cap = self._cap()
        if self.amount.caps:
            steps.append(words.cap(cap, self.amount.cap_per))
        return earned.under(cap)

    def _cap(self) -> CapSpan:
        may_hold: list[Cap] = []
        for cap in self.amount.caps:
            holds = Truth.TRUE if cap.when is None else self._truth(cap.when)
            if holds is Truth.TRUE:
                mosts = [each.most for each in (*may_hold, cap)]
                return CapSpan(min(mosts), max(mosts), tuple(may_hold))
            if holds is Truth.UNKNOWN:
                may_hold.append(cap)
        return CapSpan(min((cap.most for cap in may_hold), default=None), None, tuple(may_hold))


def _span_of(reach: Reach) -> Span:
    """A base as a span of money: below zero is zero, and so is what may be absent."""
    numbers = reach.numbers
    if numbers.is_empty:
        return Span(NOUGHT, NOUGHT)
    low = NOUGHT if reach.may_be_absent or numbers.low is None else max(NOUGHT, _decimal(numbers.low))
    return Span(low, None if numbers.high is None else max(NOUGHT, _decimal(numbers.high)))


def _decimal(number: Fraction) -> Decimal:
    return Decimal(number.numerator) / Decimal(number.denominator)


def _fen(amount: Decimal) -> int:
    """The one rounding."""
    return int((amount * FEN_PER_WAN).to_integral_value(ROUND_HALF_UP))


def shares_of(fen: int, split: Mapping[str, Decimal]) -> dict[str, int]:
    """An amount in parts that add up to it: whole fen by share, what is left over to the largest remainders, ties in order."""
    exact = {who: Fraction(share) * fen for who, share in split.items()}
    parts = {who: int(part) for who, part in exact.items()}
    behind = sorted(exact, key=lambda who: parts[who] - exact[who])
    for who in behind[: fen - sum(parts.values())]:
        parts[who] += 1
    return parts


def _split_lines(low: int, high: int | None, split: Mapping[str, Decimal]) -> list[Bilingual]:
    if not split:
        return []
    lows, highs = shares_of(low, split), None if high is None else shares_of(high, split)
    return [
        words.part(who, share, lows[who], None if highs is None else highs[who])
        for who, share in split.items()
    ]
