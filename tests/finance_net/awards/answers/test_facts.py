"""What a word of the bank's changes: whatever is said, in whatever files, nothing counts twice and money comes back once."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from finance_net.awards.answers.answer_file import MOVED, STATUSES
from finance_net.awards.answers.facts import Record, Word, in_order, sorted_out
from finance_net.awards.life import LIVE

SENT = Record("exported")


def a_word(action, number):
    movement = (f"{action[0]}{number}", date(2026, 3, 9)) if action in MOVED else (None, None)
    return Word("FK-1", action, 100, *movement)


WORDS = st.lists(st.builds(a_word, st.sampled_from(sorted(set(STATUSES.values()))), st.integers(1, 2)), max_size=8)  # fmt: skip


def taken(files):
    """The record after files of words, each taken whole or not at all, and what of them was new."""
    record, news = SENT, []
    for words in files:
        records = {"FK-1": record}
        new, against = sorted_out(in_order(words), records)
        if not against:
            record, news = records["FK-1"], news + new
    return record, news


@given(st.lists(WORDS, max_size=6))
def test_it_is_settled_once_and_comes_back_once_after_that(files):
    record, news = taken(files)
    moves = [word.action for word in news if word.action in MOVED]
    assert moves == list(MOVED[: len(moves)])
    assert (record.state in LIVE) == (record.state != "refused" and moves != list(MOVED))
    assert record.out == (
        news[[word.action for word in news].index("settle")].movement if moves else record.out
    )
    assert (record.back != (None, None)) == (len(moves) == 2)


@given(st.lists(WORDS, max_size=6), st.randoms())
def test_what_was_taken_is_on_record_and_taken_again_changes_nothing(files, random):
    record, news = taken(files)
    moved = [word for word in news if word.action in MOVED]
    random.shuffle(moved)
    records = {"FK-1": record}
    assert sorted_out(in_order(moved), records) == ([], [])
    assert records == {"FK-1": record}


def test_a_day_that_tells_of_both_is_read_in_their_order():
    back, out = a_word("return", 1), a_word("settle", 1)
    assert sorted_out(in_order([back, out]), {"FK-1": SENT}) == ([out, back], [])
    assert sorted_out([back], {"FK-1": SENT}) == ([], [back])
    refused = Record("refused")
    assert sorted_out([out], {"FK-1": refused}) == ([out], [])
