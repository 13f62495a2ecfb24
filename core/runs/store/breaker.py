"""Circuit breaker for a database server that is paused or unreachable.

Such a server keeps its connections and never answers, so statements would wait for as
long as that lasts. A thread watches the connections in use. After PATIENCE it tries to
connect; if that times out too, it closes these connections, which ends their waits, and
new requests are refused at once until the server answers again.
"""

import os
import socket
import threading
import time
from collections.abc import Sequence
from contextlib import suppress

from psycopg import Connection, Error
from psycopg.errors import ConnectionTimeout
from sqlalchemy import Dialect, Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.pool import ConnectionPoolEntry

from core.runs.run import StoreError

PATIENCE = 2.0  # seconds in use after which the server is tried
CONNECT_SECONDS = 5  # timeout of a new connection
CHECK_SECONDS = 0.5  # time between two checks of the connections in use


class CircuitBreaker:
    """Refuses the connections of an engine while its PostgreSQL server is silent.

    Parameters
    ----------
    refusal
        Message of the `StoreError` meanwhile.
    """

    def __init__(self, engine: Engine, refusal: str) -> None:
        self._engine, self._refusal = engine, refusal
        self._is_open = False
        self._answered = 0.0  # time of the last successful try
        self._in_use: dict[ConnectionPoolEntry, tuple[float, Connection]] = {}
        self._starting = threading.Lock()
        self._disposed = threading.Event()
        self._disposed.set()  # the first connection starts the thread
        event.listen(engine, "do_connect", self._connect)
        event.listen(engine, "checkout", self._check_out)
        event.listen(engine, "checkin", lambda _, entry: self._in_use.pop(entry, None))
        event.listen(engine, "engine_disposed", lambda _: self._disposed.set())

    def _connect(
        self,
        dialect: Dialect,
        _: object,
        args: Sequence[str],
        options: dict[str, str | int],
    ) -> DBAPIConnection:
        self._refuse_if_open()
        with self._starting:
            if self._disposed.is_set():
                self._disposed = threading.Event()
                watch = threading.Thread(target=self._run, args=[self._disposed])
                watch.daemon = True
                watch.start()
        options.setdefault("connect_timeout", CONNECT_SECONDS)
        try:
            return dialect.connect(*args, **options)
        except ConnectionTimeout:
            self._is_open = True
            raise

    def _check_out(
        self, raw: DBAPIConnection, entry: ConnectionPoolEntry, _: object
    ) -> None:
        """Test a connection before its use: the server may have closed it meanwhile."""
        self._refuse_if_open()
        assert isinstance(raw, Connection)
        self._in_use[entry] = time.monotonic(), raw
        try:
            self._engine.dialect.do_ping(raw)
        except Error as error:
            raise InvalidatePoolError from error

    def _refuse_if_open(self) -> None:
        if self._is_open:
            raise StoreError(self._refusal, passes=True)

    def _run(self, disposed: threading.Event) -> None:
        while not disposed.wait(CHECK_SECONDS):
            now = time.monotonic()
            oldest = min((at for at, _ in list(self._in_use.values())), default=now)
            if self._is_open or now - max(oldest, self._answered) > PATIENCE:
                self._try_server()

    def _try_server(self) -> None:
        dialect = self._engine.dialect
        args, options = dialect.create_connect_args(self._engine.url)
        options["connect_timeout"] = CONNECT_SECONDS
        try:
            dialect.connect(*args, **options).close()
        except ConnectionTimeout:
            self._is_open = True
            for _, connection in list(self._in_use.values()):
                _hang_up(connection)
            return
        except Error:  # a refusal is an answer
            pass
        self._is_open, self._answered = False, time.monotonic()


def _hang_up(connection: Connection) -> None:
    """End the wait of another thread for a connection."""
    with (
        suppress(Error, OSError),  # closed meanwhile
        socket.socket(fileno=os.dup(connection.fileno())) as line,
    ):
        line.shutdown(socket.SHUT_RDWR)
