"""A note as it is read, with every place known in the writer's own text."""

from hypothesis import given
from hypothesis import strategies as st

from ground_net.leads.extraction.reading import read_note


@given(st.text(max_size=80))
def test_places_rise_and_the_clauses_cover_the_note(text: str):
    note = read_note(text)
    assert len(note.places) == len(note.plain) + 1
    assert list(note.places) == sorted(note.places)
    assert all(one.end <= other.start for one, other in zip(note.clauses, note.clauses[1:], strict=False))
    assert (note.clauses[0].start, note.clauses[-1].end) == (0, len(note.plain))


def test_a_folded_letter_is_shown_as_it_was_written():
    note = read_note("强度≥４５０ＭＰａ，厚㎜")
    assert note.plain == "强度≥450MPa，厚mm"
    assert note.evidence(3, 9).words == "４５０ＭＰａ"
    assert note.evidence(11, 13).words == "㎜"
