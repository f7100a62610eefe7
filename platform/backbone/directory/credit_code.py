"""统一社会信用代码, GB 32100-2015: 18 characters of which the last is a check character."""

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS = tuple(3**place % 31 for place in range(17))
LENGTH = 18


def check_character(first_17: str) -> str:
    """The 18th character of a code; raises ValueError when a character is not of the alphabet (I, O, S, V, Z)."""
    total = sum(
        weight * ALPHABET.index(character) for weight, character in zip(WEIGHTS, first_17, strict=True)
    )
    return ALPHABET[(31 - total % 31) % 31]


def is_credit_code(code: str) -> bool:
    """Whether `code` is 18 characters of the alphabet with the right check character."""
    return len(code) == LENGTH and all(c in ALPHABET for c in code) and check_character(code[:17]) == code[17]
