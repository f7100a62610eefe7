"""Amounts of money: integers of fen wherever they are kept, sent or computed; yuan only where people read."""

FEN_PER_WAN = 1_000_000
"""Fen of 万元, 10,000 yuan: what people write budgets, grants and turnovers in."""
BASIS_POINTS = 10_000
"""The whole in basis points: shares of an amount and majorities of votes are kept in hundredths of a per cent."""


def yuan(fen: int) -> str:
    """An amount as a sentence says it."""
    sign, fen = ("-", -fen) if fen < 0 else ("", fen)
    return f"{sign}{fen // 100:,}.{fen % 100:02d}"
