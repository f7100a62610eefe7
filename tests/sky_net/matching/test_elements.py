"""Which element a term names, measured on terms labelled by hand.

`elements.tsv`: term, label (- for none of the five), where the term comes from (keywords of the demo catalogue, or of the
CSL papers on engineering), and whether the table was made with a view to it. The labels are one person's.
"""

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sky_net.matching.elements import ELEMENTS, element_of

Row = tuple[str, str | None]
ROWS = [line.split("\t") for line in Path(__file__).with_name("elements.tsv").read_text("utf-8").splitlines()]
UNSEEN: list[Row] = [
    (term, None if label == "-" else label) for term, label, _, how in ROWS if how == "unseen"
]
KNOWN: list[Row] = [
    (term, None if label == "-" else label) for term, label, _, how in ROWS if how != "unseen"
]


def accuracy(rows: Sequence[Row]) -> float:
    return sum(element_of(term) == label for term, label in rows) / len(rows)


def precision(rows: Sequence[Row]) -> float:
    """Of the terms that are given an element, the share that are given the right one."""
    said = [(term, label) for term, label in rows if element_of(term)]
    return sum(element_of(term) == label for term, label in said) / len(said)


@pytest.mark.parametrize(
    ("rows", "least_accuracy", "least_precision"),
    [(KNOWN, 0.95, 0.97), (UNSEEN, 0.60, 0.85)],
    ids=["known", "unseen"],
)
def test_elements_are_right_as_often_as_the_docs_say(
    rows: list[Row], least_accuracy: float, least_precision: float
):
    print(f"{len(rows)} terms: accuracy {accuracy(rows):.3f}, precision {precision(rows):.3f}")
    assert accuracy(rows) >= least_accuracy
    assert precision(rows) >= least_precision


def test_the_labelled_terms_are_enough_and_well_labelled():
    assert len(ROWS) >= 150
    assert len({row[0] for row in ROWS}) == len(ROWS)
    assert {label for _, label, *_ in ROWS} == {*ELEMENTS, "-"}


@pytest.mark.parametrize(
    ("term", "text", "element"),
    [
        ("激光焊接", "", "method"),
        ("铝合金", "", "material"),
        ("红外", "红外技术用在焊接", "method"),
        ("粗糙", "减少粗糙", "effect"),
        ("新能源", "用于新能源", "application"),
        ("红外", "红外光很强", None),
        ("不明", "", None),
        ("", "", None),
    ],
)
def test_the_term_speaks_first_and_then_its_neighbours(term: str, text: str, element: str | None):
    assert element_of(term, text) == element


@given(st.text(max_size=20), st.text(max_size=100))
def test_any_text_may_be_asked(term: str, text: str):
    assert element_of(term, text) in {*ELEMENTS, None}
