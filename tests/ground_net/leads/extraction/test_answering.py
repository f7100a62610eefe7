"""Proposals under the names of a need."""

from datetime import date

from ground_net.leads.extraction.answering import as_answers
from ground_net.leads.extraction.fields import ProposedFields
from ground_net.leads.extraction.proposing import proposed_fields


def test_every_proposal_is_an_answer_beside_its_words():
    text = "做光模块的，良率现在92%，要做到98%以上，厚度公差±0.5毫米。试过国产胶。预算最多50万，年底前要出样机，还在实验室阶段，总工拍板。"
    answers, words = as_answers(proposed_fields(text, date(2026, 5, 12)))
    assert answers["indicators"][0] == {"name": "良率", "unit": "%", "now": "92", "target": "≥98"}
    assert answers["indicators"][1]["target"] == "±0.5"
    assert answers["budget_kind"] == "range"
    assert "budget_min_fen" not in answers
    assert (answers["budget_max_fen"], answers["wanted_on"]) == (50_000_000, "2026-12-31")
    assert (answers["industry"], answers["trl_now"], answers["tried"]) == ("opto", 3, "试过国产胶")
    assert words.keys() == answers.keys()
    assert "拍板" not in str(answers)


def test_nothing_proposed_answers_nothing():
    assert as_answers(ProposedFields()) == ({}, {})
