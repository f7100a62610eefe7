from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from backbone.chain.links import Tip, beginning, extended, hash_of_link

ROWS = st.lists(st.tuples(st.uuids(), st.binary(min_size=32, max_size=32)), max_size=12, unique=True)


def test_the_form_of_a_link_is_a_promise():
    (link,) = extended(beginning("audit"), [(UUID(int=7), bytes(32))])
    assert link.position == 1
    assert link.link_hash.hex() == "fe3ad8199ffce25d8ce2d3f1e2a890d6f032a436264261a12f6f55d582fab5a0"


def test_chains_of_different_names_share_nothing():
    assert beginning("audit") != beginning("ledger")
    assert beginning("audit").position == 0


@given(ROWS)
def test_positions_count_from_one_without_a_gap(rows):
    links = extended(beginning("audit"), rows)
    assert [link.position for link in links] == list(range(1, len(rows) + 1))
    assert [(link.row_id, link.content_hash) for link in links] == rows


@given(ROWS, st.integers(0, 12))
def test_a_chain_is_the_same_however_it_was_cut_into_batches(rows, cut):
    first = extended(beginning("audit"), rows[:cut])
    tip = Tip(first[-1].position, first[-1].link_hash) if first else beginning("audit")
    assert first + extended(tip, rows[cut:]) == extended(beginning("audit"), rows)


@given(ROWS.filter(lambda rows: len(rows) > 1), st.data())
def test_every_later_hash_depends_on_every_earlier_row(rows, data):
    at = data.draw(st.integers(0, len(rows) - 1))
    changed = [*rows]
    changed[at] = (rows[at][0], bytes(32) if rows[at][1] != bytes(32) else b"\1" * 32)
    before, after = extended(beginning("audit"), rows), extended(beginning("audit"), changed)
    assert before[:at] == after[:at]
    assert all(one.link_hash != other.link_hash for one, other in zip(before[at:], after[at:], strict=True))


def test_a_link_speaks_of_its_place():
    assert hash_of_link(bytes(32), 1, UUID(int=1), bytes(32)) != hash_of_link(
        bytes(32), 2, UUID(int=1), bytes(32)
    )
