"""What the extractor reaches on the notes with their truth, by sums alone: docs/extraction.md has the table.

The bounds lie a bit under what was measured. They guard against getting worse, and are no aims.
"""

import pytest

from bench.extraction import measured, wilson

HELD_OUT = {
    "industry": (0.82, 0.70), "indicators": (0.61, 0.59), "trl": (0.80, 0.60), "budget": (0.60, 0.50), "deadline": (0.55, 0.45),
    "decision_owner": (0.90, 0.62), "tried": (0.82, 0.68),
}  # fmt: skip
DEV = {
    "industry": (0.95, 0.95), "indicators": (0.93, 0.94), "trl": (0.95, 0.95), "budget": (0.92, 0.92), "deadline": (0.90, 0.92),
    "decision_owner": (0.90, 0.90), "tried": (0.95, 0.95),
}  # fmt: skip


@pytest.mark.parametrize(("part", "bounds"), [("dev", DEV), ("held_out", HELD_OUT)])
def test_the_extractor_stays_as_good_as_it_was_measured(part, bounds):
    tallies, _ = measured(part)
    reached = {name: (tally.precision, tally.recall) for name, tally in tallies.items()}
    below = [
        name
        for name, (precision, recall) in bounds.items()
        if reached[name][0] < precision or reached[name][1] < recall
    ]
    assert not below


def test_an_interval_holds_its_share_and_narrows_with_the_tries():
    low, high = wilson(8, 10)
    assert low < 0.8 < high
    assert wilson(80, 100)[0] > low
    assert wilson(0, 0) == (0.0, 1.0)
