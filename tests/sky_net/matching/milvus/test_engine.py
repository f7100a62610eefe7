"""Milvus is chosen by one setting; what is missing for it is said before anything starts."""

import subprocess
import sys
from pathlib import Path

import pytest

from backbone.settings import Settings, SettingUnusable
from sky_net.matching import engine as engines
from sky_net.matching.engine import Engine, configure
from sky_net.matching.milvus import engine as milvus
from sky_net.matching.milvus.engine import MilvusEngine
from tests.factories.matching import installed

PLATFORM = Path(__file__).resolve().parents[4] / "platform"
URI = "http://milvus:19530/sanwang"


def test_the_setting_chooses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(milvus, "find_spec", lambda name: name)
    with installed(None):
        configure(Settings(var_dir=tmp_path))
        assert isinstance(engines.engine(), Engine)
        configure(Settings(var_dir=tmp_path, search_engine="milvus", milvus_uri=URI))
        assert isinstance(engines.engine(), MilvusEngine)


@pytest.mark.parametrize(
    ("uri", "said"),
    [
        (None, "needs MILVUS_URI"),
        ("milvus:19530", "must be http"),
        ("var/search.db", "must be http"),
        ("http://someone:secret@milvus:19530", "MILVUS_TOKEN"),
        ("https://", "must be http"),
    ],
)
def test_an_address_that_will_not_do_is_refused(uri: str | None, said: str):
    with pytest.raises(SettingUnusable, match=said) as refused:
        configure(Settings(search_engine="milvus", milvus_uri=uri))
    assert "secret" not in str(refused.value)


def test_a_missing_client_is_named_with_what_installs_it(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(milvus, "find_spec", lambda name: None)
    with pytest.raises(SettingUnusable, match=r"sanwang\[milvus\]"):
        configure(Settings(search_engine="milvus", milvus_uri=URI))


def test_the_token_is_in_no_repr():
    assert "hush" not in repr(Settings(milvus_token="hush"))


WITHOUT = """
import sys
from pathlib import Path
from backbone.settings import Settings
from sanwang import features, models, processes
from sky_net.matching import engine
engine.configure(Settings(var_dir=Path(sys.argv[1])))
engine.engine().encoder.encode(["焊接"])
print(sorted({"pymilvus", "milvus_lite", "grpc", "pandas", "torch", "ortools"} & set(sys.modules)))
"""


def test_web_and_worker_load_nothing_of_it_unless_it_is_chosen(tmp_path: Path):
    told = subprocess.run(
        [sys.executable, "-c", WITHOUT, str(tmp_path)], env={"PYTHONPATH": str(PLATFORM)}, check=True,
        capture_output=True, text=True,
    )  # fmt: skip
    assert told.stdout.strip() == "[]"
