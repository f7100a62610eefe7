"""The mother of the victims: imports and assembles everything once, opens nothing, and forks a process per caller.

    python -m tests.crash.forkserver SOCKET DATABASE_URL VAR_DIR DIGEST_KEY PERSONAL_DATA_KEY

A start takes seconds, a fork some milliseconds: that is what makes hundreds of deaths affordable. It ends when its
standard input does. Nothing may be used before the fork that does not survive it: no connection, no index, no thread.
"""

import gc
import logging
import os
import select
import signal
import socket
import sys
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path

from flask import Flask

from backbone.db import Database
from backbone.settings import Settings
from sanwang.app import create_app
from sky_net.matching import engine
from tests.crash import victims


def assembled(url: str, var_dir: str, digest_key: str, personal_data_key: str) -> Flask:
    """The application, with what it looked up in the database while it was built already let go."""
    settings = Settings(
        database_url=url, var_dir=Path(var_dir), digest_key=digest_key, personal_data_key=personal_data_key
    )
    database = Database(url)
    app = create_app(settings, transactions=database)
    database.close()
    engine.engine().encoder  # noqa: B018 - read once for all; what it holds is memory and mapped files alone
    return app


def become_victim(mine: socket.socket, app: Flask) -> None:
    """Serve one caller and leave without a word."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    connection = Connection(mine.detach())
    try:
        with suppress(EOFError, BrokenPipeError, ConnectionResetError):
            victims.run(connection.recv(), connection, app)
    except BaseException:
        logging.exception("a victim failed by itself")
        os._exit(1)
    os._exit(0)


def main(address: str, *settings: str) -> None:
    """Fork a victim for every caller."""
    app = assembled(*settings)
    gc.collect()
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(address)
        door.listen(64)
        print("ready", flush=True)
        while True:
            ready, _, _ = select.select([door, sys.stdin], [], [])
            if sys.stdin in ready:
                return
            mine, _ = door.accept()
            if os.fork() == 0:
                door.close()
                become_victim(mine, app)
            mine.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
