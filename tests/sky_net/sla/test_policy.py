"""The shipped policy says what the promise says; a wrong file says where it is wrong."""

from datetime import date
from pathlib import Path

import pytest

import sky_net.sla.policy as policy_module
from sky_net.sla.errors import PolicyInvalid, PolicyNotInForce
from sky_net.sla.policy import STAGES, load_policies, policy_on
from sky_net.sla.working_time import DayEnds

TEXT = Path(policy_module.__file__).with_name("policy.yaml").read_text(encoding="utf-8")
ENTRY = TEXT[TEXT.index("  - version") :]


def test_the_promise_is_1_5_and_15_working_days_start_day_excluded_until_close():
    stages = policy_on(date(2026, 2, 13)).stages
    assert [(name, stages[name].days) for name in STAGES] == [
        ("confirm", 1),
        ("communicate", 5),
        ("propose", 15),
    ]
    assert {(stage.day_ends, stage.count_start_day) for stage in stages.values()} == {(DayEnds.CLOSE, False)}
    assert {stage.at_risk_share for stage in stages.values()} == {0.75}


def test_pauses_and_parties_have_their_maxima():
    policy = policy_on(date(2026, 2, 13))
    assert (policy.pauses.max_days_each, policy.pauses.max_days_total) == (10, 20)
    assert policy.parties.institute_reply_days == 3
    assert policy.parties.agreement_by_silence_days == 2
    assert policy.parties.enterprise_reminder_days == (3, 6)
    assert any("民法典" in reference for reference in policy.references)


def test_no_version_is_in_force_before_the_first():
    with pytest.raises(PolicyNotInForce) as refusal:
        policy_on(date(2003, 12, 31))
    assert refusal.value.code == "policy_not_in_force"


def test_two_versions_that_follow_each_other_are_ordered_by_date():
    later = ENTRY.replace("2004-01-01", "2026-07-01").replace(".v1", ".v2")
    earlier = ENTRY.replace("valid_to: null", "valid_to: 2026-06-30")
    versions = load_policies(f"policies:\n{later}{earlier}")
    assert [policy.version[-2:] for policy in versions] == ["v1", "v2"]


@pytest.mark.parametrize("end", ["null", "2026-06-29", "2026-07-01"])
def test_a_gap_or_an_overlap_between_versions_is_refused(end):
    later = ENTRY.replace("2004-01-01", "2026-07-01").replace(".v1", ".v2")
    earlier = ENTRY.replace("valid_to: null", f"valid_to: {end}")
    with pytest.raises(PolicyInvalid):
        load_policies(f"policies:\n{earlier}{later}")


def test_two_versions_of_one_name_are_refused():
    later = ENTRY.replace("2004-01-01", "2026-07-01")
    earlier = ENTRY.replace("valid_to: null", "valid_to: 2026-06-30")
    with pytest.raises(PolicyInvalid):
        load_policies(f"policies:\n{earlier}{later}")


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ("{days: 5,", "{days: 0,", "stages.communicate.days"),
        ("{days: 5,", "{days: true,", "stages.communicate.days"),
        ("{days: 5,", "{days: 5.0,", "stages.communicate.days"),
        ("{days: 5,", "{dais: 5,", "stages.communicate"),
        (
            "confirm: {days: 1, day_ends: close",
            "confirm: {days: 1, day_ends: dusk",
            "stages.confirm.day_ends",
        ),
        ("count_start_day: false", "count_start_day: 0", "stages.confirm.count_start_day"),
        ("at_risk_share: 0.75", "at_risk_share: 1.5", "stages.confirm.at_risk_share"),
        ("at_risk_share: 0.75", "at_risk_share: high", "stages.confirm.at_risk_share"),
        ("max_days_each: 10", "max_days_each: 30", "pauses"),
        ("[3, 6]", "6", "enterprise_reminder_days"),
        ("valid_from: 2004-01-01", "valid_from: soon", "policies[0]"),
        ("valid_to: null", "valid_to: 1999-01-01", "policies[0]"),
        ("version: response-1-5-15.v1", "version: ''", "version"),
        ("    pauses:  ", "    breaks:  ", "policies[0]"),
    ],
)
def test_a_wrong_value_is_refused_and_its_place_named(old, new, where):
    assert old in TEXT
    with pytest.raises(PolicyInvalid) as refusal:
        load_policies(TEXT.replace(old, new, 1))
    assert where in refusal.value.where
    assert where in refusal.value.zh
    assert where in refusal.value.en


@pytest.mark.parametrize("text", ["", "policies: []", "policies: {}", "policies: [7]", "a: [", "other: 1"])
def test_a_file_that_is_no_list_of_versions_is_refused(text):
    with pytest.raises(PolicyInvalid):
        load_policies(text)
