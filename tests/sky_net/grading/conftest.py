"""An engine of its own for every test that searches."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sky_net.matching.engine import Engine
from tests.factories.matching import an_engine, installed


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """What the process searches with in this test: a folder of its own, nothing opened yet, the shipped encoder."""
    with installed(an_engine(tmp_path / "search")) as made:
        yield made
