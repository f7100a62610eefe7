"""pgvector as anyone would tune it: an HNSW index, an iterative scan in relaxed order, the filter in the WHERE clause."""

import time

import numpy as np
import numpy.typing as npt
import psycopg

from backbone.embedded import EmbeddedServer
from backbone.settings import load_settings
from sky_net.matching.encoder import Vectors

DATABASE = "sanwang_bench_pgvector"
SETTINGS = (
    "SET hnsw.iterative_scan = relaxed_order",
    "SET hnsw.ef_search = 100",
    "SET enable_seqscan = off",
    "SET enable_bitmapscan = off",  # the way by the filter alone would be the exact one, without the peer's index
)

Found = npt.NDArray[np.int64]


def searched(
    vectors: Vectors, passing: npt.NDArray[np.bool_], queries: Vectors, top: int
) -> tuple[list[Found], float, str]:
    """(rows of each query, milliseconds of one, version); ModuleNotFoundError where the server has no pgvector."""
    with EmbeddedServer(load_settings().var_dir / "pg") as server:
        server.drop_database(DATABASE)
        server.create_database(DATABASE)
        try:
            with psycopg.connect(server.owner_url(DATABASE), autocommit=True) as connection:
                version = _filled(connection, vectors, passing)
                return *_timed(connection, queries, top), version
        finally:
            server.drop_database(DATABASE)


def _filled(connection: psycopg.Connection, vectors: Vectors, passing: npt.NDArray[np.bool_]) -> str:
    try:
        connection.execute("CREATE EXTENSION vector")
    except psycopg.errors.Error as absent:
        raise ModuleNotFoundError(str(absent), name="pgvector") from absent
    connection.execute(
        f"CREATE TABLE kept (id int PRIMARY KEY, passes boolean, v vector({vectors.shape[1]}))"
    )
    with connection.cursor().copy("COPY kept FROM STDIN") as rows:
        for number, (vector, passes) in enumerate(zip(vectors, passing, strict=True)):
            rows.write_row((number, bool(passes), _literal(vector)))
    connection.execute("SET maintenance_work_mem = '1GB'")
    connection.execute("CREATE INDEX ON kept USING hnsw (v vector_ip_ops)")
    connection.execute("ANALYZE kept")
    for setting in SETTINGS:
        connection.execute(setting.encode())
    told = connection.execute("SELECT extversion FROM pg_extension WHERE extname = 'vector'").fetchone()
    return str(told[0]) if told else "?"


def _timed(connection: psycopg.Connection, queries: Vectors, top: int) -> tuple[list[Found], float]:
    """The second of two rounds, when everything is in memory and planned."""
    found: list[Found] = []
    ms = 0.0
    literals = [_literal(query) for query in queries]
    for _ in range(2):
        begun = time.perf_counter()
        answers = [
            connection.execute(
                "SELECT id FROM kept WHERE passes ORDER BY v <#> %s::vector LIMIT %s", (each, top)
            ).fetchall()
            for each in literals
        ]
        ms = (time.perf_counter() - begun) * 1000 / len(queries)
        found = [np.array([row[0] for row in answer], np.int64) for answer in answers]
    return found, ms


def _literal(vector: Vectors) -> str:
    return "[" + ",".join(f"{value:.7g}" for value in vector.tolist()) + "]"
