"""The browser tests' fixtures, which the long tours need as well."""

from tests.browser.conftest import (  # noqa: F401 - pytest finds them by name
    dashboard,
    firefox_profiles,
    own_dashboard,
    profiles,
    visit,
    visit_firefox,
    visit_own,
)
