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
import psycopg

from tests.stores import EmptyStores


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
        if os.getuid() == 0:  # the server refuses to run as root
            self.account = {"user": "postgres", "group": "postgres"}
            shutil.chown(self.folder, "postgres")
        self._run("initdb", "-D", self.folder / "data", "-A", "trust")
        self.start()
        self.stores = EmptyStores(self.empty_schema, self.execute)

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
        self.stores.close()
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
        assert self.execute(self.address("postgres"), f"CREATE SCHEMA {name}")
        return f"{self.address('postgres')}&options=-csearch_path%3D{name}"

    def execute(self, url, statements):
        """Execute SQL in one message and transaction; return whether it succeeded.

        A test that leaves a transaction open holds on to its tables.
        """
        with (
            suppress(psycopg.Error),
            psycopg.connect(url.replace("+psycopg", "")) as connection,
        ):
            connection.execute(f"SET lock_timeout = '5s'; {statements}")
            return True

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
