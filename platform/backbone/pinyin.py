"""How a Chinese name sounds: what people sort by, and the initials they type to find it."""

from pypinyin import Style, lazy_pinyin


def pinyin(name: str) -> str:
    """The syllables without tones, lower case, parted by blanks; everything else as it is."""
    return " ".join(lazy_pinyin(name.lower()))


def initials(name: str) -> str:
    """The first letters, as typed to find a name: 光谷 → gg."""
    return "".join(lazy_pinyin(name.lower(), style=Style.FIRST_LETTER))
