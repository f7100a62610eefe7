from pathlib import Path

import pytest
import torch
from tokenizers import Tokenizer

from training.corpus import Split, read_papers, read_titles, split_corpus, texts_of
from training.encode import encoder
from training.evaluate import cosine
from training.tokens import train_tokenizer
from training.train import Recipe, agreement, train_table

SMALL = Recipe(dimension=16, epochs=3, batch=16)


@pytest.fixture(scope="module")
def split(data: Path) -> Split:
    return split_corpus(read_papers(data), read_titles(data))


@pytest.fixture(scope="module")
def tokenizer(split: Split) -> Tokenizer:
    return train_tokenizer(texts_of(split), 300)


def test_agreement_is_least_where_each_row_picks_its_own():
    rows = torch.eye(5)
    assert agreement(rows, rows, 0.05) < 1e-6
    assert agreement(rows, rows.roll(1, 0), 0.05) > 10


def test_the_loss_falls_and_every_step_is_told(split: Split, tokenizer: Tokenizer):
    told: list[tuple[int, int, float]] = []
    train_table(tokenizer, split, SMALL, 7, lambda *step: told.append(step))
    steps = [step for step, _, _ in told]
    assert steps == list(range(1, told[0][1] + 1))
    third = len(told) // 3
    assert sum(loss for *_, loss in told[-third:]) < sum(loss for *_, loss in told[:third])


def test_the_same_seed_gives_the_same_table_and_another_does_not(split: Split, tokenizer: Tokenizer):
    first, again, other = (train_table(tokenizer, split, SMALL, seed) for seed in (7, 7, 8))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


def test_the_unknown_piece_has_no_vector_and_all_others_are_finite(split: Split, tokenizer: Tokenizer):
    table = train_table(tokenizer, split, SMALL, 7)
    assert table.shape == (tokenizer.get_vocab_size(), 16)
    assert table.dtype == torch.float32
    assert not table[0].any()
    assert table.isfinite().all()


def test_texts_about_one_thing_stand_nearer_than_texts_about_another(split: Split, tokenizer: Tokenizer):
    encode = encoder(tokenizer, train_table(tokenizer, split, SMALL, 7))
    scores = cosine(encode(["锂电池隔膜"]), encode(["锂电池隔膜的制备工艺", "齿轮箱的故障诊断"]))
    assert scores[0, 0] > scores[0, 1] + 0.2


def test_bare_titles_are_not_needed(split: Split, tokenizer: Tokenizer):
    alone = Split(split.train, split.held_out, ())
    assert train_table(tokenizer, alone, SMALL, 7).isfinite().all()
