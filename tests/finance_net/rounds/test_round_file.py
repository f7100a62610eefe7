import json

import pytest

from finance_net.rounds.round_file import RoundRefused, read_round, round_of
from tests.factories.rounds import a_round, an_application, category


def refusal(document):
    with pytest.raises(RoundRefused) as refused:
        round_of(document)
    sentence = refused.value.sentence()
    assert sentence.zh != str(sentence)
    return str(sentence)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"budget_fen": -1}, "budget_fen must lie between 0"),
        ({"budget_fen": 1.5}, "budget_fen must be a whole number"),
        ({"budget_fen": "100"}, "budget_fen must be a whole number"),
        ({"budget_fen": True}, "budget_fen must be a whole number"),
        ({"budget_fen": 2**63}, "budget_fen must lie between 0"),
        ({"step_fen": 0}, "step_fen must lie between 1"),
        ({"enterprise_cap_fen": "x"}, "enterprise_cap_fen must be a whole number"),
        ({"categories": {}}, "categories must be an array"),
        ({"categories": [category("A", 0, 9), category("A", 0, 9)]}, "the id A is given twice"),
        ({"categories": []}, "applications[0].category there is no category with the id A"),
        ({"groups": [{"id": "g", "max_selected": -1}]}, "groups[0].max_selected must lie between"),
        ({"requires": [["a"]]}, "requires[0] must be a pair"),
        ({"requires": [["a", "z"]]}, "there is no application with the id z"),
        ({"applications": [7]}, "applications[0] must be an object"),
        ({"applications": [an_application("a"), an_application("a")]}, "the id a is given twice"),
        ({"applications": [an_application("a", score=-1)]}, "applications[0].score must lie between 0"),
        ({"applications": [an_application("a", min_fen=9, max_fen=8)]}, "the minimum 9 is above the maximum 8"),
        ({"applications": [an_application("a", groups=["h"])]}, "there is no group with the id h"),
        ({"applications": [an_application("a", groups="g")]}, "applications[0].groups must be an array"),
        ({"applications": [an_application("")]}, "applications[0].id must be a text"),
        ({"applications": [an_application("a", score=2**62)]}, "leaves 64 bits"),
        ({"applications": [an_application("a", min_fen=1, max_fen=2**62)]}, "step_fen the sum leaves 64 bits"),
        ({"applications": [an_application("a", score=2**62), an_application("b", score=1)]}, "leaves 64 bits"),
        ({"applications": [an_application("a", max_fen=2**62), an_application("b")]}, "leaves 64 bits"),
    ],
)  # fmt: skip
def test_a_round_that_cannot_be_is_refused_with_its_place(change, words):
    assert words in refusal({**a_round([an_application("a")]), **change})


def test_every_missing_key_is_named_at_once():
    told = refusal({})
    assert all(f"{key} is missing" in told for key in a_round([]))


def test_a_document_that_is_no_object_is_refused():
    assert "must be an object" in refusal([1])


def test_further_keys_are_the_callers_own():
    with_title = {**a_round([{**an_application("a"), "title": "甲"}]), "year": 2026}
    assert round_of(with_title) == round_of(a_round([an_application("a")]))


def test_many_problems_are_told_with_their_number():
    told = refusal(a_round([an_application(f"a{at}", score=-1) for at in range(30)]))
    assert "30 in all" in told


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"{", "not JSON"),
        (b"\xff\xfe{}", "not JSON"),
        (b'{"budget_fen": NaN}', "NaN is no number"),
        (b'{"step_fen": 1, "step_fen": 2}', "given twice"),
        (b"[" * 100_000, "not JSON"),
        (b"", "not JSON"),
    ],
)
def test_a_file_that_is_no_json_is_refused(tmp_path, raw, words):
    path = tmp_path / "round.json"
    path.write_bytes(raw)
    with pytest.raises(RoundRefused) as refused:
        read_round(path)
    assert words in str(refused.value.sentence())


def test_a_byte_order_mark_is_no_fault(tmp_path):
    path = tmp_path / "round.json"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps(a_round([])).encode())
    assert read_round(path).applications == ()
