"""Requests to the server, as two visitors send them."""

import http.client
import re

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

from pages.ui.web.server import COOKIE

ANN, EVE = "a" * 43, "e" * 43


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


def rerun(stream):
    """Have the page drawn; return the id of the session."""
    asked = BackMsg()
    asked.rerun_script.query_string = ""
    stream.send(asked.SerializeToString())
    while True:
        message = ForwardMsg.FromString(stream.recv(timeout=30))
        if message.WhichOneof("type") == "new_session":
            return message.new_session.initialize.session_id


def token(dashboard, owner=ANN):
    """The cookies and the header of a page that this server gave out."""
    _, headers, _ = ask(dashboard, "GET", "/_stcore/health")
    cookies = " ".join(headers.get_all("Set-Cookie") or [])
    found = re.search(r"_streamlit_xsrf=([^;]+)", cookies)[1].strip('"')
    assert "SameSite" in cookies
    cookie = f"_streamlit_xsrf={found}; {COOKIE}={owner}"
    return {"Cookie": cookie, "X-Xsrftoken": found}
