"""The guard before Streamlit: whom it refuses, and what it says of whom."""

import asyncio
import re
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFileRec

from core.runs.owners import owner_of_user
from core.runs.settings import Site
from pages.ui import startup
from pages.ui.web import server
from pages.ui.web.server import (
    FullError,
    Guard,
    Pages,
    ProxyHeaders,
    Uploads,
    new_owner,
)

MEGABYTE = 2**20
HTML = (b"content-type", b"text/html; charset=utf-8")


class Behind:
    """An application that gives one answer, and keeps what it was asked."""

    def __init__(self, status=200, headers=(HTML,)):
        self.status, self.headers = status, headers
        self.asked = self.client = None

    async def __call__(self, scope, receive, send):
        self.asked, self.client = dict(scope["headers"]), scope.get("client")
        if scope["type"] == "websocket":
            await send({"type": "websocket.accept", "headers": []})
            return
        start = {"type": "http.response.start", "status": self.status}
        await send(start | {"headers": list(self.headers)})
        await send({"type": "http.response.body", "body": b""})


def run(answering):
    with ThreadPoolExecutor(1) as own:  # Playwright has this one
        own.submit(asyncio.run, answering).result()


def ask(
    guard,
    path="/",
    headers=(),
    kind="http",
    client="192.0.2.7",
    local="192.0.2.1",
    scheme="http",
    method="GET",
    receive=None,
):
    """Send one request through the guard; return its status and headers."""
    sent = []
    scope = {"type": kind, "path": path, "scheme": scheme, "client": (client, 1)}
    scope |= {"server": (local, 8501)}
    scope |= {"method": method} if kind == "http" else {}
    scope |= {"extensions": {"websocket.http.response": {}}}
    named = {"host": "localhost", "accept": "text/html,*/*;q=0.8", **dict(headers)}
    scope["headers"] = [(k.lower().encode(), v.encode()) for k, v in named.items()]

    async def send(message):
        sent.append(message)

    run(guard(scope, receive, send))
    first = sent[0]
    found = [(k.decode().lower(), v.decode()) for k, v in first["headers"]]
    return first.get("status", 101), found


def cookie_in(headers):
    """The owner that an answer sets, and the rest of that cookie."""
    (line,) = [value for name, value in headers if name == "set-cookie"]
    owner, rest = re.fullmatch(r"unrolled_owner=([^;]+); (.*)", line).groups()
    return owner, rest


@pytest.fixture
def behind():
    return Behind()


@pytest.fixture
def guard(behind):
    return Guard(behind)


NAME = socket.gethostname()
OWN = [
    *("localhost", "localhost:8501", "LOCALHOST", "localhost.", "127.0.0.1:8501"),
    *("192.168.1.20", "[::1]:8501", "[fe80::1]", NAME, f"{NAME}:8501"),
    *(f"{NAME.partition('.')[0]}.local", socket.getfqdn(), ""),
]
FOREIGN = [
    *("evil.example", "evil.example:8501", "localhost.evil.example", "a.localhost"),
    *("127.0.0.1.evil.example", "127.0.0.1@evil.example", "0x7f.evil", "[::1", "["),
    *("local", "1.2.3", "class.example"),
]


@pytest.mark.parametrize("kind", ["http", "websocket"])
def test_own_host_names_and_ip_addresses_are_accepted(guard, behind, kind):
    for host in OWN:
        status, _ = ask(guard, headers={"host": host}, kind=kind)
        assert status in (101, 200), host
        assert behind.asked


@pytest.mark.parametrize("kind", ["http", "websocket"])
def test_foreign_host_names_are_refused(guard, behind, kind):
    for host in FOREIGN:
        origin = {"host": host, "origin": f"http://{host}"}
        status, headers = ask(guard, headers=origin, kind=kind)
        assert status == 421, host
        assert "set-cookie" not in dict(headers)
    assert behind.asked is None


