from pathlib import Path

import pytest

from training.corpus import (
    TEST_BUCKET,
    VALIDATION_BUCKET,
    Paper,
    bucket_of,
    fold,
    read_papers,
    read_titles,
    split_corpus,
    texts_of,
)


def papers_in(bucket: int, count: int, start: int = 0) -> list[Paper]:
    ids = (f"p{number}" for number in range(start, 10_000))
    chosen = [id for id in ids if bucket_of(id) == bucket][:count]
    return [Paper(id, f"{id}的标题", f"{id}的摘要", (id,)) for id in chosen]


def test_papers_and_titles_are_read_without_their_header(data: Path):
    papers, titles = read_papers(data), read_titles(data)
    assert len(papers) == 60
    assert papers[0].keywords[0] == "液压阀"
    assert "title" not in titles
    assert "齿轮箱油温的监测" in titles


@pytest.mark.parametrize("line", ["{", "[]", '{"id": "x", "title": "t", "abstract": "a"}', "3"])
def test_a_line_that_is_no_paper_is_named_by_file_and_number(tmp_path: Path, line: str):
    (tmp_path / "csl").mkdir()
    (tmp_path / "csl" / "papers.jsonl").write_text(line, encoding="utf-8")
    with pytest.raises(ValueError, match=r"papers\.jsonl:1"):
        read_papers(tmp_path)


def test_about_a_tenth_of_the_ids_falls_into_each_bucket():
    counts = [0] * 10
    for number in range(5000):
        counts[bucket_of(f"csl-{number:05}")] += 1
    assert min(counts) > 400
    assert max(counts) < 600


def test_adding_papers_moves_none_from_training_to_evaluation(data: Path):
    papers = read_papers(data)
    before = {paper.id for paper in split_corpus(papers[:30], []).held_out}
    after = {paper.id for paper in split_corpus(papers, []).held_out}
    assert before <= after


def test_every_paper_is_either_learned_from_or_held_out(data: Path):
    papers = read_papers(data)
    split = split_corpus(papers, read_titles(data))
    assert {p.id for p in split.train} | {p.id for p in split.held_out} == {p.id for p in papers}
    assert not {p.id for p in split.train} & {p.id for p in split.held_out}


def test_no_text_to_learn_from_repeats_a_held_out_title(data: Path):
    split = split_corpus(read_papers(data), read_titles(data))
    hidden = {fold(paper.title) for paper in split.held_out}
    assert hidden
    assert not hidden & {fold(text) for text in texts_of(split)}


def test_a_held_out_title_written_in_full_width_is_recognised():
    held_out = Paper(papers_in(TEST_BUCKET, 1)[0].id, "CO2 捕集", "摘要", ())
    train = papers_in(5, 1)
    assert split_corpus([held_out, *train], ["ＣＯ２捕集", "别的题目"]).titles == ("别的题目",)


def test_a_training_paper_with_a_held_out_title_is_left_out():
    held_out, twin = papers_in(TEST_BUCKET, 1)[0], papers_in(5, 1)[0]
    copy = Paper(twin.id, held_out.title, twin.abstract, twin.keywords)
    assert split_corpus([held_out, copy], []).train == ()


def test_validation_leaves_the_test_tenth_unread_as_well():
    test, validation, train = (papers_in(bucket, 3) for bucket in (TEST_BUCKET, VALIDATION_BUCKET, 5))
    split = split_corpus([*test, *validation, *train], [test[0].title], "validation")
    assert split.held_out == tuple(validation)
    assert split.train == tuple(train)
    assert split.titles == ()
