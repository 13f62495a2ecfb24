"""A real PostgreSQL server, which can be stopped, paused and started again."""

import os
import secrets
import shutil
import signal
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path

import psutil
from sqlalchemy import create_engine, delete, text, update
from sqlalchemy.exc import DBAPIError

from core.runs.store.schema import class_metadata, installations, metadata


def programs() -> Path | None:
    """The folder of PostgreSQL's programs, or None where it is not installed."""
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))
    found = shutil.which("pg_ctl")
    if not installed and not (found and shutil.which("initdb")):
        return None
    return (installed[-1] if installed else Path(found)).parent


class Postgres:
    """A server with a folder of its own, reached through a socket in it."""

    def __init__(self):
        self.programs = programs()
        self.folder = Path(tempfile.mkdtemp())  # where another user may look
        self.account = {}
        self.stores = []  # without runs, for the next tests
        if os.getuid() == 0:  # the server refuses to run as root
            self.account = {"user": "postgres", "group": "postgres"}
            shutil.chown(self.folder, "postgres")
        self._run("initdb", "-D", self.folder / "data", "-A", "trust")
        self.start()

    def start(self):
        options = f"-c listen_addresses='' -c unix_socket_directories={self.folder}"
        self._control("-o", options, "start")

    def stop(self):
        """End it as a crash does: whatever was not committed is gone."""
        self._control("-m", "immediate", "stop")

    def send(self, number):
        """Send a signal to the server and all that serve its connections."""
        server = psutil.Process(int(self._pid_file.read_text().split()[0]))
        for process in [server, *server.children()]:
            with suppress(psutil.NoSuchProcess):
                process.send_signal(number)

    def remove(self):
        if self._pid_file.exists():
            self.send(signal.SIGCONT)
            self.stop()
        shutil.rmtree(self.folder)

    def address(self, database):
        user = self.account.get("user") or os.environ["USER"]
        return f"postgresql+psycopg://{user}@/{database}?host={self.folder}"

    def empty_schema(self):
        """Make a schema and return the address of a store in it.

        A database of its own takes ten times as long to make.
        """
        name = f"test_{secrets.token_hex(4)}"
        engine = create_engine(self.address("postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(f"CREATE SCHEMA {name}"))
        engine.dispose()
        return f"{self.address('postgres')}&options=-csearch_path%3D{name}"

    def take_store(self):
        """Return the address of a store without runs."""
        return self.stores.pop() if self.stores else self.empty_schema()

    def give_back(self, url):
        """Take all rows out of a store, whose tables the next test then need not make.

        A test that leaves a transaction open holds on to its tables.
        """
        engine = create_engine(url)
        tables = [*metadata.sorted_tables, *class_metadata.sorted_tables]
        with suppress(DBAPIError), engine.begin() as connection:
            connection.execute(text("SET lock_timeout = '5s'"))
            for table in reversed(tables):
                connection.execute(delete(table))
            new = {"id": secrets.token_hex(16), "was_flat": False}
            connection.execute(update(installations).values(new))
            self.stores.append(url)
        engine.dispose()

    @property
    def _pid_file(self):
        return self.folder / "data" / "postmaster.pid"

    def _control(self, *command):
        files = "-D", self.folder / "data", "-l", self.folder / "log"
        self._run("pg_ctl", *files, "-w", *command)

    def _run(self, program, *options):
        subprocess.run(
            [self.programs / program, *options],
            cwd="/",
            check=True,
            stdout=subprocess.DEVNULL,
            **self.account,
        )
