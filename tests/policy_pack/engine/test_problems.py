"""Problems on their way to whoever wrote the file."""

import pytest

from backbone.errors import Bilingual, Invalid
from policy_pack.engine.problems import Fault, Faults, PackRefused, Problem, nearest

PROBLEM = Problem("P03.yaml", 12, "P3.2", Bilingual("错", "is wrong"))


def test_a_problem_is_found_by_file_line_and_clause():
    assert PROBLEM.where == "P03.yaml:12 P3.2"
    assert (PROBLEM.sentence().zh, str(PROBLEM.sentence())) == (
        "P03.yaml:12 P3.2：错",
        "P03.yaml:12 P3.2: is wrong",
    )
    assert Problem("P03.yaml", 1, None, Bilingual("错", "is wrong")).where == "P03.yaml:1"


def test_a_refusal_is_an_answer_of_the_api_and_lines_of_a_terminal():
    refusal = PackRefused([PROBLEM])
    assert isinstance(refusal, Invalid)
    assert refusal.problems == (PROBLEM,)
    assert refusal.data["errors"] == [
        {
            "field": "P03.yaml:12 P3.2",
            "file": "P03.yaml",
            "line": 12,
            "clause": "P3.2",
            "problem": PROBLEM.text,
        }
    ]
    assert refusal.data["count"] == 1
    assert refusal.in_both_languages() == "P03.yaml:12 P3.2：错\nP03.yaml:12 P3.2: is wrong"


def test_a_fault_is_kept_and_the_reading_goes_on():
    faults = Faults("f.yaml")

    def read(line):
        raise Fault(line, "错", "is wrong")

    with faults.within("P1.1"):
        assert faults.attempt(read, 3) is None
        with faults.within("P1.2"):
            faults.note(4, "错", "is wrong")
        assert faults.attempt(read, line=5) is None
    assert faults.attempt(read, 6) is None
    assert faults.attempt(int, "7") == 7
    assert [(each.line, each.clause) for each in faults.found] == [
        (3, "P1.1"),
        (4, "P1.2"),
        (5, "P1.1"),
        (6, None),
    ]


def test_the_clause_is_left_even_if_something_else_goes_wrong():
    faults = Faults("f.yaml")
    with pytest.raises(ZeroDivisionError), faults.within("P1.1"):
        faults.attempt(lambda: 1 / 0)
    faults.note(1, "错", "is wrong")
    assert faults.found[0].clause is None


@pytest.mark.parametrize(
    ("wrong", "hint"),
    [("revenu", "; did you mean revenue, revenue_prev?"), ("zzz", "")],
)
def test_what_is_near_is_hinted_at(wrong, hint):
    found = nearest(wrong, ["region", "revenue", "revenue_prev"])
    assert str(found) == hint
    assert ("是否为" in found.zh) == bool(hint)


def test_not_more_than_so_many_are_named():
    assert str(nearest("P1", ["P11", "P12", "P13", "P14"], most=2)).count("P") == 2
