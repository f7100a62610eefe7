"""What the teacher is asked, and where the texts are to stand."""

from pathlib import Path

import numpy as np

from tests.training.conftest import letters
from training.corpus import read_papers, read_titles, split_corpus
from training.lessons import LONGEST, lessons_of
from training.lexicon import Term
from training.targets import targets_of
from training.teacher import told

TERMS = [Term("逆变器", "inverter"), Term("激光", "laser")]


def made(data: Path):
    return lessons_of(split_corpus(read_papers(data), read_titles(data)), TERMS, ["液压阀"])


def test_no_text_of_a_held_out_paper_is_asked(data: Path):
    split = split_corpus(read_papers(data), read_titles(data))
    texts = set(lessons_of(split, TERMS, []).texts)
    assert split.held_out
    assert not any(paper.title in texts or paper.abstract in texts for paper in split.held_out)


def test_each_text_is_asked_once_and_no_sentence_is_longer_than_a_title(data: Path):
    lessons = made(data)
    assert len(lessons.texts) == len(set(lessons.texts))
    assert max(map(len, lessons.texts)) <= LONGEST
    assert lessons.words == ("逆变器", "激光")


def test_a_word_and_its_gloss_are_to_stand_at_one_place_of_length_one(data: Path):
    lessons = made(data)
    targets = targets_of(lessons, *map(letters, (lessons.texts, lessons.words, lessons.glosses)), 16)
    rows = dict(zip(targets.texts, targets.vectors, strict=True))
    assert np.array_equal(rows["激光"], rows["laser"])
    assert np.allclose(np.linalg.norm(targets.vectors, axis=1), 1, atol=1e-5)
    assert targets.vectors.shape[1] == 16


def test_the_teacher_is_opened_once_for_a_list_and_what_it_said_is_read_afterwards(tmp_path: Path):
    opened: list[int] = []

    def teacher():
        opened.append(1)
        return letters

    steps: list[tuple[int, int]] = []
    first = told(teacher, ["甲", "乙"], tmp_path, lambda *step: steps.append(step))
    again = told(teacher, ["甲", "乙"], tmp_path)
    other = told(teacher, ["乙", "甲"], tmp_path)
    assert (len(opened), steps) == (2, [(2, 2)])
    assert np.array_equal(first, again)
    assert np.array_equal(other, first[::-1])
