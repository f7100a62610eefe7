"""The engine that searches through Milvus, and what must be set for it."""

from collections.abc import Callable
from datetime import date, datetime
from importlib.util import find_spec
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from backbone.settings import Settings, SettingUnusable
from sky_net.matching.encoder import Encoder
from sky_net.matching.encoding import Watch, unwatched
from sky_net.matching.errors import SearchEngineDown
from sky_net.matching.milvus.connection import Milvus
from sky_net.matching.milvus.keeping import renew, renew_apart
from sky_net.matching.milvus.view import MilvusView, fingerprint_of, open_collection
from sky_net.matching.models import SearchGeneration
from sky_net.matching.port import Named, SearchEngine, Seen
from sky_net.matching.sources import Source

_MISSING = "集合 {name} 不在该服务器上或已改变 / collection {name} is not on this server, or is not the one that was filled"


class MilvusEngine(SearchEngine):
    """Searches a Milvus server, whatever its size."""

    def __init__(self, milvus: Milvus, opener: Callable[[], Encoder], location: str | None = None) -> None:
        super().__init__(opener, location)
        self.milvus = milvus
        self._views: dict[str, MilvusView] = {}

    def projection(self, source: Source) -> MilvusView:
        """The view that this process has of the source."""
        encoder = self.encoder
        with self._lock:
            self._stay_in_process()
            return self._views.setdefault(source.name, MilvusView(source, self.milvus, encoder, self.former))

    def renew(
        self, session: Session, source: Source, today: date, *, now: datetime
    ) -> SearchGeneration | None:
        """Synchronise the collection, or fill the first one: see `keeping.renew`."""
        return renew(session, self, source, today, now=now)

    def renew_apart(self, source: Source, today: date, watch: Watch = unwatched) -> str | None:
        """The same with its progress told: see `keeping.renew_apart`."""
        return renew_apart(self, source, today, watch)

    def seen(self, session: Session, source: Source, named: Named | None) -> Seen:
        """Asks the server; what it finds near in meaning is not measured from here."""
        if named is None:
            return Seen("no index")
        try:
            opened = open_collection(self.milvus, named.name, named.checksum)
        except SearchEngineDown as down:
            return Seen("no index", down.in_both_languages())
        if opened is None:
            return Seen("no index", _MISSING.format(name=named.name))
        return Seen(self._searched_with(fingerprint_of(named), named.encoder_path))


def milvus_engine(
    settings: Settings, opener: Callable[[], Encoder], location: str | None = None
) -> MilvusEngine:
    """The engine of these settings, not yet connected; SettingUnusable says what is missing."""
    if not settings.milvus_uri:
        raise SettingUnusable(
            "SEARCH_ENGINE=milvus 需要设置 MILVUS_URI，如 http://milvus:19530/sanwang / "
            "SEARCH_ENGINE=milvus needs MILVUS_URI, such as http://milvus:19530/sanwang"
        )
    parts = urlsplit(settings.milvus_uri)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username or parts.password:
        raise SettingUnusable(
            "MILVUS_URI 应为不含账号的 http(s)://主机:端口/库，账号写入 MILVUS_TOKEN / MILVUS_URI must be "
            "http(s)://host:port/database without an account: that belongs into MILVUS_TOKEN"
        )
    if find_spec("pymilvus") is None:
        raise SettingUnusable(
            "SEARCH_ENGINE=milvus 需要安装附加组件：pip install 'sanwang[milvus]' / it needs an extra: "
            "pip install 'sanwang[milvus]'"
        )
    return MilvusEngine(Milvus(settings.milvus_uri, settings.milvus_token), opener, location)
