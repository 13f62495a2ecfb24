"""Nothing leaves this machine unless a person asks for it, whatever others send."""

import http.client
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from pages.ui.web.server import COOKIE
from tests.driver.security import outside as base
from tests.driver.security.outside import NAME, outside, watching

# Fixtures: pytest finds them by name.
dashboard = base.dashboard


KNOCKING = 12  # each of them held everybody up for two seconds
BUSY = 5.0  # seconds that a busy machine may take for an answer


def test_connections_to_other_hosts_are_recorded(tmp_path):
    programs = (
        "import urllib.request as r; r.urlopen('http://a.example')",
        "import socket; socket.create_connection(('192.0.2.1', 80))",
        "import socket; socket.create_connection(('::1', 9))",
        "import yfinance",
    )
    for program in programs:
        done = subprocess.run(
            [sys.executable, "-c", program],
            env=os.environ | watching(tmp_path),
            stderr=subprocess.DEVNULL,
        )
        assert done.returncode
    watched, sent = outside(tmp_path)
    assert len(watched) == len(programs)
    assert sent == [
        "lookup of a.example",
        "socket.connect ('192.0.2.1', 80)",
        "import of yfinance",
    ]


def upgrade(dashboard, headers):
    """Ask for a websocket with headers just as they are given; return the status."""
    asked = {
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
        "Sec-WebSocket-Protocol": "streamlit",
    }
    connection = http.client.HTTPConnection("127.0.0.1", dashboard.port, timeout=60)
    try:
        connection.request("GET", "/_stcore/stream", headers=asked | headers)
        return connection.getresponse().status
    finally:
        connection.close()


FOREIGN = [
    ("{here}", "http://evil.example"),
    ("{here}", "http://127.0.0.1:1"),
    ("{here}", "http://127.0.0.1"),
    ("{here}", "http://localhost:{port}"),
    ("{here}", "ftp://{here}"),
    ("{here}", "//{here}"),
    ("{here}", "{here}"),
    ("{here}", "http://{here}@evil.example"),
    ("{here}", "http://evil.example#{here}"),
    ("{here}", "https://127.0.0.1.evil.example:{port}"),
    ("{here}", "http://localhost.evil.example:{port}"),
    ("{here}", "chrome-extension://abcdefgh"),
    ("{here}", "http://[::ffff:127.0.0.1]:{port}"),
    ("{here}", "http://["),
    ("{here}", "http://\xbd"),
    ("{here}", "null"),
    ("{here}", "file://"),
    ("{here}", ""),
    # Equivalent ones, as no browser writes them: Streamlit would look them up.
    ("LOCALHOST:{port}", "http://localhost:{port}"),
    ("localhost:80", "http://localhost"),
    ("localhost/a", "http://localhost/a"),
    ("localhost?a", "http://localhost?a"),
    ("localhost.", "http://localhost"),
    ("", "http:///a"),
    # A name of another site may lead here.
    ("evil.example:{port}", "http://evil.example:{port}"),
]
OWN = [
    ("{here}", "http://{here}"),
    ("{here}", "https://{here}"),  # behind a proxy
    ("localhost", "http://localhost"),
    (NAME, f"https://{NAME}"),
    (f"{NAME}:{{port}}", f"http://{NAME}:{{port}}"),
    ("192.168.1.20:{port}", "http://192.168.1.20:{port}"),
    ("[::1]:{port}", "http://[::1]:{port}"),
    ("[::ffff:7f00:1]", "http://[::ffff:7f00:1]"),
]


def statuses(dashboard, pairs):
    here = {"here": f"127.0.0.1:{dashboard.port}", "port": dashboard.port}
    found = {}
    for host, page in pairs:
        headers = {"Host": host.format(**here), "Origin": page.format(**here)}
        found[host, page] = upgrade(dashboard, headers)
    return found


def test_a_page_of_another_origin_gets_no_websocket_and_sends_nothing_outside(
    dashboard,
):
    for pair, status in statuses(dashboard, FOREIGN).items():
        assert status in (400, 403, 421), pair
    assert dashboard.outside() == []


def test_a_page_of_ours_gets_a_websocket_whatever_name_leads_here(dashboard):
    for pair, status in statuses(dashboard, OWN).items():
        assert status == 101, pair
    assert dashboard.outside() == []


def test_the_forwarded_protocol_of_a_proxy_counts(dashboard):
    for scheme, status in (("https", 101), ("http", 403)):
        headers = {"Host": NAME, "Origin": f"{scheme}://{NAME}"}
        assert upgrade(dashboard, headers | {"X-Forwarded-Proto": "https"}) == status
    assert dashboard.outside() == []


def test_the_cookie_is_for_https_only_behind_a_proxy_on_this_machine(dashboard):
    """The dashboard is on all addresses, where it sees the proxy as an IPv6 one."""
    headers = {"Accept": "text/html", "X-Forwarded-For": "203.0.113.5"}
    for scheme in ("https", "http"):
        connection = http.client.HTTPConnection("127.0.0.1", dashboard.port, timeout=60)
        sent = headers | {"X-Forwarded-Proto": scheme}
        connection.request("GET", "/", headers=sent)
        answer = connection.getresponse()
        cookies = [c for c in answer.headers.get_all("Set-Cookie") if COOKIE in c]
        assert ["Secure" in cookie for cookie in cookies] == [scheme == "https"]
        connection.close()


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "OPTIONS"])
def test_no_request_of_a_page_of_another_origin_is_answered(dashboard, method):
    for path in ("/", "/_stcore/health", "/_stcore/upload_file/a/b", "/_stcore/stream"):
        connection = http.client.HTTPConnection("127.0.0.1", dashboard.port, timeout=60)
        connection.request(method, path, headers={"Origin": "http://evil.example"})
        answer = connection.getresponse()
        assert answer.status == 403
        assert b"Host header" in answer.read()
        assert "Access-Control-Allow-Origin" not in answer.headers
        connection.close()
    assert dashboard.outside() == []


def test_visitors_are_answered_while_foreign_pages_open_websockets(dashboard):
    def knock():
        socket = connect(
            f"ws://127.0.0.1:{dashboard.port}/_stcore/stream",
            origin="http://evil.example",
            subprotocols=["streamlit"],
            open_timeout=60,
        )
        with suppress(InvalidStatus), socket:
            pass

    def seconds():
        began = time.monotonic()
        connection = http.client.HTTPConnection("127.0.0.1", dashboard.port, timeout=60)
        connection.request("GET", "/_stcore/health")
        assert connection.getresponse().read() == b"ok"
        connection.close()
        return time.monotonic() - began

    with ThreadPoolExecutor(KNOCKING) as threads:
        knocking = [threads.submit(knock) for _ in range(KNOCKING)]
        waited = [seconds()]
        while not all(each.done() for each in knocking):
            waited.append(seconds())
    assert max(waited) < BUSY
    assert dashboard.outside() == []
