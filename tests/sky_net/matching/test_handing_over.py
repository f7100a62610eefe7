"""What one process wrote another has, array for array, without a copy of its own."""

import tempfile

import numpy as np
import pytest

from sky_net.matching.handing_over import hand_over, take_over


def taken(held: object) -> object:
    with tempfile.TemporaryFile() as file:
        hand_over(held, file)
        return take_over(file.fileno())


def test_arrays_of_every_size_arrive_with_what_holds_them():
    held = {
        "none": np.zeros(0, np.int64),
        "bytes": np.arange(7, dtype=np.uint8),
        "table": np.arange(12.0).reshape(3, 4),
        "turned": np.arange(12.0).reshape(3, 4).T[:, ::2],
        "text": "激光焊接",
    }
    found = taken(held)
    assert found.keys() == held.keys()
    for name, each in held.items():
        assert np.array_equal(found[name], each)


def test_an_array_stays_one_wherever_it_is_held():
    array = np.arange(5)
    one, other = taken([array, array])
    assert one is other


def test_arrays_lie_in_the_file_where_nobody_can_change_them():
    array = taken(np.arange(100_000.0))
    assert not array.flags.owndata
    assert array.ctypes.data % 64 == 0
    with pytest.raises(ValueError, match="read-only"):
        array[0] = 1
