"""Requests to the server, as two visitors send them."""

import http.client

from websockets.sync.client import connect

from pages.ui.web.server import COOKIE


def ask(dashboard, method, path, body=None, headers=None):
    """Send a request just as it is written; return status, headers and body."""
    connection = http.client.HTTPConnection("127.0.0.1", dashboard.port, timeout=20)
    connection.request(method, path, body, headers or {})
    answer = connection.getresponse()
    found = answer.status, answer.headers, answer.read()
    connection.close()
    return found


def socket(dashboard, origin, owner=None, session=None):
    """A websocket as a page opens it, of some owner, that names a session."""
    address = f"{dashboard.url.replace('http', 'ws')}/_stcore/stream"
    return connect(
        address,
        origin=origin,
        subprotocols=["streamlit", *(["PLACEHOLDER", session] if session else [])],
        additional_headers={"Cookie": f"{COOKIE}={owner}"} if owner else {},
        max_size=None,
        close_timeout=0.2,
    )


ANN, EVE = "a" * 43, "e" * 43
