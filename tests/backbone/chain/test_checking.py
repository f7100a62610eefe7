from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backbone.chain.checking import LOOK_AHEAD, MOST_FINDINGS, Checker, Seen, Wrong
from backbone.chain.links import Link, Tip, beginning, extended

NAME = "audit"


def content(n: int) -> bytes:
    return n.to_bytes(32, "big")


def rows(count: int, first: int = 1) -> list[tuple[UUID, bytes]]:
    return [(UUID(int=n), content(n)) for n in range(first, first + count)]


def seen(link: Link) -> Seen:
    return Seen(link, link.content_hash, link.content_hash)


def a_chain(count: int) -> list[Seen]:
    return [seen(link) for link in extended(beginning(NAME), rows(count))]


def head_at(chain: list[Seen], position: int) -> Tip:
    return Tip(position, chain[position - 1].link.link_hash)


def findings(chain, *heads):
    checker = Checker(NAME, heads)
    assert len(list(checker.check(chain))) == len(chain)
    return [(found.wrong, found.position, found.until) for found in checker.finish()]


def relinked(chain: list[Seen], first: int, contents: list[tuple[UUID, bytes]]) -> list[Seen]:
    """The chain rewritten from position `first`: these rows instead, every later hash computed anew."""
    kept = chain[: first - 1]
    tip = Tip(first - 1, kept[-1].link.link_hash) if kept else beginning(NAME)
    return kept + [seen(link) for link in extended(tip, contents)]


@pytest.mark.parametrize("count", [0, 1, 2, LOOK_AHEAD, LOOK_AHEAD + 1, 2 * LOOK_AHEAD + 3])
def test_an_untouched_chain_has_no_finding(count):
    chain = a_chain(count)
    assert findings(chain) == []
    assert findings(chain, *(head_at(chain, at) for at in {1, count} if count)) == []


def test_a_deleted_row_is_named_where_its_link_still_stands():
    chain = a_chain(5)
    chain[2] = Seen(chain[2].link, None, None)
    assert findings(chain) == [(Wrong.DELETED, 3, None)]


def test_a_row_deleted_with_its_link_leaves_a_gap():
    chain = a_chain(6)
    del chain[2:4]
    assert findings(chain) == [(Wrong.DELETED, 3, 4)]


def test_a_changed_row_is_named_whether_or_not_its_own_hash_was_made_anew():
    for carried, computed in (
        (content(3), content(99)),
        (content(99), content(99)),
        (content(99), content(3)),
    ):
        chain = a_chain(5)
        chain[2] = Seen(chain[2].link, carried, computed)
        assert findings(chain) == [(Wrong.CHANGED, 3, None)]


def test_a_row_changed_together_with_its_link_no_longer_follows():
    chain = a_chain(5)
    old = chain[2].link
    chain[2] = seen(Link(3, old.row_id, content(99), old.link_hash))
    assert findings(chain)[0] == (Wrong.REWRITTEN, 3, None)


@pytest.mark.parametrize(("one", "other"), [(1, 2), (2, 3), (2, 5), (1, 6)])
def test_rows_that_changed_places_are_told(one, other):
    chain = a_chain(6)
    first, second = chain[one - 1].link, chain[other - 1].link
    chain[one - 1] = seen(Link(one, second.row_id, second.content_hash, first.link_hash))
    chain[other - 1] = seen(Link(other, first.row_id, first.content_hash, second.link_hash))
    assert findings(chain)[0] == (Wrong.REORDERED, one, None)


@pytest.mark.parametrize(("one", "other"), [(1, 2), (2, 3), (2, 5), (1, 6)])
def test_whole_links_that_changed_places_are_told(one, other):
    chain = a_chain(6)
    first, second = chain[one - 1].link, chain[other - 1].link
    chain[one - 1] = seen(Link(one, second.row_id, second.content_hash, second.link_hash))
    chain[other - 1] = seen(Link(other, first.row_id, first.content_hash, first.link_hash))
    assert findings(chain)[0] == (Wrong.REORDERED, one, None)


def test_a_link_pushed_in_between_is_told():
    chain = a_chain(6)
    pushed = [
        seen(Link(each.link.position + 1, each.link.row_id, each.link.content_hash, each.link.link_hash)) for each in chain[2:]
    ]  # fmt: skip
    between = seen(Link(3, UUID(int=99), content(99), content(98)))
    assert findings([*chain[:2], between, *pushed])[0] == (Wrong.INSERTED, 3, None)


