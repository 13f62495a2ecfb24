import os

import pytest

from core import registry
from core.runs.settings import Site
from core.runs.store import Checkpoints
from tests.postgres import Postgres, programs
from tests.stores import opened, sqlite_stores


@pytest.fixture(scope="session")
def postgres():
    """A real PostgreSQL server, started for these tests."""
    if not programs():
        message = "PostgreSQL is not installed; `make test` installs it on Debian."
        pytest.fail(message) if os.environ.get("CI") else pytest.skip(message)
    server = Postgres()
    yield server
    server.remove()


@pytest.fixture
def postgres_url(postgres):
    """Address of an empty database on the server."""
    return postgres.empty_schema()


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request, tmp_path):
    """Address of a database without tables, of either kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'runs.sqlite'}"
    return request.getfixturevalue("postgres_url")


@pytest.fixture(scope="session")
def sqlite_files(tmp_path_factory):
    """Stores without runs in files."""
    stores = sqlite_stores(tmp_path_factory.mktemp("stores"))
    yield stores
    stores.close()


@pytest.fixture
def postgres_store(postgres):
    """Address of a store without runs on the server, which others get after this."""
    yield from _taken(postgres.stores)


@pytest.fixture
def another_postgres_store(postgres):
    """Address of a second store without runs on the server."""
    yield from _taken(postgres.stores)


@pytest.fixture
def sqlite_store(sqlite_files):
    """Address of a store without runs in a file, which others get after this."""
    yield from _taken(sqlite_files)


def _taken(stores):
    url = stores.take()
    yield url
    stores.give_back(url)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request):
    """Address of a store without runs, of either kind: to make one takes longer."""
    kind = "postgres" if request.param == "postgresql" else "sqlite"
    return request.getfixturevalue(f"{kind}_store")


@pytest.fixture
def store(url):
    with opened(url) as store:
        yield store


@pytest.fixture
def site(tmp_path):
    return Site(home=tmp_path, database_url="")


@pytest.fixture
def checkpoints(site, store):
    return Checkpoints(site.checkpoints, store.installation())


@pytest.fixture
def counting(monkeypatch):
    """Adds a small task to the registry for one test."""
    monkeypatch.setitem(registry.TASKS, "counting", "tests.core.runs.counting")
    return registry.get_task("counting")
