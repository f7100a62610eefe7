"""A process's one connection to Milvus: opened when first needed, and every failure is one sentence of ours."""

import logging
import threading
import time
from typing import Any

from sky_net.matching.errors import SearchEngineDown

log = logging.getLogger(__name__)

ANSWERS_WITHIN_S = 5.0
"""What a search waits for at most: far above what it takes, far below a web server's patience."""
WRITES_WITHIN_S = 120.0
PAUSE_S = 10.0
"""After a failure that had to be waited for, the next ones come at once for so long: a submission must not wait
for a server that was silent a moment ago."""
_NOTICEABLE_S = 1.0

OF_CALLERS = (TypeError, AttributeError, NameError)
"""A mistake of ours is no failure of the server's."""


class Milvus:
    """Safe to share between threads. Never made before a fork: nothing is opened until the first `call`."""

    def __init__(self, uri: str, token: str = "") -> None:
        """`uri` is http(s)://host:port[/database], in tests the folder of a milvus-lite (….db)."""
        self._uri = uri
        self._token = token
        self._lock = threading.Lock()
        self._client: Any = None
        self._silent_until = 0.0

    def call(self, verb: str, *given: Any, within_s: float = ANSWERS_WITHIN_S, **named: Any) -> Any:
        """What pymilvus's client answers to this verb; raises SearchEngineDown when it does not."""
        if time.monotonic() < self._silent_until:
            raise SearchEngineDown()
        begun = time.monotonic()
        try:
            return getattr(self._opened(), verb)(*given, timeout=within_s, **named)
        except OF_CALLERS:
            raise
        except Exception as error:  # pymilvus, gRPC and milvus-lite have no common one
            if time.monotonic() - begun > _NOTICEABLE_S:
                self._silent_until = time.monotonic() + PAUSE_S
            # Its own message may repeat the request, and that quotes a need.
            log.warning(
                "Milvus: %s failed with %s, code %s", verb, type(error).__name__, getattr(error, "code", None)
            )
            raise SearchEngineDown() from error

    def close(self) -> None:
        """Let the connection go; the next call opens another."""
        with self._lock:
            if self._client is not None:
                self._client.close()
            self._client = None

    def _opened(self) -> Any:
        with self._lock:
            if self._client is None:
                self._client = _open(self._uri, self._token)
            return self._client


def _open(uri: str, token: str) -> Any:
    from pymilvus import MilvusClient

    # It logs every failure with the request in it; ours says what is needed.
    logging.getLogger("pymilvus").setLevel(logging.CRITICAL)
    return MilvusClient(uri=uri, token=token, timeout=ANSWERS_WITHIN_S)
