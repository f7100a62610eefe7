"""A process has one engine, which opens nothing before the first search."""

from pathlib import Path

import pytest

from backbone.settings import Settings
from sky_net.matching import engine as engines
from sky_net.matching.encoder import EncoderUnusable
from sky_net.matching.engine import Engine, configure, engine, install
from tests.factories.matching import an_engine, installed


def test_configuring_opens_nothing(tmp_path: Path):
    before = engines.install(None)
    try:
        configure(Settings(var_dir=tmp_path, encoder=tmp_path / "no-such-model"))
        assert engine().root == tmp_path / "search"
        with pytest.raises(EncoderUnusable):
            _ = engine().encoder
    finally:
        install(before)


def test_a_process_that_was_not_configured_is_told(tmp_path: Path):
    with installed(an_engine(tmp_path)):
        install(None)
        with pytest.raises(RuntimeError, match="configure"):
            engine()


def test_installing_gives_back_what_was_there(tmp_path: Path):
    first, second = an_engine(tmp_path), an_engine(tmp_path)
    with installed(first):
        assert install(second) is first
        assert engine() is second


def test_an_encoder_that_fails_once_is_tried_again(tmp_path: Path):
    answers = iter([EncoderUnusable(tmp_path, problem=None), an_engine(tmp_path).encoder])  # type: ignore[arg-type]

    def opener() -> object:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    made = Engine(tmp_path, opener)  # type: ignore[arg-type]
    with pytest.raises(EncoderUnusable):
        _ = made.encoder
    assert made.encoder.dimension > 0
