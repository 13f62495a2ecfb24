"""nginx as ops/ has it, before a dashboard: with other ports, folders and keys."""

import shutil
import socket
import ssl
import subprocess
import tempfile
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPSConnection
from pathlib import Path

import pytest

from core.runs.settings import PROJECT
from tests.conftest import wait_until

NAME = "127.0.0.1"
OWN_FOLDERS = """
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  scgi_temp_path {folder}/scgi;
  uwsgi_temp_path {folder}/uwsgi;
"""
# The packages of nginx include a file of conf.d into such a configuration.
AROUND_ONE = "daemon off;\npid /tmp/nginx.pid;\nevents {{}}\nhttp {{\n{site}}}\n"


class Nginx:
    """A running proxy: HTTPS at one port, HTTP at another one."""

    def __init__(self, folder, port, plain_port):
        self.connections = []
        self.port, self.plain_port = port, plain_port
        self.trusted = ssl.create_default_context(cafile=folder / "keys" / "ca.crt")

    def ask(self, path="/", *, method="GET", body=None, plain=False, **headers):
        """Send a request; return the answer, of which nothing has been read."""
        if plain:
            connection = HTTPConnection(NAME, self.plain_port, timeout=30)
        else:
            connection = HTTPSConnection(
                NAME, self.port, context=self.trusted, timeout=30
            )
        self.connections.append(connection)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body, named)
        return connection.getresponse()


def free_port():
    with socket.socket() as free:
        free.bind((NAME, 0))
        return free.getsockname()[1]


@contextmanager
def nginx(file, dashboard, *changes):
    """Start nginx with a file of ops/ and further changes: pairs of texts."""
    program = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin")
    if program is None:
        pytest.skip("nginx is not installed: see tests/install.sh")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)  # for nginx, which may read as another account
        keys = ["sh", "ops/certificates.sh", folder / "keys", NAME]
        subprocess.run(keys, cwd=PROJECT, check=True)
        text = (PROJECT / "ops" / file).read_text()
        if "http {" not in text:
            text = AROUND_ONE.format(site=text)
        port, plain_port, own = free_port(), free_port(), folder / "keys" / NAME
        for old, new in (
            ("http {\n", "http {" + OWN_FOLDERS.format(folder=folder)),
            ("/tmp/nginx.pid", f"{folder}/pid"),
            ("listen 443 ssl;", f"listen {NAME}:{port} ssl;"),
            ("listen 80;", f"listen {NAME}:{plain_port};"),
            ("  listen [::]:443 ssl;\n", ""),
            ("  listen [::]:80;\n", ""),
            (
                "/etc/letsencrypt/live/dashboard.example/fullchain.pem",
                f"{own}/host.crt",
            ),
            ("/etc/letsencrypt/live/dashboard.example/privkey.pem", f"{own}/host.key"),
            ("/srv/certificates", str(own)),
            ("/var/log/nginx/unrolled.log", f"{folder}/log"),
            (":8501", f":{dashboard.port}"),
            *changes,
        ):
            text = text.replace(old, new)
        (folder / "nginx.conf").write_text(text)
        process = subprocess.Popen([program, "-c", folder / "nginx.conf"])
        proxy = Nginx(folder, port, plain_port)
        try:
            wait_until(lambda: _listens(port), what="the proxy")
            yield proxy
        finally:
            for connection in proxy.connections:
                connection.close()
            process.terminate()
            process.wait()


def _listens(port):
    with socket.socket() as client:
        return client.connect_ex((NAME, port)) == 0
