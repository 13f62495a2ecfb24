"""The store's fixtures, which attacks on runs need as well."""

import os
from unittest import mock

import pytest

from tests.browser.conftest import Dashboard
from tests.core.runs.conftest import (  # noqa: F401 - pytest finds them by name
    checkpoints,
    counting,
    postgres,
    postgres_store,
    site,
    sqlite_files,
    sqlite_store,
    store,
)
from tests.platforms import NOBODY

# Of texts that databases read differently, and of threads.
both_databases = pytest.mark.parametrize("url", ["sqlite", "postgres"], indirect=True)


@pytest.fixture
def url(request):
    """Address of a store without runs. tests/core/runs has the queries on both."""
    kind = getattr(request, "param", "sqlite")
    return request.getfixturevalue(f"{kind}_store")


@pytest.fixture(scope="module")
def dashboard(tmp_path_factory):
    """A dashboard without workers."""
    with mock.patch.dict(os.environ, {"DASK_SCHEDULER_ADDRESS": NOBODY}):
        dashboard = Dashboard(tmp_path_factory.mktemp("attacked"))
    yield dashboard
    dashboard.kill()
