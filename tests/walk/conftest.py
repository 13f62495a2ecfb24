"""A dashboard whose log the walk reads, and the browser tests' other fixtures."""

import pytest

from tests.browser.conftest import (  # noqa: F401 - pytest finds them by name
    Dashboard,
    profiles,
    visit,
)


@pytest.fixture(scope="session")
def server_log(tmp_path_factory):
    return tmp_path_factory.mktemp("walk") / "server.log"


@pytest.fixture(scope="session")
def dashboard(home, server_log):
    with server_log.open("w") as output:
        dashboard = Dashboard(home, output)
        yield dashboard
        dashboard.kill()
