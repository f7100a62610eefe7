"""Today itself has come, and has not gone by."""

from datetime import date, timedelta

import pytest

from backbone.days import problem_of_future, refuse_future, refuse_past
from backbone.errors import Invalid

TODAY = date(2026, 3, 10)
DAY = timedelta(days=1)


class TooEarly(Invalid):
    """A refusal of its own."""

    code = "too_early"


@pytest.mark.parametrize("day", [None, TODAY - DAY, TODAY])
def test_today_and_what_lies_before_it_can_be_put_on_record(day):
    assert problem_of_future(day, TODAY) is None
    refuse_future("seen_on", day, TODAY)


@pytest.mark.parametrize("kind", [Invalid, TooEarly])
def test_tomorrow_is_refused_by_its_field_and_in_the_words_of_whoever_asks(kind):
    with pytest.raises(kind) as refused:
        refuse_future("seen_on", TODAY + DAY, TODAY, kind)
    [error] = refused.value.data["errors"]
    assert (refused.value.code, error["field"]) == (kind.code, "seen_on")
    assert error["problem"].zh == "不能晚于今天（2026-03-10，北京时间）"


def test_a_time_limit_may_be_today_and_not_yesterday():
    refuse_past("due_on", TODAY, TODAY)
    with pytest.raises(Invalid) as refused:
        refuse_past("due_on", TODAY - DAY, TODAY)
    assert refused.value.data["errors"][0]["problem"].zh == "不能早于今天（2026-03-10，北京时间）"
