"""What is known of a subject."""

from decimal import Decimal

from policy_pack.engine.facts import Facts, Gap

FACTS = Facts(
    {"revenue": Decimal(5), "premium_paid": Gap.ABSENT, "region": Gap.DISPUTED, "labels": Gap.UNKNOWN}
)


def test_what_is_left_out_is_unknown():
    assert FACTS.of("revenue") == 5
    assert FACTS.of("staff_total") is Gap.UNKNOWN
    assert Facts().of("revenue") is Gap.UNKNOWN


def test_an_answer_can_still_come_for_what_is_unknown_or_disputed():
    open_facts = [key for key in (*FACTS, "staff_total") if FACTS.is_open(key)]
    assert open_facts == ["region", "labels", "staff_total"]


def test_answers_count_where_both_speak_and_leave_the_facts_as_they_were():
    answered = FACTS.with_answers({"region": "武汉市", "staff_total": Decimal(3)})
    assert (answered.of("region"), answered.of("staff_total"), answered.of("revenue")) == ("武汉市", 3, 5)
    assert list(answered) == ["revenue", "premium_paid", "region", "labels", "staff_total"]
    assert FACTS.of("region") is Gap.DISPUTED
