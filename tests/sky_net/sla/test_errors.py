"""What the clock refuses says its stages and states in words, and keeps their codes beside them."""

from sky_net.sla.errors import NoSuchClock, NothingToWaive


def test_a_refusal_names_the_clock_and_its_state_in_words():
    refusal = NothingToWaive("communicate", "running")
    assert refusal.zh == "“对接”时钟为“进行中”，不是“超时”，无须豁免。"
    assert refusal.en == "The clock for “talks” is “running” and not “breached”: there is nothing to excuse."
    assert (refusal.stage, refusal.state) == ("communicate", "running")


def test_a_clock_that_there_is_not_is_called_as_it_was_asked_for():
    assert NoSuchClock("lead").zh == "没有“线索办理”时钟。"
    assert NoSuchClock("solve").zh == "没有“solve”时钟。"
