"""One spelling for what people write in several, before it is digested; and what lists show instead of it. Pure."""

import unicodedata
from collections.abc import Callable

ERASED = "已删除 / erased"
_MOBILE, _SHORTEST_NUMBER = 11, 5


def normal_phone(written: str) -> str:
    """Digits alone, without country code and trunk zero: `+86 (0)27-8888 0001` and `027-88880001` are one number."""
    digits = "".join(str(unicodedata.decimal(sign)) for sign in written if sign.isdecimal())
    digits = digits.removeprefix("0086") if digits.startswith("0086") else digits
    if digits.startswith("86") and len(digits) > _MOBILE:
        digits = digits[2:]
    return digits.lstrip("0") or normal_name(written)


def normal_email(written: str) -> str:
    """Upper and lower case, full and half width are one address."""
    return _settled(written, str.strip)


def normal_name(written: str) -> str:
    """Spaces within a name, width and case do not tell people apart."""
    return _settled(written, lambda plain: "".join(plain.split()))


def _settled(written: str, without_spaces: Callable[[str], str]) -> str:
    """The spelling that another pass leaves as it is: a lone accent is a space and an accent to NFKC, and joins the
    letter before it once the space is gone.
    """
    while (plain := without_spaces(unicodedata.normalize("NFKC", written)).casefold()) != written:
        written = plain
    return written


def is_named_in(sentence: str, value: str) -> bool:
    """Whether the sentence holds the value, however either is spelled; a single sign is no name, four digits no number."""
    said, meant = normal_name(sentence), normal_name(value)
    digits, number = normal_phone(sentence), normal_phone(value)
    if number.isdecimal():
        return len(number) >= _SHORTEST_NUMBER and number in digits
    return len(meant) > 1 and meant in said


def masked_phone(written: str) -> str:
    """Enough to recognise a number one knows, too little to ring it: 138****1234."""
    signs = [sign for sign in written if sign.isdecimal()]
    shown = 4 if len(signs) >= 8 else max(0, len(signs) - 5)
    head = 3 if len(signs) >= _MOBILE else 0
    return "".join(signs[:head]) + "****" + "".join(signs[len(signs) - shown :])


def masked_email(written: str) -> str:
    """The first letter and the domain: z***@example.org."""
    local, at, domain = written.rpartition("@")
    return f"{local[:1] if len(local) > 1 else ''}***@{domain}" if at else "***"


def masked_name(written: str) -> str:
    """The first sign: 张**."""
    return written[:1] + "**" if written else ""
