import os
import secrets
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from core import registry
from core.runs.checkpoint import Checkpoints
from core.runs.settings import Site
from core.runs.store import Store


@pytest.fixture(scope="session")
def postgres():
    """Address of a real PostgreSQL server, started for these tests."""
    programs = postgres_programs()
    folder = Path(tempfile.mkdtemp())  # where another user may look: not pytest's own
    account = {}
    if os.getuid() == 0:  # the server refuses to run as root
        account = {"user": "postgres", "group": "postgres"}
        shutil.chown(folder, "postgres")
    call = {"cwd": "/", "check": True, "stdout": subprocess.DEVNULL, **account}
    data, log = folder / "data", folder / "log"
    subprocess.run([programs / "initdb", "-D", data, "-A", "trust"], **call)
    options = f"-c listen_addresses='' -c unix_socket_directories={folder}"
    control = [programs / "pg_ctl", "-D", data, "-l", log, "-w"]
    subprocess.run([*control, "-o", options, "start"], **call)
    user = account.get("user") or os.environ["USER"]
    yield f"postgresql+psycopg://{user}@/{{}}?host={folder}"
    subprocess.run([*control, "-m", "immediate", "stop"], **call)
    shutil.rmtree(folder)


def postgres_programs() -> Path:
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))
    found = shutil.which("pg_ctl")
    if not installed and not (found and shutil.which("initdb")):
        message = "PostgreSQL is not installed; `make test` installs it on Debian."
        pytest.fail(message) if os.environ.get("CI") else pytest.skip(message)
    return (installed[-1] if installed else Path(found)).parent


@pytest.fixture
def postgres_url(postgres):
    """Address of an empty database on the server."""
    return _empty_database(postgres)


@pytest.fixture
def another_postgres_url(postgres):
    """Address of a second empty database on the server."""
    return _empty_database(postgres)


def _empty_database(postgres):
    name = f"test_{secrets.token_hex(4)}"
    engine = create_engine(postgres.format("postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return postgres.format(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    """Address of an empty database, of either kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'runs.sqlite'}"
    return request.getfixturevalue("postgres_url")


@pytest.fixture
def store(url):
    store = Store(url)
    yield store
    store.close()


@pytest.fixture
def site(tmp_path):
    return Site(home=tmp_path, database_url="")


@pytest.fixture
def checkpoints(site):
    return Checkpoints(site.checkpoints)


@pytest.fixture
def counting(monkeypatch):
    """Adds a small task to the registry for one test."""
    monkeypatch.setitem(registry.TASKS, "counting", "tests.core.runs.counting")
    return registry.room("counting")
