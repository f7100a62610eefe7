"""The tokenizer: a Unigram model whose pieces are Chinese words of up to four characters, Latin words and their parts."""

import json
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence

from tokenizers import Regex, Tokenizer, normalizers, pre_tokenizers
from tokenizers.models import Unigram
from tokenizers.trainers import UnigramTrainer

UNKNOWN = "<unk>"
LONGEST_WORD = 4
LONGEST_LATIN = 16
LATIN_SHARE = 0.25
DECIMALS = 3  # the trainer adds in no fixed order: two runs differ by 1e-11
HAN_RUN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]+")
LETTER_OR_DIGIT = re.compile(r"[^\W_]")
LATIN_RUN = re.compile(r"[a-zα-ω]+")
LATIN_WORD = re.compile(r"[a-zα-ω]{2,}")

Scored = list[tuple[str, float]]


def train_tokenizer(texts: Sequence[str], vocabulary: int) -> Tokenizer:
    """At most `vocabulary` pieces, the unknown piece included; the same texts in the same order give the same pieces.

    Every letter and every Chinese character seen twice is a piece of its own, so that an unseen word falls
    back to its characters; a character seen once has taught nothing and is unknown.
    """
    plain = [unicodedata.normalize("NFKC", text).lower() for text in texts]
    latin = dict(_latin_pieces(plain, int(vocabulary * LATIN_SHARE)))
    characters = Counter(character for text in plain for character in LETTER_OR_DIGIT.findall(text))
    shares = dict(_log_shares([(character, count) for character, count in characters.items() if count > 1]))
    trained = dict(_trained_pieces(plain, HAN_RUN, vocabulary, LONGEST_WORD))
    # The trainer's score of a character tells how often no word covers it; its share of the text would tear words
    # apart. Below the rarest word the trainer numbers characters in no fixed order, hence the floor.
    floor = min((score for piece, score in trained.items() if len(piece) > 1), default=0.0)
    singles = {character: max(trained.get(character, share), floor) for character, share in shares.items()}
    known = singles | latin
    words = [pair for pair in trained.items() if len(pair[0]) > 1 and pair[0] not in known]
    pieces = [(UNKNOWN, 0.0), *sorted(known.items(), key=_likeliest), *sorted(words, key=_likeliest)]
    return _reading(Unigram(pieces[:vocabulary], unk_id=0))


def _reading(model: Unigram) -> Tokenizer:
    """Text as the model sees it: NFKC, lower case, cut into Han runs, letter runs and single digits.

    Punctuation leaves no token: every token is averaged into the text's vector, and a comma says nothing.
    的 and 了 stand alone, or a third of the pieces would be a word with a particle stuck to it.
    """
    tokenizer = Tokenizer(model)
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(r"[^\p{L}\p{N}]+"), "removed"),
            pre_tokenizers.Split(Regex(r"\p{Han}+"), "isolated"),
            pre_tokenizers.Split(Regex("[的了]"), "isolated"),
            pre_tokenizers.Digits(individual_digits=True),
        ]
    )
    return tokenizer


def _trained_pieces(plain: Sequence[str], run: re.Pattern[str], size: int, longest: int) -> Scored:
    """Pieces of the runs of one script with log probabilities, by the Unigram trainer's EM, of at most so many letters.

    Longer Chinese pieces would be phrases of the genre (差异有统计学意义) that hide the words inside them.
    """
    tokenizer = _reading(Unigram())
    trainer = UnigramTrainer(
        vocab_size=size,
        max_piece_length=longest,
        special_tokens=[UNKNOWN],
        unk_token=UNKNOWN,
        show_progress=False,
    )
    tokenizer.train_from_iterator((" ".join(run.findall(text)) for text in plain), trainer)
    trained = json.loads(tokenizer.to_str())["model"]["vocab"]
    return [(piece, round(score, DECIMALS)) for piece, score in trained if piece != UNKNOWN]


def _latin_pieces(plain: Sequence[str], most: int) -> Scored:
    """Words and parts of words in Latin or Greek letters: English, units, abbreviations and names of methods.

    An abbreviation that Chinese texts use twice stays whole although English never writes it.
    """
    trained = dict(_trained_pieces(plain, LATIN_RUN, most, LONGEST_LATIN))
    if not trained:
        return []
    ordinary = sorted(trained.values())[len(trained) // 4]
    beside = Counter(word for text in plain if HAN_RUN.search(text) for word in LATIN_WORD.findall(text))
    return [
        *trained.items(),
        *((word, ordinary) for word, count in sorted(beside.items()) if count > 1 and word not in trained),
    ]


def _log_shares(counts: Iterable[tuple[str, int]]) -> Scored:
    """Natural logarithms of the shares, the score that the Viterbi search of a Unigram model adds up."""
    counted = list(counts)
    total = sum(count for _, count in counted)
    return [(piece, math.log(count / total)) for piece, count in counted]


def _likeliest(pair: tuple[str, float]) -> tuple[float, str]:
    return -pair[1], pair[0]
