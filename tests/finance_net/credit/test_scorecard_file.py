"""A scorecard is taken whole, or refused with every line that is wrong; no weight of it is ours."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

import finance_net.credit
from finance_net.credit.differing import differences_from_shape
from finance_net.credit.published import products, shapes
from finance_net.credit.scorecard_file import ScorecardRefused, read_scorecard
from tests.factories.credit import CARD


def refused(text: str) -> list[tuple[int, str, str]]:
    with pytest.raises(ScorecardRefused) as refusal:
        read_scorecard(text, "card.yaml")
    return [(each.line, each.text.zh, str(each.text)) for each in refusal.value.problems]


def line_of(part: str, text: str = CARD) -> int:
    return text[: text.index(part)].count("\n") + 1


def test_a_card_is_read_with_every_number_exactly():
    card = read_scorecard(CARD, "card.yaml")
    assert [group.key for group in card.groups] == ["start_up", "mature"]
    assert card.indicators[1].reads == "debt_ratio"
    assert card.indicators[1].bands[1].least == Decimal("0.5")
    assert card.indicators[0].weights == {"start_up": 60, "mature": 30}
    assert differences_from_shape(card) == []


def test_json_is_as_good_as_yaml():
    document = yaml.safe_load(CARD)
    document |= {"since": "2026-01-01", "source_as_of": "2026-01-01"}
    assert read_scorecard(json.dumps(document, ensure_ascii=False), "card.json") == read_scorecard(
        CARD, "card.yaml"
    )


@pytest.mark.parametrize(("part", "instead", "at", "said"), [
    ("mature: 30}", "mature: 31}", "indicators:", "add up to 101 in group mature instead of 100 (-1 off)"),
    ("{from: 10, points: 100}", "{from: 10, points: 40}", "bands: [{points: 0}", "50 → 40: more is better: points may not fall"),
    ("{from: 0.8, points: 0}", "{from: 0.8, points: 70}", "bands: [{points: 100}", "60 → 70: less is better: points may not rise"),
    ("{from: 10, points: 100}", "{from: 1, points: 100}", "bands: [{points: 0}", "must be above the 1 before it"),
    ("[{points: 0}, ", "[{from: 0, points: 0}, ", "bands: [{points: 0}", "the first band has no from"),
    ("points: 50", "points: 101", "bands: [{points: 0}", "must be from 0 to 100"),
    ("better: less", "better: lower", "better: less", "must be more or less"),
    ("dimension: outlook", "dimension: outlok", "dimension: outlook", "names no dimension of the card"),
    ("better: more", "betterr: more", "better: more", "did you mean better"),
    ("key: debt", "key: patents", "key: debt", "is given twice"),
    ("{reads: years, below: 5}", "{reads: years}", "when:", "a condition needs least or below"),
    ("{reads: years, below: 5}", "{reads: years, least: 5, below: 5}", "when:", "must be above least, 5"),
    ("    when: [{reads: years, below: 5}, {reads: revenue, below: 2000}]\n", "", "- key: start_up", "lacks when"),
    ("en: Mature}\n", "en: Mature}\n    when: [{reads: years, least: 5}]\n", "title: {zh: 稳定期", "may not stand in the last group"),
    ("weights: {start_up: 60, ", "weights: {seed: 60, ", "weights: {start_up: 60", "has no field seed"),
    ("since: 2026-01-01", "since: 2026-02-30", "since:", "must be a date"),
    ("whole: 100", "whole: 0", "whole:", "must be above 0"),
    ("source: 测试\n", "", "key: test-card", "lacks source"),
    ("source: 测试\n", "source: 测试\nshape: wuhan\n", "source: 测试", "must be one of national, hubei"),
    ("source: 测试\n", "source: 测试\nuntil: 2025-12-31\n", "source: 测试", "lies before since"),
])  # fmt: skip
def test_what_is_wrong_is_named_with_its_line_in_both_languages(part: str, instead: str, at: str, said: str):
    assert part in CARD
    found = refused(CARD.replace(part, instead, 1))
    lines = {line for line, _, _ in found}
    assert any(said in en and zh for _, zh, en in found), found
    assert any(abs(line - line_of(at)) <= 1 for line in lines), (lines, line_of(at))


def test_every_fault_is_named_not_the_first_alone():
    found = refused(CARD.replace("better: more", "better: mre").replace("points: 60", "points: 600"))
    assert len(found) == 2


def test_no_scorecard_is_shipped_and_no_weight_stands_in_what_is_published():
    folder = Path(finance_net.credit.__file__).parent
    assert [each.name for each in folder.glob("*.yaml")] == ["published.yaml"]
    assert "weight" not in json.dumps(
        list(yaml.safe_load((folder / "published.yaml").read_text("utf-8"))["shapes"][0])
    )
    assert (shapes()["national"].indicators, shapes()["national"].dimensions) == (18, 3)
    assert (shapes()["hubei"].indicators, shapes()["hubei"].dimensions) == (27, 5)
    assert all(
        each.source and each.as_of_on and each.grade != "A" and not each.is_verified
        for each in products().values()
    )
    assert products()["innovation-points-loan"].most_fen is None
    assert products()["knowledge-value-loan"].most_fen == 10_000_000 * 100


def test_a_card_that_names_a_published_shape_is_told_where_it_differs():
    card = read_scorecard(CARD.replace("source: 测试\n", "source: 测试\nshape: hubei\n"), "card.yaml")
    assert [str(each) for each in differences_from_shape(card)] == [
        "2 indicators; 27 were published", "2 dimensions; 5 were published",
    ]  # fmt: skip


@pytest.mark.parametrize(("limit", "said"), [
    ("{reads: years, below: 3}", "永远不会用到"),
    ("{reads: years, below: 5}, {reads: revenue, below: 9}", "永远不会用到"),
    ("{reads: years, below: 3}, {reads: years, least: 4}", "互相矛盾"),
])  # fmt: skip
def test_a_stage_that_no_enterprise_comes_to_is_refused(limit: str, said: str):
    """Its weights would never count, and nobody would notice."""
    card = CARD.replace(
        "  - key: mature\n",
        f"  - key: growth\n    title: {{zh: 成长期, en: Growth}}\n    when: [{limit}]\n  - key: mature\n",
    ).replace("[{reads: years, below: 5}, {reads: revenue, below: 2000}]", "[{reads: years, below: 5}]")
    card = card.replace("start_up: 60,", "start_up: 60, growth: 50,").replace(
        "start_up: 40,", "start_up: 40, growth: 50,"
    )
    with pytest.raises(ScorecardRefused) as refusal:
        read_scorecard(card, "card.yaml")
    (found,) = refusal.value.data["errors"]
    assert said in found["problem"].zh
    wider = card.replace(limit, "{reads: years, below: 10}")
    assert [each.key for each in read_scorecard(wider, "card.yaml").groups] == [
        "start_up",
        "growth",
        "mature",
    ]


def test_days_that_nobody_can_mean_are_refused():
    for day in ("0001-01-01", "9999-12-31"):
        with pytest.raises(ScorecardRefused) as refusal:
            read_scorecard(CARD.replace("since: 2026-01-01", f"since: {day}"), "card.yaml")
        assert "1990-01-01" in refusal.value.data["errors"][0]["problem"].zh


def test_stages_that_differ_from_the_published_ones_are_told():
    card = read_scorecard(CARD.replace("whole: 100", "whole: 100\nshape: national"), "card.yaml")
    assert "分组为 初创期、稳定期，已公布为 初创期、成长期、稳定期" in [
        each.zh for each in differences_from_shape(card)
    ]
