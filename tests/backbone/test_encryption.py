"""What is sealed opens with its key in its place, and nowhere else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backbone import encryption
from backbone.encryption import Keyring, Unopened, UnusableKeys

RING = Keyring.parse("3:the key that seals,1:an older key")
OLDER = Keyring.parse("an older key")
VALUES = st.binary(max_size=300)
PLACES = st.text(max_size=60)


@given(VALUES, PLACES)
def test_what_was_sealed_opens_in_its_place(value: bytes, place: str):
    assert RING.open(RING.seal(value, place), place) == value


@given(VALUES.filter(lambda value: len(value) > 3), PLACES)
def test_the_value_does_not_show_and_twice_is_not_the_same(value: bytes, place: str):
    sealed = RING.seal(value, place)
    assert value not in sealed
    assert sealed != RING.seal(value, place)


@given(VALUES, PLACES, st.data())
def test_a_changed_bit_is_found(value: bytes, place: str, data: st.DataObject):
    sealed = bytearray(RING.seal(value, place))
    at = data.draw(st.integers(0, len(sealed) * 8 - 1))
    sealed[at // 8] ^= 1 << at % 8
    with pytest.raises(Unopened):
        RING.open(bytes(sealed), place)


@given(VALUES, st.integers(0, 28))
def test_a_shortened_value_is_found(value: bytes, left: int):
    with pytest.raises(Unopened):
        RING.open(RING.seal(value, "here")[:left], "here")


@given(VALUES, st.tuples(PLACES, PLACES).filter(lambda pair: pair[0] != pair[1]))
def test_a_value_moved_elsewhere_does_not_open(value: bytes, places: tuple[str, str]):
    with pytest.raises(Unopened):
        RING.open(RING.seal(value, places[0]), places[1])


@given(VALUES)
def test_another_key_of_the_same_version_does_not_open_it(value: bytes):
    other = Keyring.parse("3:somebody else's key")
    with pytest.raises(Unopened):
        other.open(RING.seal(value, "here"), "here")


@given(VALUES)
def test_an_older_key_opens_what_it_sealed_and_nothing_newer(value: bytes):
    old = OLDER.seal(value, "here")
    assert (old[0], RING.open(old, "here")) == (1, value)
    with pytest.raises(Unopened):
        OLDER.open(RING.seal(value, "here"), "here")


def test_the_first_key_named_seals():
    assert RING.current == 3
    assert RING.seal(b"", "here")[0] == 3


@pytest.mark.parametrize("setting", ["0:a", "256:a", "1:a,1:b", "a,b"])
def test_versions_are_small_numbers_each_given_once(setting: str):
    with pytest.raises(UnusableKeys, match="version"):
        Keyring.parse(setting)


def test_a_short_key_is_refused_also_among_the_older_ones():
    with pytest.raises(UnusableKeys, match="version 1 has less than 16"):
        Keyring.parse("2:long enough to be a key,1:short", 16)


def test_without_keys_nothing_personal_is_written(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(encryption, "_keyring", [])
    with pytest.raises(RuntimeError, match="without a key"):
        encryption.keyring()