def test_a_refusal_is_one_sentence_that_names_the_setting(guard):
    sent = []

    async def send(message):
        sent.append(message)

    host = [(b"host", b"evil.example")]
    scope = {"type": "http", "path": "/", "scheme": "http", "client": None}
    run(guard(scope | {"method": "GET", "headers": host}, None, send))
    assert b"UNROLLED_HOSTS" in sent[1]["body"]


def test_configured_host_names_are_accepted(behind, monkeypatch):
    monkeypatch.setenv("UNROLLED_HOSTS", "class.example, Other.Example:443,,10.0.0.1")
    guard = Guard(behind, hosts=Site.from_env().hosts)
    for host in ("class.example", "CLASS.example:8501", "other.example"):
        assert ask(guard, headers={"host": host})[0] == 200
    assert ask(guard, headers={"host": "evil.example"})[0] == 421
    assert ask(guard, headers={"host": "x.class.example"})[0] == 421


@pytest.mark.parametrize("client", ["127.0.0.1", "::1", "::ffff:127.0.0.1"])
def test_metrics_are_for_this_machine_and_for_no_proxy(guard, client):
    for path in ("/_stcore/metrics", "/_stcore/metrics/", "/base/_stcore/metrics"):
        assert ask(guard, path, client=client)[0] == 200
        assert ask(guard, path, client="192.0.2.7")[0] == 403
        for name in ("X-Forwarded-For", "Forwarded", "Via", "X-Real-IP"):
            assert ask(guard, path, {name: "127.0.0.1"}, client=client)[0] == 403
    assert ask(guard, "/_stcore/health", client="192.0.2.7")[0] == 200


FORWARDED = {"X-Forwarded-For": "203.0.113.5", "X-Forwarded-Proto": "https"}


def test_a_proxy_on_this_machine_is_believed_whatever_address_it_connects_to(behind):
    app = ProxyHeaders(Guard(behind))
    for client, local in (
        *(("127.0.0.1", "127.0.0.1"), ("::1", "::1")),
        ("::ffff:127.0.0.1", "::ffff:127.0.0.1"),  # on all addresses
        *(("192.0.2.1", "192.0.2.1"), ("::ffff:192.0.2.1", "192.0.2.1")),
    ):
        headers = ask(app, headers=FORWARDED, client=client, local=local)[1]
        assert "Secure" in cookie_in(headers)[1]
        assert behind.client == ("203.0.113.5", 0)
        headers = ask(app, client=client, local=local)[1]
        assert "Secure" not in cookie_in(headers)[1]
        assert behind.client == ("127.0.0.1", 1)


def test_a_sender_of_another_machine_is_believed_only_if_it_is_a_known_proxy(
    behind, monkeypatch
):
    for client in ("192.0.2.7", "::ffff:192.0.2.7"):
        app = ProxyHeaders(Guard(behind))
        headers = ask(app, headers=FORWARDED, client=client)[1]
        assert "Secure" not in cookie_in(headers)[1]
        assert behind.client == ("192.0.2.7", 1)
        with monkeypatch.context() as patch:
            patch.setenv("FORWARDED_ALLOW_IPS", "127.0.0.1,192.0.2.7")
            app = ProxyHeaders(Guard(behind))
        headers = ask(app, headers=FORWARDED, client=client)[1]
        assert "Secure" in cookie_in(headers)[1]
        assert behind.client == ("203.0.113.5", 0)


def test_every_response_has_the_security_headers(guard):
    asked = [("/", "localhost"), ("/_stcore/metrics", "localhost"), ("/", "evil")]
    for path, host in asked:
        headers = dict(ask(guard, path, {"host": host})[1])
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "unsafe-eval" not in headers["content-security-policy"]
        assert headers["x-frame-options"] == "DENY"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"


def test_pages_set_an_http_only_cookie_for_a_year(guard):
    owner, rest = cookie_in(ask(guard)[1])
    assert server.TOKEN.fullmatch(owner)
    assert rest == "Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax"
    assert cookie_in(ask(guard)[1])[0] != owner
    assert cookie_in(ask(guard, scheme="https")[1])[1].endswith("; Secure")


