"""The store's fixtures, which attacks on runs need as well."""

import pytest

from tests.core.runs.conftest import (  # noqa: F401 - pytest finds them by name
    checkpoints,
    counting,
    empty_store,
    postgres,
    postgres_store,
    site,
    sqlite_store,
    store,
)

# Of texts that databases read differently, and of threads.
both_databases = pytest.mark.parametrize("url", ["sqlite", "postgres"], indirect=True)


@pytest.fixture
def url(request):
    """Address of a store without runs. tests/core/runs has the queries on both."""
    kind = getattr(request, "param", "sqlite")
    return request.getfixturevalue(f"{kind}_store")
