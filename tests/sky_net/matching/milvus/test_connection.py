"""Whatever keeps Milvus from answering is one sentence, said in time, and never quotes what was searched."""

import logging
import socket
import time
from typing import Any

import pytest

from sky_net.matching.errors import SearchEngineDown
from sky_net.matching.milvus import connection
from sky_net.matching.milvus.connection import Milvus

SECRET = "紫铜激光焊接飞溅抑制"


class Client:
    """Fails with whatever it is given, after so long."""

    def __init__(self, error: Exception, after_s: float = 0.0) -> None:
        self.error, self.after_s, self.asked, self.closed = error, after_s, 0, False

    def search(self, *_: Any, **__: Any) -> None:
        self.asked += 1
        time.sleep(self.after_s)
        raise self.error

    def close(self) -> None:
        self.closed = True


def connected(monkeypatch: pytest.MonkeyPatch, client: Any) -> Milvus:
    monkeypatch.setattr(connection, "_open", lambda *_: client)
    return Milvus("http://nowhere:19530")


def test_nothing_is_opened_before_the_first_call(monkeypatch: pytest.MonkeyPatch):
    opened: list[object] = []
    monkeypatch.setattr(connection, "_open", lambda *given: opened.append(given))
    Milvus("http://nowhere:19530", "token").close()
    assert opened == []


def test_a_failure_is_a_refusal_in_both_languages(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    milvus = connected(monkeypatch, Client(RuntimeError(f"cannot search for {SECRET}")))
    with caplog.at_level(logging.DEBUG), pytest.raises(SearchEngineDown) as refused:
        milvus.call("search", SECRET)
    assert refused.value.sentence().zh == "检索引擎暂时没有应答"
    assert "search engine does not answer" in str(refused.value)
    assert "search failed with RuntimeError" in caplog.text
    assert SECRET not in caplog.text


def test_a_quick_failure_is_tried_again_at_once(monkeypatch: pytest.MonkeyPatch):
    client = Client(RuntimeError())
    milvus = connected(monkeypatch, client)
    for _ in range(2):
        with pytest.raises(SearchEngineDown):
            milvus.call("search")
    assert client.asked == 2


def test_a_silence_is_waited_for_once(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(connection, "_NOTICEABLE_S", 0.01)
    client = Client(TimeoutError(), after_s=0.05)
    milvus = connected(monkeypatch, client)
    for _ in range(5):
        with pytest.raises(SearchEngineDown):
            milvus.call("search")
    assert client.asked == 1
    monkeypatch.setattr(milvus, "_silent_until", 0.0)
    with pytest.raises(SearchEngineDown):
        milvus.call("search")
    assert client.asked == 2


def test_a_mistake_of_ours_is_not_blamed_on_the_server(monkeypatch: pytest.MonkeyPatch):
    milvus = connected(monkeypatch, Client(TypeError("unexpected argument")))
    with pytest.raises(TypeError):
        milvus.call("search")


def test_closing_lets_go_and_the_next_call_opens_anew(monkeypatch: pytest.MonkeyPatch):
    client = Client(RuntimeError())
    milvus = connected(monkeypatch, client)
    with pytest.raises(SearchEngineDown):
        milvus.call("search")
    milvus.close()
    assert client.closed
    with pytest.raises(SearchEngineDown):
        milvus.call("search")
    assert client.asked == 2


def test_a_port_where_nobody_listens_is_known_within_the_time_a_search_has(monkeypatch: pytest.MonkeyPatch):
    pytest.importorskip("pymilvus", reason="the extra `milvus` brings it")
    monkeypatch.setattr(connection, "ANSWERS_WITHIN_S", 1.0)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    begun = time.monotonic()
    with pytest.raises(SearchEngineDown):
        Milvus(f"http://127.0.0.1:{port}", "a:token").call("list_collections")
    assert time.monotonic() - begun < 4


def test_a_folder_that_is_no_milvus_is_refused(tmp_path, caplog: pytest.LogCaptureFixture):
    pytest.importorskip("milvus_lite", reason="the extra `dev` brings it")
    foreign = tmp_path / "foreign.db"
    foreign.write_text("not a database at all")
    with pytest.raises(SearchEngineDown):
        Milvus(str(foreign)).call("list_collections")