@pytest.mark.parametrize("status", [200, 304])
def test_each_visit_renews_a_cookie_and_none_changes_it(status):
    own = new_owner()
    guard = Guard(Behind(status, (HTML,) if status == 200 else ()))
    asked = {"cookie": f"a=b; unrolled_owner={own}"}
    for site in ("none", "same-origin", "cross-site"):
        headers = ask(guard, headers=asked | {"sec-fetch-site": site})[1]
        assert cookie_in(headers)[0] == own


def test_an_invalid_cookie_is_replaced(guard):
    for given in ("", "short", "x" * 44, "../../etc/passwd" + "x" * 27):
        headers = ask(guard, headers={"cookie": f"unrolled_owner={given}"})[1]
        assert server.TOKEN.fullmatch(cookie_in(headers)[0])


def test_a_form_of_another_site_does_not_replace_a_cookie_that_it_withholds(guard):
    """A browser does not send it with a form of another site."""
    headers = ask(guard, headers={"sec-fetch-site": "cross-site"})[1]
    assert "set-cookie" not in dict(headers)


def test_only_pages_set_a_cookie():
    plain = Guard(Behind(headers=((b"content-type", b"text/plain"),)))
    assert "set-cookie" not in dict(ask(plain, "/_stcore/health")[1])
    for status in (200, 304):
        headers = ask(Guard(Behind(status)), "/favicon.ico", {"accept": "image/*"})[1]
        assert "set-cookie" not in dict(headers)


def test_a_websocket_belongs_to_the_owner_in_its_cookie(guard, behind):
    own = new_owner()
    asked = {"cookie": f"unrolled_owner={own}", "X-Unrolled-Owner": new_owner()}
    _, headers = ask(guard, "/_stcore/stream", asked, kind="websocket")
    assert behind.asked[b"x-unrolled-owner"] == own.encode()
    assert "set-cookie" not in dict(headers)


def test_a_websocket_without_a_cookie_gets_an_owner_of_its_own(guard, behind):
    owners = set()
    for _ in range(2):
        forged = {"X-Unrolled-Owner": "somebody"}
        _, headers = ask(guard, "/_stcore/stream", forged, kind="websocket")
        owners.add(cookie_in(headers)[0])
        assert behind.asked[b"x-unrolled-owner"].decode() in owners
    assert len(owners) == 2


def test_a_request_without_a_cookie_has_no_owner(guard, behind):
    ask(guard, "/_stcore/agent/interact", {"X-Unrolled-Owner": new_owner()})
    assert b"x-unrolled-owner" not in behind.asked


@pytest.fixture
def files():
    return MemoryUploadedFileManager("/upload")


@pytest.fixture
def uploads():
    return Uploads()


def send(uploads, files, session, name, megabytes=5, address="192.0.2.7"):
    size = int(megabytes * MEGABYTE)
    with uploads.reserve(files, session, address, size):
        file = UploadedFileRec(name, name, "text/csv", bytes(size))
        files.add_file(session, file)


def kept(files, session):
    return list(files.file_storage[session])


def test_a_session_keeps_its_latest_files(uploads, files):
    for number in range(40):
        send(uploads, files, "a", f"file {number}")
    assert kept(files, "a") == [f"file {number}" for number in range(32, 40)]


def test_thirty_music_files_fit_beside_other_uploads(uploads, files):
    send(uploads, files, "a", "prices", 5)
    send(uploads, files, "a", "sentences", 5)
    for number in range(30):
        send(uploads, files, "a", f"{number}.mid", 1)
    assert len(kept(files, "a")) == 32


