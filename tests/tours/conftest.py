"""The browser tests' fixtures, which the long tours need as well."""

from tests.browser.conftest import (  # noqa: F401 - pytest finds them by name
    dashboard,
    own_dashboard,
    profiles,
    visit,
    visit_own,
)
