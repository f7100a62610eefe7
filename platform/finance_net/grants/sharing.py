"""How an amount is shared between two beneficiaries. Pure."""

from finance_net.rounds.round import WHOLE


def shared(amount_fen: int, user_share: int) -> tuple[int, int]:
    """(the maker's, the user's) in whole fen, by the largest remainder; of two equal ones the maker's is rounded up."""
    makers, rest = divmod(amount_fen * (WHOLE - user_share), WHOLE)
    return (makers + 1, amount_fen - makers - 1) if 2 * rest >= WHOLE else (makers, amount_fen - makers)