def test_an_address_has_room_for_a_class_and_no_more(uploads, files):
    for session in range(40):
        send(uploads, files, f"session {session}", "file")
    with pytest.raises(FullError, match="stored for your network address"):
        send(uploads, files, "one more", "file")
    send(uploads, files, "elsewhere", "file", address="198.51.100.1")
    files.remove_session_files("session 3")
    send(uploads, files, "one more", "file")


def test_uploads_in_progress_count_towards_the_limit(uploads, files):
    with uploads.reserve(files, "a", "192.0.2.7", 38 * MEGABYTE):
        with pytest.raises(FullError, match="at once"):
            send(uploads, files, "a", "file")
        send(uploads, files, "b", "file")
    send(uploads, files, "a", "file")
    assert kept(files, "a") == ["file"]


def test_the_number_of_empty_uploads_is_limited(uploads, files):
    for number in range(700):
        send(uploads, files, "a", f"file {number}", 0)
    assert len(kept(files, "a")) == 40 * 16


def test_an_upload_that_stops_is_cut_off(files, monkeypatch):
    async def endless(_scope, receive, _send):
        await receive()

    async def receive():
        await asyncio.Event().wait()

    monkeypatch.setattr(server, "uploaded_files", lambda: files)
    monkeypatch.setattr(server, "headers_of_session", lambda _: None)
    monkeypatch.setattr(server, "UPLOAD_SECONDS", 0.05)
    guard = Guard(endless)
    path = "/_stcore/upload_file/session/file"
    assert ask(guard, path, method="PUT", receive=receive)[0] == 408
    assert guard.uploads._incoming.total() == 0


def test_a_slow_upload_has_all_the_time_that_it_needs(files, monkeypatch):
    monkeypatch.setattr(server, "uploaded_files", lambda: files)
    monkeypatch.setattr(server, "headers_of_session", lambda _: None)
    monkeypatch.setattr(server, "UPLOAD_SECONDS", 0.2)
    end = time.monotonic() + 3 * server.UPLOAD_SECONDS

    async def keep(scope, receive, send):
        while (await receive())["more_body"]:
            pass
        await Behind(204)(scope, receive, send)

    async def receive():
        await asyncio.sleep(0)  # lets a limit end the upload
        more = time.monotonic() < end
        return {"type": "http.request", "body": b"a", "more_body": more}

    path = "/_stcore/upload_file/session/file"
    assert ask(Guard(keep), path, method="PUT", receive=receive)[0] == 204
    assert time.monotonic() > end


def test_an_address_has_a_limit_of_open_pages():
    pages = Pages(2)
    with pages.open("192.0.2.7"):
        with pages.open("192.0.2.7"):
            with pytest.raises(FullError, match="has 2 open pages"):
                pages.open("192.0.2.7").__enter__()
            with pages.open("198.51.100.1"):
                pass
        with pages.open("192.0.2.7"):
            pass


@pytest.mark.parametrize(
    ("client", "status"),
    [("2001:db8::2", 429), ("2001:db8:0:1::1", 101), ("192.0.2.7", 101)],
)
def test_the_pages_of_an_ipv6_network_count_together(behind, client, status):
    guard = Guard(behind, Pages(1))
    stream = {"path": "/_stcore/stream", "kind": "websocket"}
    with guard.pages.open("20010db800000000/64"):
        assert ask(guard, **stream, client=client)[0] == status


def test_the_large_messages_of_an_address_are_limited_until_their_sessions_end(
    monkeypatch,
):
    now = 1000.0
    monkeypatch.setattr(server, "time", SimpleNamespace(monotonic=lambda: now))
    pages, size, other = Pages(100), 6 * MEGABYTE, "198.51.100.1"

    def opened(address="192.0.2.7", size=size):
        with pages.open(address) as page:
            return pages.keep(page, size), page

    kept = [opened()[0] for _ in range(12)]
    assert kept == [True] * 10 + [False] * 2
    assert opened(size=server.LEAST_BYTES)[0]
    assert opened(other)[0]
    now += server.SESSION_SECONDS - 1
    assert not opened()[0]
    now += 2
    fits, page = opened()
    assert fits
    assert pages.keep(page, 60 * MEGABYTE)  # only the latest message counts


