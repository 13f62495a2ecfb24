import pytest

from tests.core.runs.conftest import sqlite_files, sqlite_store  # noqa: F401 - by name
from tests.driver.pages.downloads import files  # noqa: F401 - by name
from tests.stores import opened


@pytest.fixture
def own_store(sqlite_store):  # noqa: F811
    """A store of the test's own: no supervisor hands its runs to a worker."""
    with opened(sqlite_store) as store:
        yield store
