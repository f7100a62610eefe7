"""What is read of the dictionary and the word lists."""

from pathlib import Path

import pytest

from training.lexicon import Term, read_cedict, read_thuocl


def test_words_come_with_their_first_senses_and_names_variants_and_single_characters_are_left_out(data: Path):
    assert read_cedict(data) == [
        Term("逆变器", "inverter"), Term("齿轮箱", "gearbox"), Term("隔膜", "separator; membrane"), Term("激光", "laser"),
    ]  # fmt: skip


def test_listed_words_come_once(data: Path):
    words = read_thuocl(data)
    assert "液压阀" in words
    assert len(words) == len(set(words))


@pytest.mark.parametrize("read", [read_cedict, read_thuocl])
def test_a_folder_without_them_is_named(tmp_path: Path, read):
    with pytest.raises(FileNotFoundError):
        read(tmp_path)
