"""Where the dashboard is: on this machine, or nowhere."""

import http.client
import ipaddress
from urllib.parse import urlsplit


class ForeignHostError(ValueError):
    """The address is not one of this machine."""


class Address:
    """A dashboard on loopback, asked over HTTP.

    Parameters
    ----------
    url
        Such as `http://127.0.0.1:8501`.

    Raises
    ------
    ForeignHostError
        If it is not a loopback address: so many requests at once would be an attack
        on whoever answers there. No name is looked up but `localhost`.
    """

    def __init__(self, url):
        parts = urlsplit(url)
        if parts.scheme != "http" or not _is_loopback(parts.hostname or ""):
            raise ForeignHostError(
                f"{url}: expected http and a loopback address such as "
                "http://127.0.0.1:8501, got another one. Put load on a dashboard of "
                "your own only: start one on this machine."
            )
        self.url = f"http://{parts.netloc}"
        self.socket = f"ws://{parts.netloc}/_stcore/stream"
        self._host, self._port = parts.hostname, parts.port or 80

    def ask(self, method, path, body=None, headers=None):
        """Send one request; return status, headers and body."""
        connection = http.client.HTTPConnection(self._host, self._port, timeout=30)
        try:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()


def _is_loopback(host):
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
