from pathlib import Path

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer

from tests.training.conftest import letters
from training.corpus import Split, read_papers, read_titles, split_corpus, texts_of
from training.encode import encoder
from training.evaluate import cosine
from training.lessons import lessons_of
from training.lexicon import read_cedict, read_thuocl
from training.start import mean_start
from training.targets import Targets, targets_of
from training.tokens import train_tokenizer
from training.train import Recipe, agreement, lesson_loss, train_table

pytestmark = pytest.mark.slow  # a whole training

SMALL = Recipe(dimension=16, steps=60, batch=32, papers=16)


@pytest.fixture(scope="module")
def split(data: Path) -> Split:
    return split_corpus(read_papers(data), read_titles(data))


@pytest.fixture(scope="module")
def targets(split: Split, data: Path) -> Targets:
    lessons = lessons_of(split, read_cedict(data), read_thuocl(data))
    return targets_of(lessons, *map(letters, (lessons.texts, lessons.words, lessons.glosses)), 16)


@pytest.fixture(scope="module")
def tokenizer(split: Split, targets: Targets) -> Tokenizer:
    return train_tokenizer([*texts_of(split), *targets.texts], 300)


def test_a_lesson_costs_nothing_where_the_pupil_stands_with_the_teacher():
    rows = torch.eye(5)
    assert lesson_loss(rows, rows, 0.05) < 1e-6
    assert lesson_loss(rows.roll(1, 0), rows, 0.05) > 5


def test_a_piece_starts_where_its_texts_are_and_lower_the_more_texts_hold_it():
    texts = [np.array([1, 2]), np.array([1]), np.array([], dtype=np.int64)]
    started = mean_start(texts, np.eye(3, dtype=np.float32), 4)
    assert started[2].argmax() == 0
    assert started[1].argmax() == 1
    assert started[1].norm() < started[2].norm()
    assert not started[[0, 3]].any()


def test_agreement_is_least_where_each_row_picks_its_own():
    rows = torch.eye(5)
    assert agreement(rows, rows, 0.05) < 1e-6
    assert agreement(rows, rows.roll(1, 0), 0.05) > 10


def test_the_loss_falls_and_every_step_is_told(split: Split, targets: Targets, tokenizer: Tokenizer):
    told: list[tuple[int, int, float]] = []
    train_table(tokenizer, split, targets, SMALL, 7, lambda *step: told.append(step))
    steps = [step for step, _, _ in told]
    assert steps == list(range(1, told[0][1] + 1))
    third = len(told) // 3
    assert sum(loss for *_, loss in told[-third:]) < sum(loss for *_, loss in told[:third])


@pytest.mark.slow
def test_the_same_seed_gives_the_same_table_and_another_does_not(
    split: Split, targets: Targets, tokenizer: Tokenizer
):
    first, again, other = (train_table(tokenizer, split, targets, SMALL, seed) for seed in (7, 7, 8))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


def test_the_unknown_piece_has_no_vector_and_all_others_are_finite(
    split: Split, targets: Targets, tokenizer: Tokenizer
):
    table = train_table(tokenizer, split, targets, SMALL, 7)
    assert table.shape == (tokenizer.get_vocab_size(), 16)
    assert table.dtype == torch.float32
    assert not table[0].any()
    assert table.isfinite().all()


def test_texts_about_one_thing_stand_nearer_than_texts_about_another(
    split: Split, targets: Targets, tokenizer: Tokenizer
):
    encode = encoder(tokenizer, train_table(tokenizer, split, targets, SMALL, 7))
    scores = cosine(encode(["锂电池隔膜"]), encode(["锂电池隔膜的制备工艺", "齿轮箱的故障诊断"]))
    assert scores[0, 0] > scores[0, 1] + 0.2


@pytest.mark.slow
def test_bare_titles_are_not_needed(split: Split, targets: Targets, tokenizer: Tokenizer):
    alone = Split(split.train, split.held_out, ())
    assert train_table(tokenizer, alone, targets, SMALL, 7).isfinite().all()