def test_the_limit_of_open_files_is_raised_as_far_as_it_goes():
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (256, before[1]))
        startup.raise_open_files()
        assert resource.getrlimit(resource.RLIMIT_NOFILE) == (before[1], before[1])
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


SECRET = "thesecretoftheproxy"


def signed_in(name="ann@uni.example", **others):
    return {"X-Unrolled-User": name, "X-Unrolled-Secret": SECRET, **others}


@pytest.mark.parametrize("kind", ["http", "websocket"])
def test_the_owner_is_the_user_whom_the_proxy_names_on_every_machine(behind, kind):
    owners = []
    for name in ("ann@uni.example", "ann@uni.example", "bob@uni.example"):
        guard = Guard(behind, secret=SECRET)
        headers = signed_in(name, Cookie=f"unrolled_owner={new_owner()}")
        status, answered = ask(guard, headers=headers, kind=kind)
        assert status in (101, 200)
        assert "set-cookie" not in dict(answered)
        assert not behind.asked.keys() & {b"x-unrolled-user", b"x-unrolled-secret"}
        owners.append(behind.asked[b"x-unrolled-owner"].decode())
    assert all(map(server.TOKEN.fullmatch, owners))
    assert owners[0] == owners[1] != owners[2]


@pytest.mark.parametrize("kind", ["http", "websocket"])
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Cookie": f"unrolled_owner={'a' * 43}"},
        {"X-Unrolled-Owner": "a" * 43},
        {"X-Unrolled-User": "ann@uni.example"},
        signed_in(" "),
        signed_in(**{"X-Unrolled-Secret": "another secret"}),
        signed_in(**{"x-unrolled-USER": "bob@uni.example"}),
        signed_in(**{"x-unrolled-SECRET": SECRET}),
    ],
)
def test_with_a_secret_nobody_else_has_access(behind, headers, kind):
    guard = Guard(behind, secret=SECRET)
    status, answered = ask(guard, "/runs", headers, kind)
    assert status == 403
    assert "set-cookie" not in dict(answered)
    assert behind.asked is None
    for path in ("/x/metrics", "/live/workers/metrics", "/x/_stcore/health"):
        assert ask(guard, path, headers, kind)[0] == 403
    for path in ("/_stcore/health", "/metrics"):
        assert ask(guard, path, headers, method="POST")[0] == 403
        assert ask(guard, path, headers, "websocket")[0] == 403
        assert ask(guard, path, headers)[0] == 200
        assert b"x-unrolled-owner" not in behind.asked


def test_each_name_is_an_owner_of_its_own(behind):
    names = ("josà", "josÅ", "小张", "小弅", "Ann", "ann", "ann ", "ä" * 300)
    for name in names:
        raw = name.encode().decode("latin-1")  # as HTTP headers are read
        sent = {"X-Unrolled-User": raw, "X-Unrolled-Secret": SECRET}
        headers = [(k.lower().encode(), v.encode("latin-1")) for k, v in sent.items()]
        scope = {"type": "http", "path": "/", "scheme": "http", "method": "GET"}
        scope |= {"client": ("192.0.2.7", 1), "headers": [(b"host", b"localhost")]}
        scope["headers"] += headers
        run(Guard(behind, secret=SECRET)(scope, None, ignore))
        expected = owner_of_user(name.encode(), SECRET)
        assert behind.asked[b"x-unrolled-owner"].decode() == expected
    assert len({owner_of_user(name.encode(), SECRET) for name in names}) == len(names)


async def ignore(_message):
    pass


def test_without_a_secret_no_header_names_an_owner(guard, behind):
    cookie = {"Cookie": f"unrolled_owner={'a' * 43}"}
    assert ask(guard, headers=signed_in(**cookie))[0] == 200
    assert behind.asked[b"x-unrolled-owner"] == b"a" * 43
