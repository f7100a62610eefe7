"""An empty database of the embedded server for a benchmark, dropped at its end."""

from collections.abc import Iterator
from contextlib import contextmanager

from backbone.db import Database
from backbone.embedded import EmbeddedServer
from backbone.migrate import upgrade
from backbone.settings import Settings, load_settings
from sanwang.app import configure_keys

KEYS = Settings(digest_key="a key for the bench alone", personal_data_key="a key for sealing in the bench")


@contextmanager
def scratch(name: str) -> Iterator[Database]:
    """The database of this name, migrated, as its owner; the process holds keys for people's data."""
    configure_keys(KEYS)
    with EmbeddedServer(load_settings().var_dir / "pg") as server:
        server.drop_database(name)
        server.create_database(name)
        upgrade(server.owner_url(name))
        database = Database(server.owner_url(name))
        try:
            yield database
        finally:
            database.close()
            server.drop_database(name)
