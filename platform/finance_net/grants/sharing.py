"""How an amount is shared between two beneficiaries. Pure."""

from backbone.money import BASIS_POINTS


def shared(amount_fen: int, user_share: int) -> tuple[int, int]:
    """(the maker's, the user's) in whole fen, by the largest remainder; of two equal ones the maker's is rounded up."""
    makers, rest = divmod(amount_fen * (BASIS_POINTS - user_share), BASIS_POINTS)
    return (
        (makers + 1, amount_fen - makers - 1) if 2 * rest >= BASIS_POINTS else (makers, amount_fen - makers)
    )
