import json
from dataclasses import replace
from datetime import date

import pytest

from backbone.errors import Bilingual
from policy_pack.engine.evaluation import Evaluation, Judged, Money, Outcome, Truth
from policy_pack.receipts.statement import ENGINE, Ground, sha256_of, statement_of

GROUND = Ground("P801", 2, "a" * 64, date(2026, 1, 1), None, date(2026, 3, 10), "hmac:" + "b" * 64, True)
MONEY = Money(100, None, Bilingual("最高 50", "at most 50"), (Bilingual("甲", "first"), "5 × 0.1"))
ANSWER = Evaluation(
    "P801", Outcome.MISSING_FACTS,
    (Judged("P801.1", Truth.TRUE, ("staff_total",)), Judged("P801.2", Truth.UNKNOWN, ("rd_spend",), ("rd_spend",))),
    missing=(("rd_spend",),), amount=MONEY, disputed=("rd_spend",),
)  # fmt: skip


def test_a_statement_says_what_it_rested_on_and_the_whole_answer():
    said = json.loads(statement_of(GROUND, ANSWER))
    assert said == {
        "engine": ENGINE, "policy": "P801", "version": 2, "text": "a" * 64, "counts": ["2026-01-01", None],
        "as_of": "2026-03-10", "facts": "hmac:" + "b" * 64, "verified": True, "outcome": "missing_facts",
        "clauses": [
            {"id": "P801.1", "result": "true", "facts": ["staff_total"], "waits_for": []},
            {"id": "P801.2", "result": "unknown", "facts": ["rd_spend"], "waits_for": ["rd_spend"]},
        ],
        "missing": [["rd_spend"]], "disputed": ["rd_spend"],
        "amount": {
            "low_fen": 100, "high_fen": None, "formula": {"zh": "最高 50", "en": "at most 50"},
            "steps": [{"zh": "甲", "en": "first"}, "5 × 0.1"],
        },
    }  # fmt: skip


def test_the_form_is_a_promise():
    """A change here makes every receipt of before look tampered with: then `ENGINE` must change."""
    assert (
        sha256_of(statement_of(GROUND, ANSWER))
        == "f253098cc5f5a7fac917fe3a3a60a7d00d3d0b8d64f320c508f1f377b1270917"
    )


@pytest.mark.parametrize(
    "other",
    [
        {"policy_key": "P9"}, {"version_number": 3}, {"text_sha256": "c" * 64}, {"counts_from": None},
        {"counts_to": date(2026, 12, 31)}, {"as_of": date(2026, 3, 11)}, {"facts_digest": "hmac:x"},
        {"is_verified": False},
    ],
)  # fmt: skip
def test_whatever_it_rested_on_otherwise_is_another_statement(other):
    assert statement_of(replace(GROUND, **other), ANSWER) != statement_of(GROUND, ANSWER)


@pytest.mark.parametrize(
    "other",
    [
        {"outcome": Outcome.ELIGIBLE}, {"clauses": ANSWER.clauses[:1]}, {"missing": ()}, {"amount": None}, {"disputed": ()},
        {"amount": replace(MONEY, low_fen=101)}, {"amount": replace(MONEY, steps=())},
    ],
)  # fmt: skip
def test_another_answer_is_another_statement(other):
    assert statement_of(GROUND, replace(ANSWER, **other)) != statement_of(GROUND, ANSWER)
