"""How tranches are shared between beneficiaries, to the fen. Pure."""

from collections.abc import Sequence
from itertools import accumulate, pairwise


def parts_of(amounts: Sequence[int], shares: Sequence[int]) -> list[tuple[int, ...]]:
    """For each of the amounts (fen) what of it is whose: each row adds up to its amount, each column to its share.

    Both add up to the same. What was rounded down in a tranche is made good in the next: at no time has the first beneficiary
    a whole fen less than its proportion of what was paid so far, nor anything more. ValueError where the sums differ.
    """
    if sum(amounts) != sum(shares):
        raise ValueError(f"the tranches add up to {sum(amounts)}, the shares to {sum(shares)}")
    if len(shares) == 1:
        return [(amount,) for amount in amounts]
    total = sum(shares)
    until = [0, *(shares[0] * paid // total if total else 0 for paid in accumulate(amounts))]
    first = [after - before for before, after in pairwise(until)]
    others = parts_of([amount - own for amount, own in zip(amounts, first, strict=True)], shares[1:])
    return [(own, *rest) for own, rest in zip(first, others, strict=True)]
