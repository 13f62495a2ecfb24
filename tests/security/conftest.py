"""The store's fixtures, which attacks on runs need as well."""

from tests.core.runs.conftest import (  # noqa: F401 - pytest finds them by name
    checkpoints,
    counting,
    postgres,
    postgres_url,
    site,
    store,
    url,
)
