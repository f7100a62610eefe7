"""One row names what is current; one process at a time makes the next."""

from datetime import UTC, datetime

from sky_net.matching.naming import fresh_name, lock_number
from sky_net.matching.sources import SOURCES

NOW = datetime(2026, 3, 10, 1, 30, tzinfo=UTC)


def test_the_lock_of_a_source_is_its_own():
    numbers = {lock_number(source) for source in SOURCES.values()}
    assert len(numbers) == len(SOURCES)


def test_a_name_tells_when_it_was_given_and_is_never_given_twice():
    first, second = fresh_name(NOW), fresh_name(NOW)
    assert first.startswith("20260310T013000-")
    assert first != second
