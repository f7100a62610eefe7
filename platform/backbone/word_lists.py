"""Words in a row: several in a sentence, or a closed list as the API document shows it, each code with its word."""

from collections.abc import Iterable, Mapping

from backbone.errors import Bilingual


def enumerated(words: Iterable[Bilingual], *, zh: str = "、", en: str = ", ") -> Bilingual:
    """Several words as an enumeration in each language."""
    several = tuple(words)
    return Bilingual(zh.join(word.zh for word in several), en.join(several))


def listed(words: Mapping[str, Bilingual]) -> str:
    """Every code of the list with its words, in the order of the list."""
    return "; ".join(f"{code}: {word.zh} / {word}" for code, word in words.items())


def description_of(choices: Iterable[str]) -> dict[str, str]:
    """What a schema field says of its choices: their words where they come as a list of words, else nothing."""
    if not isinstance(choices, Mapping) or not all(isinstance(word, Bilingual) for word in choices.values()):
        return {}
    return {"description": listed(choices)}
