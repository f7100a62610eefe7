"""Chinese terms and their English glosses: CC-CEDICT beside the word lists of THUOCL."""

import gzip
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

LISTS = ("IT", "car", "medical", "caijing")
"""Of THUOCL: what is near technology and its money. Places, law, poetry and animals are not."""

_ENTRY = re.compile(r"\S+ (?P<simplified>\S+) \[(?P<sound>[^\]]*)\] /(?P<senses>.*)/")
_ASIDE = re.compile(r"\([^)]*\)|\[[^\]]*\]|\S+\|\S+")
_NO_MEANING = re.compile(
    r"\b(variant of|surname|see also|see|old name|used in|CL:|abbr\. for|erhua|Taiwan pr)\b|\bidiom\b|slang|Taoist|dynasty"
)
_HAN = re.compile(r"[\u4e00-\u9fff]{2,6}")
_MOST_SENSES = 2


@dataclass(frozen=True)
class Term:
    """A word of two to six Chinese characters and its first senses in English."""

    word: str
    gloss: str


def read_cedict(folder: Path) -> list[Term]:
    """The common nouns, verbs and adjectives of cedict/*.gz below `folder`, each word once; names are left out.

    FileNotFoundError where there is no dictionary.
    """
    files = sorted((folder / "cedict").glob("*.gz"))
    if not files:
        raise FileNotFoundError(f"no dictionary (*.gz) in {folder / 'cedict'}")
    terms: dict[str, Term] = {}
    for file in files:
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            for term in _terms(lines):
                terms.setdefault(term.word, term)
    return list(terms.values())


def read_thuocl(folder: Path) -> list[str]:
    """The words of LISTS of thuocl/ below `folder`, each once; FileNotFoundError where a list is missing."""
    words: dict[str, None] = {}
    for name in LISTS:
        text = (folder / "thuocl" / f"data__THUOCL_{name}.txt").read_text(encoding="utf-8")
        words.update(dict.fromkeys(line.split("\t")[0].strip() for line in text.splitlines()))
    return [word for word in words if len(word) > 1]


def _terms(lines: Iterator[str]) -> Iterator[Term]:
    for line in lines:
        found = _ENTRY.match(line)
        if not found or not _HAN.fullmatch(found["simplified"]) or found["sound"][:1].isupper():
            continue  # a capital in the sound is a name
        told = [
            _ASIDE.sub("", sense).strip()
            for sense in found["senses"].split("/")
            if not _NO_MEANING.search(sense)
        ]
        senses = [sense for sense in told if len(sense) > 1][:_MOST_SENSES]
        if senses:
            yield Term(found["simplified"], "; ".join(senses))
