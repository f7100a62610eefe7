"""Until when an enterprise may still say that a talk did not take place, or that a proposal is no answer."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from backbone.clock import SHANGHAI
from sky_net.sla.policy import policy_on
from sky_net.sla.refusals import CalendarMissing
from sky_net.sla.silence import dispute_ends_at, silence_ends_at

POLICY = policy_on(date(2026, 3, 10))


@pytest.mark.parametrize(
    ("recorded", "ends"),
    [
        (datetime(2026, 3, 10, 9, 30, tzinfo=SHANGHAI), datetime(2026, 3, 12, 17, 30, tzinfo=SHANGHAI)),
        # Friday: the weekend does not count.
        (datetime(2026, 3, 13, 16, 0, tzinfo=SHANGHAI), datetime(2026, 3, 17, 17, 30, tzinfo=SHANGHAI)),
        # The Friday before a make-up Saturday, and nine days of holidays behind it.
        (datetime(2026, 2, 13, 16, 50, tzinfo=SHANGHAI), datetime(2026, 2, 24, 17, 30, tzinfo=SHANGHAI)),
    ],
)
def test_silence_lasts_to_the_close_of_the_second_working_day(recorded, ends):
    assert silence_ends_at(POLICY, recorded) == ends
    assert silence_ends_at(POLICY, recorded.astimezone(UTC)) == ends


def test_a_day_that_no_calendar_covers_is_refused_in_words():
    with pytest.raises(CalendarMissing) as refused:
        silence_ends_at(POLICY, datetime(2000, 1, 3, 9, 0, tzinfo=SHANGHAI))
    assert refused.value.sentence().zh


def test_a_proposal_can_be_disputed_to_the_close_of_the_last_working_day_of_the_policy():
    friday = datetime(2026, 3, 13, 16, 0, tzinfo=SHANGHAI)

    assert dispute_ends_at(POLICY, friday) == datetime(2026, 3, 17, 17, 30, tzinfo=SHANGHAI)


def test_the_days_of_dispute_are_their_own_and_not_those_of_silence():
    longer = replace(POLICY, parties=replace(POLICY.parties, dispute_days=5))
    monday = datetime(2026, 3, 16, 9, 0, tzinfo=SHANGHAI)

    assert dispute_ends_at(longer, monday) == datetime(2026, 3, 23, 17, 30, tzinfo=SHANGHAI)
    assert silence_ends_at(longer, monday) == datetime(2026, 3, 18, 17, 30, tzinfo=SHANGHAI)


def test_a_release_that_no_calendar_covers_is_refused_in_words():
    with pytest.raises(CalendarMissing):
        dispute_ends_at(POLICY, datetime(2000, 1, 3, 9, 0, tzinfo=SHANGHAI))
