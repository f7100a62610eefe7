"""Amounts of money: integers of fen wherever they are kept, sent or computed; yuan only where people read."""


def yuan(fen: int) -> str:
    """An amount as a sentence says it."""
    sign, fen = ("-", -fen) if fen < 0 else ("", fen)
    return f"{sign}{fen // 100:,}.{fen % 100:02d}"
