"""Policies on a terminal."""

import io
from datetime import date

import pytest
from rich.console import Console

from policy_pack.engine.dictionary import DICTIONARY
from policy_pack.engine.evaluate import evaluate
from policy_pack.engine.evaluation import OUTCOME_WORDS, Money, Outcome
from policy_pack.engine.packs import shipped_pack
from policy_pack.engine.policy import CATEGORY_WORDS, Benefit, Category
from policy_pack.engine.reading import read_facts
from sanwang.policy_report import (
    BENEFITS,
    STYLES,
    show_answers,
    show_facts,
    show_policies,
    sum_of,
)

DAY = date(2026, 3, 15)


def shown(show, *arguments, **named):
    console = Console(file=io.StringIO(), width=200, soft_wrap=True, highlight=False)
    show(*arguments, console=console, **named)
    return console.file.getvalue()


def answered(policy_id, facts, *, explain=True, day=DAY):
    policy, known = shipped_pack().policies[policy_id], read_facts(facts)
    return shown(show_answers, [(policy, evaluate(policy, known, day))], known, day, explain=explain)


@pytest.mark.parametrize(
    ("low", "high", "zh", "en"),
    [
        (12_000_000, 12_000_000, "12 万元", "12"),
        (0, 500_000_000, "0–500 万元", "0 to 500"),
        (1_234_567_890, 1_234_567_890, "1,234.56789 万元", "1,234.56789"),
        (100_000_000, None, "100 万元起", "100 or more"),
    ],
)
def test_a_sum_is_said_in_units_of_ten_thousand(low, high, zh, en):
    said = sum_of(Money(low, high, "x"))
    assert (said.zh, str(said)) == (zh, en)


def test_everything_has_a_name_in_both_languages_and_every_outcome_a_colour():
    assert set(OUTCOME_WORDS) == set(STYLES) == set(Outcome)
    assert set(CATEGORY_WORDS) == set(Category)
    assert set(BENEFITS) == set(Benefit)


def test_a_long_set_of_missing_facts_is_cut_short_and_alternatives_are_told_apart():
    said = answered("P24", {"staff_total": 20, "revenue": 3, "total_assets": 3}, explain=False)
    assert "等 " in said
    assert " 项" in said
    assert "缺少信息" in said


def test_what_is_open_absent_or_given_is_told_of_each_clause():
    said = answered("P24", {"staff_total": 501, "labels": [], "revenue": None, "blacklisted": False})
    assert "✗ P24.1 职工总数不超过 500 人" in said
    assert "职工总数：501 人" in said
    assert "上年营业收入：确认没有" in said
    assert "资产总额：未知" in said
    assert "✓ P24.6" in said
    assert "列入严重失信名单：否" in said
    assert "企业资质：无" in said
    assert "须提交：有效的高新技术企业证书" in said


def test_a_clause_for_a_person_and_a_superseded_text_say_so():
    said = answered("P26", {})
    assert "⚖ P26.6 创新能力路径由评审认定" in said
    assert "2026-01-01 起由新文件代替" in said
    assert "须人工审核" in said


def test_the_steps_of_an_amount_and_the_notes_of_the_text_are_told():
    said = answered("P31", {"software_firm": True, "rd_spend": 500, "revenue": 1000})
    assert "补助 50 万元（待核实）" in said
    assert "= 以上为公布的上限" in said
    assert "依据 / reference: ynpmqx.com" in said


def test_where_no_formula_was_published_the_notice_is_named_with_the_cap():
    assert "见通知，上限 3,000 万元" in answered("P1", {}, explain=False)
    assert "—" in answered("P23", {}, explain=False)


def test_lists_of_policies_and_of_facts_are_tables():
    policies = shown(show_policies, shipped_pack().policies.values())
    assert "资质梯次" in policies
    assert "2025-10-05 – 2027-12-31" in policies
    facts = shown(show_facts, DICTIONARY.values())
    assert "process_nm" in facts
    assert "nm" in facts
