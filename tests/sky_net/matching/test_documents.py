from sky_net.matching.documents import Document, Filters, Hit


def test_one_of_every_set_must_be_carried():
    filters = Filters((frozenset({"industry:opto", "industry:ai"}), frozenset({"trl:6"})))
    assert filters.admits(frozenset({"industry:ai", "trl:6", "region:420100"}))
    assert not filters.admits(frozenset({"industry:ai", "trl:5"}))
    assert not filters.admits(frozenset())


def test_no_requirement_admits_everything_and_an_empty_choice_nothing():
    assert Filters().admits(frozenset())
    assert not Filters((frozenset(),)).admits(frozenset({"trl:6"}))


def test_documents_are_values():
    assert Document("1", "a") == Document("1", "a", "", frozenset(), "")
    assert len({Document("1", "a"), Document("1", "a"), Document("1", "b")}) == 2
    assert Hit("1", 0.5).signals == {}
