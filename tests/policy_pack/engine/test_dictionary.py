"""The dictionary of facts: that of the platform, and what a faulty one is told."""

import pytest

from policy_pack.engine.definition import NUMERIC, Change, Kind
from policy_pack.engine.dictionary import DICTIONARY, read_dictionary
from policy_pack.engine.problems import PackRefused

ENTRY = "{type: money, unit: 万元, label: {zh: 甲, en: a}, question: {zh: 几, en: how much}}"


def problems(text):
    with pytest.raises(PackRefused) as caught:
        read_dictionary(text, "d.yaml")
    return [(problem.line, problem.clause, str(problem.text)) for problem in caught.value.problems]


def test_an_entry_has_the_bounds_of_its_type_unless_it_says_otherwise():
    found = read_dictionary(f"a: {ENTRY}\nb: {ENTRY[:-1]}, least: -5, most: 7}}", "d.yaml")
    assert (found["a"].least, found["a"].most) == (0, None)
    assert (found["b"].least, found["b"].most) == (-5, 7)
    assert (found["a"].change, found["a"].per) == (Change.NEVER, "enterprise")
    assert (found["a"].cost, found["a"].step, found["a"].evidence) == (1, 1, None)


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("{type: moneys}", "must be one of money"),
        ("{type: number, label: {zh: 甲, en: a}, question: {zh: 几, en: b}}", "bad lacks most"),
        ("{type: boolean, least: 0, label: {zh: 甲, en: a}, question: {zh: 几, en: b}}", "least does not go with boolean"),
        ("{type: date, values: [a], label: {zh: 甲, en: a}, question: {zh: 几, en: b}}", "values does not go with date"),
        ("{type: text, step: 2, label: {zh: 甲, en: a}, question: {zh: 几, en: b}}", "step does not go with text"),
        ("{type: enum, values: [a], also: {b: c}, label: {zh: 甲, en: a}, question: {zh: 几, en: b}}", "b must stand for one"),
        ("{type: text, per: shop, label: {zh: 甲, en: a}, question: {zh: 几, en: b}}", "per must be one of enterprise"),
        ("{type: text, label: {zh: 甲, en: a}}", "lacks question"),
        ("{type: text, lable: x}", "did you mean label"),
    ],
)  # fmt: skip
def test_a_faulty_entry_is_named_with_its_key(entry, said):
    ((line, key, text),) = problems(f"good: {ENTRY}\nbad: {entry}")
    assert (line, key) == (2, "bad")
    assert said in text


def test_every_faulty_entry_is_said():
    assert [key for _, key, _ in problems("a: 1\nb: {type: x}\n")] == ["a", "b"]


@pytest.mark.parametrize("key", DICTIONARY)
def test_each_shipped_entry_can_be_asked_for_in_both_languages(key):
    definition = DICTIONARY[key]
    assert definition.key == key
    assert definition.question.zh.endswith("？")
    assert str(definition.question).endswith("?")
    assert definition.label.zh != str(definition.label)
    if definition.kind in NUMERIC:
        assert definition.most is None or definition.least < definition.most
        assert definition.kind is Kind.SHARE or definition.unit
        assert definition.step > 0
    if definition.kind in (Kind.CHOICE, Kind.SET):
        assert len(definition.values) > 1
    assert definition.cost > 0


def test_what_happened_cannot_be_changed():
    past = (
        "founded_on",
        "major_incident_last_year",
        "ip_dispute_3y",
        "penalty_3y",
        "incident_3y",
        "blacklisted",
        "rd_spend_prev",
    )
    assert {DICTIONARY[key].change for key in past} == {Change.NEVER}  # fmt: skip


def test_the_keys_of_the_published_table_are_all_there():
    named = """region founded_on staff_total staff_rd revenue revenue_prev revenue_prev2 rd_spend rd_spend_prev rd_spend_prev2
        rd_domestic_share hightech_income_share main_business_share niche_share_national debt_ratio revenue_growth_2y total_assets
        niche_years equity_raised_2y has_core_ip in_supported_field restricted_sector blacklisted major_incident_last_year
        innovation_score sme_score sme_staff_item_score srdi_score national_award_5y provincial_rd_body standard_lead_5y labels
        contract_side contract_type contract_registered contract_signed_on technology_transaction_amount cash_received buyer_region
        seller_region seller_kind new_product_sales_2y total_investment equipment_rd_software_investment pilot_investment
        first_product_kind product_recognised product_in_catalogue product_price premium_paid tapeout_cost process_nm service_spend
        other_aid open_special_project ip_dispute_3y technology_transfer_income"""
    assert set(named.split()) <= set(DICTIONARY)