def test_a_chain_rewritten_from_the_middle_follows_in_itself_and_is_found_by_a_head():
    chain = a_chain(10)
    forged = relinked(chain, 6, [(UUID(int=6), content(66)), *rows(4, 7)])
    assert findings(forged) == []
    assert findings(forged, head_at(chain, 3), head_at(chain, 8), head_at(chain, 10)) == [
        (Wrong.REWRITTEN, 4, 8)
    ]


def test_a_chain_cut_off_at_its_end_is_found_by_a_head():
    chain = a_chain(10)
    assert findings(chain[:7]) == []
    assert findings(chain[:7], head_at(chain, 5), head_at(chain, 9)) == [(Wrong.CUT_OFF, 8, 9)]
    assert findings([], head_at(chain, 9)) == [(Wrong.CUT_OFF, 1, 9)]


def test_a_cut_off_chain_that_went_on_is_rewritten():
    chain = a_chain(10)
    forged = relinked(chain, 8, rows(6, 50))
    assert findings(forged, head_at(chain, 7), head_at(chain, 10)) == [(Wrong.REWRITTEN, 8, 10)]


def test_a_chain_of_another_name_is_not_this_one():
    other = [seen(link) for link in extended(beginning("ledger"), rows(3))]
    assert findings(other)[0] == (Wrong.REWRITTEN, 1, None)


def test_a_position_of_nothing_is_no_place():
    chain = a_chain(2)
    zero = seen(Link(0, UUID(int=99), content(99), content(98)))
    assert findings([zero, *chain])[0][1] in {0, 1}


def test_the_report_stays_readable_when_everything_is_wrong():
    chain = [Seen(each.link, None, None) for each in a_chain(3 * MOST_FINDINGS)]
    assert len(findings(chain)) == MOST_FINDINGS


@st.composite
def tamperings(draw):
    """(the first position touched, the chain after it): any of the ways in which rows and links can be touched."""
    count = draw(st.integers(2, 12))
    chain = a_chain(count)
    at = draw(st.integers(1, count))
    old = chain[at - 1].link
    way = draw(
        st.sampled_from(
            ["delete row", "delete both", "change row", "change link", "rewrite", "exchange", "cut"]
        )
    )
    if way == "delete row":
        chain[at - 1] = Seen(old, None, None)
    elif way == "delete both":
        del chain[at - 1]
    elif way == "change row":
        forged = draw(st.binary(min_size=32, max_size=32).filter(lambda made: made != old.content_hash))
        chain[at - 1] = Seen(old, draw(st.sampled_from([forged, old.content_hash])), forged)
    elif way == "change link":
        part = draw(st.sampled_from(["row_id", "content_hash", "link_hash"]))
        forged = {"row_id": UUID(int=500), "content_hash": content(500), "link_hash": content(500)}[part]
        chain[at - 1] = seen(Link(**{**vars(old), part: forged}))
    elif way == "rewrite":
        chain = relinked(chain, at, [(old.row_id, content(500)), *rows(count - at, at + 1)])
    elif way == "exchange":
        other = draw(st.integers(1, count).filter(lambda position: position != at))
        at, other = sorted((at, other))
        mine, theirs = chain[at - 1].link, chain[other - 1].link
        chain[at - 1] = seen(Link(at, theirs.row_id, theirs.content_hash, mine.link_hash))
        chain[other - 1] = seen(Link(other, mine.row_id, mine.content_hash, theirs.link_hash))
    else:
        del chain[at - 1 :]
    return at, count, chain


@given(tamperings(), st.data())
def test_whatever_was_touched_is_found_with_a_head_at_the_end_and_nothing_before_it_is_blamed(tampered, data):
    at, count, chain = tampered
    original = a_chain(count)
    heads = {count} | data.draw(st.sets(st.integers(1, count)))
    checker = Checker(NAME, [head_at(original, position) for position in heads])
    list(checker.check(chain))
    first = checker.finish()[0]
    assert first.position is not None
    last_good_head = max((position for position in heads if position < at), default=0)
    assert last_good_head < first.position <= (first.until or first.position)
    assert first.position == at or first.position <= at <= (first.until or 0)
