"""A user who signs in at a proxy, nginx, finds their runs in another browser."""

import os
import shutil
import socket
import subprocess
import tempfile
import urllib.request
from pathlib import Path
from urllib.error import HTTPError

import pytest

from tests.browser.conftest import Dashboard, Page
from tests.conftest import wait_until
from tests.driver.browser.learning import SHORT, link

SECRET = "of32lettersanddigitsthisisonlysome"
USERS = "ann:{PLAIN}apples\nbob:{PLAIN}bananas\n"
PROXY = """
daemon off;
pid FOLDER/pid;
error_log stderr;
events {}
http {
  access_log off;
  client_body_temp_path FOLDER/body;
  proxy_temp_path FOLDER/proxy;
  fastcgi_temp_path FOLDER/fastcgi;
  scgi_temp_path FOLDER/scgi;
  uwsgi_temp_path FOLDER/uwsgi;
  server {
    listen 127.0.0.1:PORT;
    auth_basic Unrolled;
    auth_basic_user_file FOLDER/users;
    location / {
      proxy_pass DASHBOARD;
      proxy_http_version 1.1;
      proxy_set_header Host $http_host;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection upgrade;
      proxy_set_header X-Unrolled-User $remote_user;
      proxy_set_header X-Unrolled-Secret "SECRET";
    }
  }
}
"""


class Proxy:
    """The proxy before a dashboard; users sign in with a password."""

    def __init__(self, folder, dashboard):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        words = {"FOLDER": folder, "PORT": port, "DASHBOARD": dashboard.url}
        text = PROXY
        for name, value in (words | {"SECRET": SECRET}).items():
            text = text.replace(name, str(value))
        (folder / "nginx.conf").write_text(text)
        (folder / "users").write_text(USERS)
        for path in (folder, folder / "users"):
            path.chmod(0o755)  # for nginx, which reads as another account
        program = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin")
        if program is None:
            pytest.skip("nginx is not installed: see tests/install.sh")
        self.process = subprocess.Popen([program, "-c", folder / "nginx.conf"])
        wait_until(lambda: status_of(self.url) == 401, what="the proxy")


def status_of(url, **headers):
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers)) as it:
            return it.status
    except HTTPError as error:
        with error:
            return error.code
    except OSError:
        return None


@pytest.fixture
def proxy(home, monkeypatch):
    monkeypatch.setitem(os.environ, "UNROLLED_SIGN_IN_SECRET", SECRET)
    dashboard = Dashboard(home)
    with tempfile.TemporaryDirectory() as folder:
        proxy = Proxy(Path(folder), dashboard)
        proxy.behind = dashboard.url
        yield proxy
        proxy.process.terminate()
        proxy.process.wait()
    dashboard.kill()


def test_a_user_finds_the_runs_in_another_browser_and_nobody_else_does(browser, proxy):
    def visit(name, password, path):
        signed_in = {"username": name, "password": password}
        page = Page(browser.new_context(http_credentials=signed_in).new_page(), proxy)
        page.open(path)
        return page

    first = visit("ann", "apples", link("rnn", **SHORT, seed=301))
    first.press("rnn_train")
    first.sees("Finished", seconds=120)
    second = visit("ann", "apples", "runs")
    second.sees("RNN · Names · units 8")
    cookies = second.page.context.cookies()
    assert "unrolled_owner" not in {cookie["name"] for cookie in cookies}
    other = visit("bob", "bananas", "runs")
    other.sees("No runs yet")
    for page in (first, second, other):
        page.page.context.close()
    assert status_of(proxy.behind) == 403
    assert status_of(proxy.behind, **{"X-Unrolled-User": "ann"}) == 403
    assert status_of(f"{proxy.behind}/_stcore/health") == 200
