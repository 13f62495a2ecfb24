"""Requests that never end are closed, and slow ones that live are not."""

import os
from contextlib import ExitStack, suppress
from socket import create_connection
from unittest import mock

import pytest

from tests.browser.conftest import Dashboard
from tests.conftest import wait_until
from tests.driver.security.server import ANN, rerun, socket, token
from tests.platforms import NOBODY

BEGINNING = b"GET /_stcore/health HTTP/1.1\r\nHost: localhost\r\n"
WHOLE = BEGINNING + b"\r\n"


class Hurried(Dashboard):
    """A dashboard that waits for the headers of a request for a second."""

    program = ("-m", "tests.security.hurried")


@pytest.fixture(scope="module")
def dashboard(tmp_path_factory):
    with mock.patch.dict(os.environ, {"DASK_SCHEDULER_ADDRESS": NOBODY}):
        dashboard = Hurried(tmp_path_factory.mktemp("hurried"))
    yield dashboard
    dashboard.kill()


@pytest.fixture
def connect(dashboard):
    """A function that opens a connection and sends the beginning of a request."""
    with ExitStack() as stack:

        def connect(sent):
            address = ("127.0.0.1", dashboard.port)
            connection = stack.enter_context(create_connection(address, timeout=30))
            connection.sendall(sent)
            return connection

        yield connect


def is_closed(connection):
    with suppress(ConnectionError):
        return connection.recv(1) == b""
    return True


def test_half_sent_headers_are_closed_in_time_and_nobody_else_is_held_up(connect):
    half = [connect(sent) for sent in (b"", b"GET", BEGINNING) for _ in range(10)]
    assert b"200 OK" in connect(WHOLE).recv(1000)
    assert all(map(is_closed, half))


def test_headers_that_come_letter_by_letter_are_closed_as_well(connect):
    connection = connect(BEGINNING + b"X: ")

    def send():
        try:
            connection.sendall(b"a")
        except ConnectionError:
            return True
        return False

    wait_until(send, seconds=30, what="the end of the connection")


def test_the_second_request_of_a_connection_has_the_same_time(connect):
    connection, answer = connect(WHOLE), b""
    while not answer.endswith(b"\r\n\r\nok"):
        answer += connection.recv(1000)
    connection.sendall(BEGINNING)
    assert is_closed(connection)


def test_a_slow_upload_and_an_open_page_outlive_the_time_for_headers(
    connect, dashboard
):
    with socket(dashboard, dashboard.url, ANN) as page:
        headers = token(dashboard) | {
            "Host": "localhost",
            "Content-Type": "multipart/form-data; boundary=cut",
            "Transfer-Encoding": "chunked",
        }
        lines = [f"PUT /_stcore/upload_file/{rerun(page)}/file HTTP/1.1"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        upload = connect("\r\n".join([*lines, "", ""]).encode())

        def send(text):
            upload.sendall(f"{len(text):x}\r\n{text}\r\n".encode())

        part = 'Content-Disposition: form-data; name="f"; filename="a.csv"'
        send(f"--cut\r\n{part}\r\n\r\n")
        for _ in range(2):
            half = connect(BEGINNING)
            half.setblocking(False)

            def is_over(half=half):
                send("a")
                try:
                    return half.recv(1) == b""
                except BlockingIOError:
                    return False

            wait_until(is_over, what="the end of a half-sent request")
        send("\r\n--cut--\r\n")
        send("")
        assert upload.recv(1000).startswith(b"HTTP/1.1 204")
        assert rerun(page)
