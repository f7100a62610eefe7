"""A folder of policies: loaded as a whole or not at all."""

from datetime import date

import pytest

from policy_pack.engine.packs import PackRefused, check_files, load_packs, natural, shipped_pack
from tests.policy_pack.policy_text import PARTS, policy_text


def numbered(number, **changed):
    """The policy file under another number."""
    clauses = PARTS["clauses"].replace("P1.1", f"P{number}.1")
    return policy_text(**{"id": f"P{number}", "clauses": clauses, **changed})


@pytest.fixture
def folder(tmp_path):
    def written(**files):
        for name, text in files.items():
            (tmp_path / f"{name}.yaml").write_text(text, "utf-8")
        return tmp_path

    return written


def refused(folder):
    with pytest.raises(PackRefused) as caught:
        load_packs(folder)
    return caught.value


def test_the_policies_come_in_the_order_of_their_numbers(folder):
    pack = load_packs(folder(a=numbered(10), b=numbered(9), c=numbered(1)))
    assert list(pack.policies) == ["P1", "P9", "P10"]
    assert pack.relations == ()


def test_problems_of_all_files_are_said_and_nothing_is_loaded(folder):
    where = folder(
        a=numbered(1), b=numbered(2, category="X"), c=numbered(3, level="''"), relations="relations: [1]"
    )
    assert [problem.where for problem in refused(where).problems] == ["b.yaml:3", "c.yaml:4"]


def test_relations_are_held_against_the_policies(folder):
    relation = "{id: R1, bond: exclusive, between: [P1, P7], text: {zh: 甲, en: a}, reference: x}"
    where = folder(a=numbered(1), relations=f"relations:\n  - {relation}\n")
    (problem,) = refused(where).problems
    assert problem.where == "relations.yaml:2"
    assert "P7, which is no policy" in str(problem.text)


def test_two_versions_in_force_at_once_are_refused_by_the_names_of_their_files(folder):
    where = folder(
        a=numbered(1), b=numbered(2), c=numbered(1, valid="{from: 2026-12-31, words: next}", superseded=None)
    )
    (problem,) = refused(where).problems
    assert problem.file == "c.yaml"
    assert "P1 is in force in two versions at once, 2026-12-31 – 2026-12-31: a.yaml and c.yaml" in str(
        problem.text
    )
    assert "两个版本同时有效" in problem.text.zh


@pytest.mark.parametrize(
    "valid", ["{words: open}", "{to: 2026-01-01, words: x}", "{from: 2020-01-01, words: x}"]
)
def test_an_open_validity_overlaps_whatever_it_reaches(folder, valid):
    assert len(refused(folder(a=numbered(1), b=numbered(1, valid=valid))).problems) == 1


def test_of_versions_that_follow_each_other_the_one_in_force_counts(folder):
    where = folder(
        old=numbered(1, status="old", valid="{from: 2024-01-01, to: 2025-12-31, words: x}"),
        middle=numbered(1),
        new=numbered(1, status="new", valid="{from: 2027-01-01, words: x}"),
    )
    on = {day: load_packs(where, date.fromisoformat(day)).policies["P1"].status for day in (
        "2023-05-01", "2025-12-31", "2026-01-01", "2026-12-31", "2027-01-01", "2040-01-01",
    )}  # fmt: skip
    assert list(on.values()) == ["old", "old", "live", "live", "new", "new"]
    assert load_packs(where).policies["P1"].status == "new"


def test_a_folder_without_policies_is_no_pack(tmp_path):
    assert "has no policy files" in str(refused(tmp_path).problems[0].text)


def test_a_file_in_another_encoding_is_a_problem_like_others(tmp_path):
    (tmp_path / "a.yaml").write_bytes("id: 政策".encode("gbk"))
    assert "is not UTF-8" in str(refused(tmp_path).problems[0].text)


def test_files_are_checked_alone_and_together(folder):
    where = folder(a=numbered(1), b=numbered(1), c=numbered(3, level="''"))
    assert check_files([where / "a.yaml"]) == []
    assert [each.file for each in check_files([where / "a.yaml", where / "b.yaml", where / "c.yaml"])] == [
        "c.yaml",
        "b.yaml",
    ]


def test_relations_are_checked_with_the_policies_that_are_given_and_those_beside_them(folder):
    relation = "{id: R1, bond: requires, between: [P1, P2], text: {zh: 甲, en: a}, reference: x}"
    back = relation.replace("R1", "R2").replace("[P1, P2]", "[P2, P1]")
    where = folder(a=numbered(1), b=numbered(2), relations=f"relations:\n  - {relation}\n")
    assert check_files([where / "relations.yaml"]) == []
    (where / "b.yaml").rename(where.parent / "b.yaml")
    (problem,) = check_files([where / "relations.yaml"])
    assert "P2, which is no policy" in str(problem.text)
    assert check_files([where / "relations.yaml", where.parent / "b.yaml"]) == []
    folder(b=numbered(2), relations=f"relations:\n  - {relation}\n  - {back}\n")
    (problem,) = check_files([where / "relations.yaml"])
    assert "runs in a circle" in str(problem.text)


def test_a_refusal_says_every_problem_in_both_languages(folder):
    refusal = refused(folder(a=numbered(1, category="X", level="''")))
    lines = refusal.in_both_languages().splitlines()
    assert [line.startswith("a.yaml:3") for line in lines] == [True, True, False, False]
    assert [error["line"] for error in refusal.data["errors"]] == [3, 4]
    assert refusal.code == "pack_invalid"


def test_numbers_are_put_in_the_order_of_numbers():
    assert sorted(["P10", "P9", "HB-2-x", "HB-10"], key=natural) == ["HB-2-x", "HB-10", "P9", "P10"]


def test_the_shipped_pack_is_read_once():
    assert shipped_pack() is shipped_pack()
