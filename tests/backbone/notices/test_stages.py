"""The stages of the response clock have one word each."""

from backbone.notices.stages import STAGE_WORDS, stage_word
from sky_net.sla.parties import EVERY_STAGE


def test_every_stage_of_every_party_has_a_word_and_nothing_else_has():
    assert tuple(STAGE_WORDS) == EVERY_STAGE


def test_what_is_no_stage_is_called_by_its_own_name():
    assert (stage_word("propose").zh, str(stage_word("propose"))) == ("方案", "solution")
    assert stage_word("solve").zh == "solve"
