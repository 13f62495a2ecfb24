"""The proxies of ops/, as they are but for ports and keys, before a real dashboard."""

import os
import shutil
import subprocess
import sys
from base64 import b64encode
from unittest import mock

import pytest

from core.runs.settings import PROJECT
from tests.browser.conftest import Dashboard
from tests.driver.security.nginx import nginx
from tests.platforms import NOBODY

FILES = ["nginx.conf", "nginx-one.conf"]
HSTS = "Strict-Transport-Security"
PAGE = {"Accept": "text/html"}
UPGRADE = {
    "Upgrade": "websocket",
    "Connection": "Upgrade",
    "Sec_WebSocket_Version": "13",
    "Sec_WebSocket_Key": b64encode(bytes(16)).decode(),
    "Sec_WebSocket_Protocol": "streamlit",
}


class Everywhere(Dashboard):
    """A dashboard that listens on all addresses, as `make run` has it."""

    options = ()


@pytest.fixture(scope="module")
def everywhere(tmp_path_factory):
    with mock.patch.dict(os.environ, {"DASK_SCHEDULER_ADDRESS": NOBODY}):
        dashboard = Everywhere(tmp_path_factory.mktemp("proxied"))
    yield dashboard
    dashboard.kill()


@pytest.mark.parametrize("file", FILES)
def test_pages_and_errors_ask_for_https_and_a_secure_cookie_comes_along(
    file, everywhere
):
    with nginx(file, everywhere) as proxy:
        page = proxy.ask("/", **PAGE)
        assert page.status == 200
        (cookie,) = [
            value
            for value in page.headers.get_all("Set-Cookie")
            if value.startswith("unrolled_owner=")
        ]
        assert "; Secure" in cookie
        health = proxy.ask("/_stcore/health")
        large = proxy.ask("/", method="POST", body=bytes(14 * 2**20))
        assert (health.read(), large.status) == (b"ok", 413)
        for answer in (page, health, large):
            assert answer.headers.get_all(HSTS) == ["max-age=31536000"]
        plain = proxy.ask("/stock?run=1", plain=True)
        assert plain.status == 301
        assert plain.headers["Location"].startswith("https://127.0.0.1")
        assert HSTS not in plain.headers


@pytest.mark.parametrize("file", FILES)
def test_the_connections_of_an_address_are_limited(file, everywhere):
    with nginx(file, everywhere, (" 1000;", " 3;")) as proxy:
        for _ in range(3):
            assert proxy.ask("/_stcore/stream", **UPGRADE).status == 101
        refused = proxy.ask("/", **PAGE)
        assert (refused.status, HSTS in refused.headers) == (429, True)


@pytest.mark.parametrize("file", FILES)
def test_the_health_check_needs_no_sign_in(file, everywhere):
    sign_in = 'location / { auth_basic "Unrolled"; auth_basic_user_file /dev/null;'
    with nginx(file, everywhere, ("location / {", sign_in)) as proxy:
        page, health = proxy.ask("/", **PAGE), proxy.ask("/_stcore/health")
        assert (page.status, health.status) == (401, 200)
        assert HSTS in page.headers


def test_the_service_is_one_that_systemd_understands(tmp_path):
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("systemd-analyze is not installed")
    text = (PROJECT / "ops" / "unrolled.service").read_text()
    text = text.replace("/srv/unrolled/.venv/bin/streamlit", sys.executable)
    file = tmp_path / "unrolled.service"
    file.write_text(text)
    done = subprocess.run(
        [program, "verify", file], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
