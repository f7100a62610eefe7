"""Dividing an amount by weights so that nothing is lost: the largest remainders take what is left over. Pure."""

from collections.abc import Sequence


def split(total: int, weights: Sequence[int]) -> list[int]:
    """Whole parts that add up to the total, each less than one away from its exact share; of equal remainders the first.

    ValueError where nobody has a weight.
    """
    whole = sum(weights)
    if whole <= 0 or min(weights) < 0:
        raise ValueError("somebody has to have a weight, and nobody less than none")
    parts = [total * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda place: (-(total * weights[place] % whole), place))
    for place in by_remainder[: total - sum(parts)]:
        parts[place] += 1
    return parts


def least_share(net: int, percent: int) -> int:
    """The least whole amount that is at least so many percent of the net income."""
    return -(-net * percent // 100)
