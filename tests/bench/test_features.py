"""What features would bring on the demo catalogue: the bench says it of the same answers as the rest of the documents."""

import numpy as np
import pytest

from bench.features import ASKED, OFFERED, gain, splits
from sky_net.matching.scales import PLACES, SCALES

pytestmark = pytest.mark.slow


def test_the_bench_compares_every_answer_on_every_split():
    found = splits()
    assert len(found) == len(ASKED) * len(OFFERED)
    nothing, industry = np.zeros(len(SCALES)), np.zeros(len(SCALES))
    industry[PLACES["industry"]] = 0.5
    for judged in found.values():
        assert len(judged) == 34
        assert all(one.signals.shape == (162, 1 + len(SCALES)) for one in judged)
        assert all(one.grades.any() for one in judged)
        assert gain(judged, nothing) == 0
        assert gain(judged, industry) > 0, "the catalogue's answers are of the industry of their needs"
