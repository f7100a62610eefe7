import csv
import io
import os
from pathlib import Path

import pytest

from sky_net.matching.batch import HEADER, catalogue, match_all, replaced, write_matches
from sky_net.matching.corpus import Corpus
from sky_net.matching.documents import Document, Hit, Query
from sky_net.matching.entries import Entry
from sky_net.matching.ranking import rank


def test_the_batch_is_the_ranking(encoder, documents):
    achievements = [Entry(each.id, each.title, each.body) for each in documents]
    needs = [Entry("n2", "激光焊接飞溅抑制", ""), Entry("n1", "光纤传感", "误报次数太多")]
    corpus = Corpus(encoder, None, [Document(each.id, each.title, each.body) for each in documents])
    found = list(match_all(needs, catalogue(achievements, encoder), 7))
    assert found == [(need.id, rank(Query(need.title, need.description), corpus, 7)) for need in needs]


def test_rows_carry_rank_and_a_fixed_number_of_decimals():
    file = io.StringIO()
    write_matches([("n,1", [Hit("a\n1", 0.5), Hit('a"2', 0.0)]), ("n2", [])], file)
    assert list(csv.reader(io.StringIO(file.getvalue()))) == [
        list(HEADER),
        ["n,1", "a\n1", "1", "0.500000"],
        ["n,1", 'a"2', "2", "0.000000"],
    ]


def test_a_file_appears_only_when_all_went_well(tmp_path):
    target = tmp_path / "r.csv"
    target.write_text("before")

    def fail():
        with replaced(target) as file:
            file.write("half")
            assert target.read_text() == "before"
            raise MemoryError

    with pytest.raises(MemoryError):
        fail()
    assert target.read_text() == "before"
    assert os.listdir(tmp_path) == ["r.csv"]
    with replaced(target) as file:
        file.write("after")
    assert target.read_text() == "after"
    assert os.listdir(tmp_path) == ["r.csv"]


def test_a_link_keeps_pointing_where_it_points(tmp_path):
    (tmp_path / "real.csv").write_text("before")
    (tmp_path / "link.csv").symlink_to("real.csv")
    with replaced(tmp_path / "link.csv") as file:
        file.write("after")
    assert (tmp_path / "link.csv").is_symlink()
    assert (tmp_path / "real.csv").read_text() == "after"


def test_something_that_is_no_ordinary_file_is_written_to():
    with replaced(Path("/dev/null")) as file:
        file.write("gone")


def test_a_missing_folder_and_a_folder_are_os_errors(tmp_path):
    for target in (tmp_path / "none" / "r.csv", tmp_path):
        with pytest.raises(OSError), replaced(target) as file:  # noqa: PT011 (any kind of OSError is turned into a sentence)
            file.write("x")
