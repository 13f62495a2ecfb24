"""The store's fixtures, which attacks on runs need as well."""

from tests.core.runs.conftest import (  # noqa: F401 - pytest finds them by name
    checkpoints,
    counting,
    empty_store,
    postgres,
    postgres_store,
    site,
    sqlite_store,
    store,
    url,
)
