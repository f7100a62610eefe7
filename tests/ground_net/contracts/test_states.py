from ground_net.contracts.states import AMENDABLE, CANCELLED, ENDED, LIFE, STATES


def test_every_state_has_its_words():
    assert set(LIFE.states) == set(STATES)


def test_nothing_leaves_where_a_contract_has_ended():
    assert all(LIFE.actions_from(state) == [] for state in ENDED)
    assert all(LIFE.actions_from(state) for state in set(STATES) - set(ENDED))


def test_what_may_still_be_amended_or_was_only_delivered_can_be_cancelled():
    assert {state for state in STATES if "cancel" in LIFE.actions_from(state)} == {*AMENDABLE, "delivered"}
    assert CANCELLED in ENDED
