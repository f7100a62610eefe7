"""What the teacher is asked about: the texts that may be learned from, cut to the length of titles and sentences."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from training.corpus import Split
from training.lexicon import Term

SENTENCE = re.compile(r"(?<=[.。;；!！?？])")
SHORTEST, LONGEST = 8, 100


@dataclass(frozen=True)
class Lessons:
    """Texts to learn, each once. `words[i]` and `glosses[i]` say the same in Chinese and in English."""

    texts: tuple[str, ...]
    words: tuple[str, ...]
    glosses: tuple[str, ...]


def lessons_of(split: Split, terms: Sequence[Term], listed: Sequence[str]) -> Lessons:
    """Titles, keywords and sentences of the papers to train on, listed words, and dictionary words with their glosses."""
    papers = split.train
    titles = [paper.title for paper in papers] + list(split.titles)
    keywords = [keyword for paper in papers for keyword in paper.keywords]
    sentences = [sentence for paper in papers for sentence in _sentences(paper.abstract)]
    return Lessons(
        texts=_once([*titles, *keywords, *sentences, *listed]),
        words=tuple(term.word for term in terms),
        glosses=tuple(term.gloss for term in terms),
    )


def _sentences(abstract: str) -> Iterable[str]:
    cut = (sentence.strip()[:LONGEST] for sentence in SENTENCE.split(abstract))
    return (sentence for sentence in cut if len(sentence) >= SHORTEST)


def _once(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text.strip()))
