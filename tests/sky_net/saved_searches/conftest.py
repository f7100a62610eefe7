"""What a process searches with in these tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sky_net.matching.engine import Engine
from tests.factories.matching import an_engine, installed


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    with installed(an_engine(tmp_path / "search")) as made:
        yield made
