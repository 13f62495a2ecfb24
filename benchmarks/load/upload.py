"""A file on its way to the server, as a browser sends it."""

import re

from benchmarks.load.connection import COOKIE

BOUNDARY = "part-of-a-student"
TOKEN = re.compile(r"_streamlit_xsrf=\"?([^;\"]+)")


def put(address, path, name, content, owner):
    """Send a file with the token of a page; return the HTTP status."""
    token = _token(address)
    head = (
        f"--{BOUNDARY}\r\nContent-Disposition: form-data; "
        f'name="{name}"; filename="{name}"\r\nContent-Type: text/csv\r\n\r\n'
    )
    body = head.encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()
    headers = {
        "Content-Type": f"multipart/form-data; boundary={BOUNDARY}",
        "Cookie": f"_streamlit_xsrf={token}; {COOKIE}={owner}",
        "X-Xsrftoken": token,
        "Origin": address.url,
    }
    status, *_ = address.ask("PUT", path, body, headers)
    return status


def _token(address):
    """The token that the server gives to each page against forged requests."""
    _, headers, _ = address.ask("GET", "/_stcore/health")
    found = TOKEN.search(" ".join(headers.get_all("Set-Cookie") or []))
    return found[1] if found else ""
