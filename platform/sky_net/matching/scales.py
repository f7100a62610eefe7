"""The scales on which a ranker weighs features: from -1, against an offer, to 1, for it, and 0 for what nobody knows.

A weight above 0 thus always means the same: of two offers alike in all else, the better never ranks below. What one side
is silent about adds nothing to the sum, so that saying less is neither punished nor paid for. Changing a scale changes what
was learned on it: they are part of `signals.BASIS`.
"""

from collections.abc import Mapping, Sequence
from operator import itemgetter
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from sky_net.matching.features import Features

Columns = npt.NDArray[np.float64]

SCALES: Mapping[str, tuple[tuple[float, float], ...]] = MappingProxyType({
    "industry": ((0, 1), (2, -1)),
    "region": ((0, 1), (3, -1)),
    "trl_gap": ((-3, -1), (3, 1)),
    "modes": ((0, -1), (1, 0.5), (2, 1)),
    "met": ((0, 0), (1, 1)),
    "missed": ((0, 0), (1, -1)),
    "price": ((0, 1), (1, 0), (2, -1)),
    "age": ((0, 1), (365, -1)),
    "left": ((0, -1), (365, 1)),
    "answered": ((0, -1), (1, 1)),
    "load": ((0, 1), (1, -1)),
})  # fmt: skip
"""By feature the points between which the scale is straight; beyond the last it stays. The share of indicators that are
unknown has none: it is what `met` and `missed` leave of 1, and counts for nothing.
"""
PLACES: Mapping[str, int] = MappingProxyType({name: place for place, name in enumerate(SCALES)})
"""Which column is whose."""
OF_RECORDS = ("answered", "load")
"""What takes the institute's record to know."""

_KNOTS: list[tuple[Columns, Columns]] = [
    (np.array([at for at, _ in knots], np.float64), np.array([worth for _, worth in knots], np.float64))
    for knots in SCALES.values()
]
_told = itemgetter(*(Features._fields.index(name) for name in SCALES))


def weighed(features: Sequence[Features]) -> Columns:
    """(len(features), len(SCALES)): every feature on its scale, 0 where it is None."""
    told = np.array([_told(each) for each in features], np.float64)
    return scaled(told.reshape(len(features), len(SCALES)))


def scaled(told: Columns) -> Columns:
    """The same for columns of features in the order of SCALES, NaN where one is not known."""
    columns = [np.interp(told[:, place], at, worth) for place, (at, worth) in enumerate(_KNOTS)]
    return np.asarray(np.nan_to_num(np.column_stack(columns)), np.float64)
