"""Middleware before Streamlit: proxies, hosts and origins, headers, owners, uploads."""

import asyncio
import base64
import hashlib
import hmac
import ipaddress
import logging
import math
import os
import re
import secrets
import socket
import time
from collections import Counter
from collections.abc import Iterable
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from urllib.parse import urlsplit

import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from core.runs.owners import owner_of_user
from core.runs.settings import Site, hostname
from pages.ui.web.streamlit_internals import (
    headers_of_session,
    names_widgets,
    start_page,
    uploaded_files,
)

log = logging.getLogger(__name__)

COOKIE = "unrolled_owner"
COOKIE_SECONDS = 365 * 24 * 3600
OWNER_HEADER = "x-unrolled-owner"  # set here; clients' own values are dropped
USER_HEADER, SECRET_HEADER = "x-unrolled-user", "x-unrolled-secret"  # of a proxy
HIDDEN = {name.encode() for name in (OWNER_HEADER, USER_HEADER, SECRET_HEADER)}
TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")  # 256 random bits
WITHOUT_USER = ("_stcore/health", "metrics")  # routes without data of an owner

UPLOAD = re.compile(r"/_stcore/upload_file/([^/]+)/[^/]+$")
MEGABYTE = 2**20
SESSION_BYTES = 40 * MEGABYTE  # the music page takes 30 files of 1 MB at once
ADDRESS_BYTES = 200 * MEGABYTE  # a class behind one address: 16 files of 12 MB
LEAST_BYTES = 64 * 2**10  # minimum that a file counts, which bounds their number
UPLOAD_SECONDS = 60.0  # an upload may be slow, but not pause for longer
MESSAGE_BYTES = 64 * MEGABYTE  # an address: ten times what one page may send
FORGED, TOO_BIG = 1008, 1009  # codes that close a websocket
SESSION_SECONDS = 150.0  # Streamlit keeps a session 120 s for its page to come back

THIS_MACHINE, LOOPBACK = "127.0.0.1", "127.0.0.0/8"
FORWARDING = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip")


class ProxyHeaders:
    """Middleware before the `Guard`: sender and protocol as a known proxy names them.

    uvicorn has done the same for proxies at 127.0.0.1 and ::1. A dashboard on all
    addresses sees the first one as ::ffff:127.0.0.1, and a dashboard on one address of
    this machine sees a proxy beside it at that address. `FORWARDED_ALLOW_IPS`, which
    uvicorn reads as well, names other proxies instead.
    """

    def __init__(self, app) -> None:
        known = os.environ.get("FORWARDED_ALLOW_IPS") or LOOPBACK
        self.app = ProxyHeadersMiddleware(app, known)

    async def __call__(self, scope, receive, send) -> None:
        """Pass a request or a websocket on, with its sender."""
        if scope.get("client"):
            scope = {**scope, "client": _canonical_client(scope)}
        await self.app(scope, receive, send)


class Guard:
    """Middleware before Streamlit: rejects requests, and adds the owner to the others.

    It rejects host names of other machines, against DNS rebinding, and requests from
    other origins. Streamlit rejects those, too, but first asks a server on the internet
    for this machine's address, which blocks all other requests meanwhile.

    An owner is a browser, known by its cookie. With a `secret` it is the user whom a
    proxy names beside the secret, and requests without both are rejected.
    """

    def __init__(
        self,
        app,
        pages: "Pages | None" = None,
        secret: str | None = None,
        hosts: Iterable[str] = (),
    ) -> None:
        self.app, self.secret = app, secret
        self.uploads = Uploads()
        self.pages = pages or Pages(Site.open_pages)
        self.hosts = {"localhost", *hosts}

    async def __call__(self, scope, receive, send) -> None:
        """Pass a request or a websocket on, or refuse it."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        request = HTTPConnection(scope)
        if self.secret:
            owner, known = _user(request, self.secret), True
        else:
            cookie = request.cookies.get(COOKIE, "")
            known = TOKEN.fullmatch(cookie) is not None
            owner = cookie if known else new_owner()
        send = _with_headers(send, request, "" if self.secret else owner, known)
        # A session always has an owner. A new token of other requests is not used: it
        # would be lost with the answer.
        has_owner = known or scope["type"] == "websocket"
        scope = _of_owner(scope, owner if has_owner else None)
        if refusal := await self._refusal(request, owner):
            await refusal(scope, receive, send)
        elif scope.get("method") == "PUT" and _upload_of(request):
            await self._store(request, scope, receive, send)
        elif scope["type"] == "websocket":
            await self._connect(request, scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _refusal(self, request: HTTPConnection, owner: str):
        """The answer to a rejected request, or None."""
        host = request.headers.get("host", "")
        if not await self._is_own_host(host):
            return _refuse(
                421,
                f"This server does not answer to the name {host[:100]!r}. Its operator "
                "can add the name to UNROLLED_HOSTS.",
            )
        if not _is_own_origin(request):
            return _refuse(
                403,
                "This request came from a page of another address. A proxy before this "
                "server has to pass on the Host header unchanged.",
            )
        path = request.scope["path"].rstrip("/")
        is_open = request.scope.get("method") == "GET" and path in map(
            server_path, WITHOUT_USER
        )
        if not (owner or is_open):
            return _refuse(
                403,
                "This server is used through a proxy, at which its users sign in.",
            )
        if path.endswith("/_stcore/metrics") and not _is_local(request):
            return _refuse(403, "The metrics are for this machine only.")
        if session := _upload_of(request):
            headers = headers_of_session(session)
            if headers is not None:
                refused = headers.get(OWNER_HEADER) != owner
            else:  # Streamlit itself rejects uploads of ended sessions
                refused = request.scope["method"] == "DELETE"
            if refused:
                return _refuse(403, "This page is another user's: reload it.")
        return None

    async def _is_own_host(self, host: str) -> bool:
        """Whether a Host header names this machine, or is missing."""
        name = hostname(host)
        if not host or name in self.hosts or _address(name):
            return True
        return name in await asyncio.to_thread(own_names)  # perhaps a DNS query

    async def _store(self, request, scope, receive, send) -> None:
        length = request.headers.get("content-length", "")
        most = (st.get_option("server.maxUploadSize") + 1) * MEGABYTE
        size = int(length) if length.isdecimal() else most
        session, files = _upload_of(request), uploaded_files()
        loop = asyncio.get_running_loop()
        try:
            with self.uploads.reserve(files, session, _sender(request), size):
                async with asyncio.timeout(UPLOAD_SECONDS) as limit:

                    async def receive_in_time():
                        message = await receive()
                        limit.reschedule(loop.time() + UPLOAD_SECONDS)
                        return message

                    await self.app(scope, receive_in_time, send)
        except FullError as full:
            await _refuse(429, str(full))(scope, receive, send)
        except TimeoutError:
            await _refuse(408, "The upload stopped. Try again.")(scope, receive, send)

    async def _connect(self, request, scope, receive, send) -> None:
        """Pass on a page's messages while its address has room for them."""

        async def receive_checked():
            message = await receive()
            if content := message.get("bytes"):
                fits = self.pages.keep(page, len(content))
                if not (fits and names_widgets(content)):
                    log.info("closed a page of %s after its message", page.address)
                    code = FORGED if fits else TOO_BIG
                    await send({"type": "websocket.close", "code": code})
                    return {"type": "websocket.disconnect", "code": code}
            return message

        try:
            with self.pages.open(_sender(request)) as page:
                await self.app(scope, receive_checked, send)
        except FullError as full:
            await _refuse(429, str(full))(scope, receive, send)


def server_path(path: str) -> str:
    """Return the path of a route on this server, with its base path."""
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{base}/{path}" if base else f"/{path}"


def new_owner() -> str:
    """A random token of 256 bits."""
    return secrets.token_urlsafe(32)


def _user(request: HTTPConnection, secret: str) -> str:
    """The owner of the user whom a proxy names, or an empty text.

    Of two headers of a kind one may be the browser's own.
    """
    names, secrets_given = (
        [value for name, value in request.headers.raw if name == wanted.encode()]
        for wanted in (USER_HEADER, SECRET_HEADER)
    )
    if len(names) != 1 or len(secrets_given) != 1 or not names[0].strip():
        return ""
    is_proxy = hmac.compare_digest(secrets_given[0], secret.encode())
    return owner_of_user(names[0], secret) if is_proxy else ""


def _with_headers(send, request: HTTPConnection, owner: str, known: bool):
    """Add the security headers to each answer, and the cookie of an owner to a page.

    The page comes before its websocket, so two tabs that are opened at once have the
    same cookie when their sessions begin. The cookie is renewed with each visit. With
    SameSite=Strict it would be missing, and replaced, after a link from another site; a
    GET has no effects, so Lax is as safe.
    """
    secure = "; Secure" if request.scope["scheme"] in ("https", "wss") else ""
    cookie = (
        f"{COOKIE}={owner}; Path=/; Max-Age={COOKIE_SECONDS}; HttpOnly; "
        f"SameSite=Lax{secure}"
    )
    # A browser withholds the cookie from a form of another site: it is not replaced.
    withheld = not known and request.headers.get("sec-fetch-site") == "cross-site"
    keeps = bool(owner) and not withheld

    async def send_with_headers(message) -> None:
        kind = message["type"]
        if kind in ("http.response.start", "websocket.http.response.start"):
            headers = MutableHeaders(scope=message)
            headers.update(HEADERS)
            if keeps and _is_page(request, message["status"], headers):
                headers.append("set-cookie", cookie)
                headers["cache-control"] = "private, no-cache"
        elif kind == "websocket.accept" and not known:
            MutableHeaders(scope=message).append("set-cookie", cookie)
        await send(message)

    return send_with_headers


def _is_page(request: HTTPConnection, status: int, headers) -> bool:
    """Whether an answer is the page, or "not modified" to a request of it.

    Streamlit also answers unknown paths, such as a missing icon, with the page.
    """
    is_html = headers.get("content-type", "").startswith("text/html")
    return "text/html" in request.headers.get("accept", "") and (
        is_html or status == 304
    )


def _of_owner(scope, owner: str | None):
    """The request with the header of its owner in place of any other."""
    headers = [pair for pair in scope["headers"] if pair[0].lower() not in HIDDEN]
    if owner:
        headers.append((OWNER_HEADER.encode(), owner.encode()))
    return {**scope, "headers": headers}


def _refuse(status: int, sentence: str) -> PlainTextResponse:
    log.info("refused with %d: %s", status, sentence)
    return PlainTextResponse(sentence, status)


def _upload_of(request: HTTPConnection) -> str:
    """The session of an upload or its deletion, or an empty text."""
    if request.scope.get("method") not in ("PUT", "DELETE"):
        return ""
    found = UPLOAD.search(request.scope["path"])
    return found[1] if found else ""


def _is_own_origin(request: HTTPConnection) -> bool:
    """Whether a request has no Origin, or that of this server.

    Its host and port have to equal the Host header literally: this is Streamlit's
    comparison, which makes a request to the internet if they differ. A request without
    TLS may have an https Origin, as some proxies that terminate TLS do not say so;
    browsers do not let https pages connect without TLS.
    """
    origin = request.headers.get("origin")
    if origin is None:
        return True
    secure = request.scope["scheme"] in ("https", "wss") or (
        request.headers.get("x-forwarded-proto") == "https"
    )
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    schemes = ("https",) if secure else ("https", "http")
    host = request.headers.get("host") or None
    return parts.scheme in schemes and parts.netloc == host


@cache
def own_names() -> frozenset[str]:
    """The names of this machine, besides `localhost`."""
    full = socket.gethostname().lower()
    short = full.partition(".")[0]
    return frozenset({full, short, f"{short}.local", socket.getfqdn().lower()})


def _address(host: str):
    """The IP address in a text, or None; IPv4-mapped IPv6 addresses as IPv4."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _canonical_client(scope) -> tuple[str, int]:
    """The sender of a request: IPv4 without its IPv6 form, this machine by IPv4."""
    host, port = scope["client"]
    here, _ = scope.get("server") or ("", None)
    address = _address(host)
    if address is None:
        return host, port
    if address == ipaddress.ip_address("::1") or address == _address(here):
        return THIS_MACHINE, port
    return str(address), port


def _is_local(request: HTTPConnection) -> bool:
    """Whether a request is from this machine, without a proxy."""
    address = _address(request.client.host) if request.client else None
    forwarded = any(name in request.headers for name in FORWARDING)
    return address is not None and address.is_loopback and not forwarded


def _sender(request: HTTPConnection) -> str:
    """The network address of a request; of IPv6 its network, which is one user's."""
    host = request.client.host if request.client else ""
    address = _address(host)
    is_network = address is not None and address.version == 6
    return f"{int(address) >> 64:x}/64" if is_network else host


class FullError(Exception):
    """A session or address has used up its files or pages."""


@dataclass(eq=False)
class Page:
    """An open page: the size of its latest message, which Streamlit keeps."""

    address: str
    size: int = 0
    closed: float | None = None  # monotonic seconds


class Pages:
    """Limits the open pages of each address, and the size of their messages.

    Parameters
    ----------
    most
        Open pages of an address.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self._open: Counter[str] = Counter()
        self._large: set[Page] = set()  # pages with messages above LEAST_BYTES

    @property
    def count(self) -> int:
        """The open pages of all addresses."""
        return self._open.total()

    @contextmanager
    def open(self, address: str):
        """Count a page while it is connected; raises a FullError above the limit."""
        if self._open[address] >= self.most:
            raise FullError(
                f"Your network address has {self.most} open pages. Close some, or ask "
                "the operator to raise UNROLLED_OPEN_PAGES."
            )
        self._open[address] += 1
        page = Page(address)
        try:
            yield page
        finally:
            page.closed = time.monotonic()
            self._open[address] -= 1
            if not self._open[address]:
                del self._open[address]

    def keep(self, page: Page, size: int) -> bool:
        """Note the size of a page's message; return whether its address has room."""
        self._large.discard(page)
        if size <= LEAST_BYTES:
            return True
        oldest = time.monotonic() - SESSION_SECONDS
        self._large = {p for p in self._large if (p.closed or math.inf) > oldest}
        used = sum(p.size for p in self._large if p.address == page.address)
        if used + size > MESSAGE_BYTES:
            return False
        page.size = size
        self._large.add(page)
        return True


class Uploads:
    """Limits the stored and incoming files of sessions and addresses.

    Streamlit keeps each file until the end of its session. The pages read a file when
    it arrives, so the oldest ones of a session can be removed.
    """

    def __init__(self) -> None:
        self._addresses: dict[str, str] = {}  # addresses of sessions with files
        self._incoming: Counter[str] = Counter()  # bytes by session

    @contextmanager
    def reserve(self, files, session: str, address: str, size: int):
        """Reserve space for a file during its upload to the `files` of Streamlit.

        Raises a FullError if the address or the session has no space left.
        """
        size = max(size, LEAST_BYTES)
        self._forget(files)
        self._addresses[session] = address
        if self._incoming[session] + size > SESSION_BYTES:
            raise FullError("Too many files at once: send fewer, or wait.")
        self._remove_oldest(files, session, SESSION_BYTES - size)
        if self._of_address(files, address) + size > ADDRESS_BYTES:
            raise FullError(
                "Too many files are stored for your network address. Close pages with "
                "uploads, and try again in a few minutes."
            )
        self._incoming[session] += size
        try:
            yield
        finally:
            self._incoming[session] -= size

    def _forget(self, files) -> None:
        """Forget the sessions without stored or incoming files."""
        self._incoming = +self._incoming  # drops counts of 0
        present = [s for s in self._addresses if s in files.file_storage]
        present += self._incoming
        self._addresses = {session: self._addresses[session] for session in present}

    def _remove_oldest(self, files, session: str, most: int) -> None:
        for file in _stored(files, session):
            if self._bytes_of(files, session) <= most:
                return
            files.remove_file(session, file.file_id)

    def _of_address(self, files, address: str) -> int:
        sessions = [s for s, known in self._addresses.items() if known == address]
        return sum(self._bytes_of(files, session) for session in sessions)

    def _bytes_of(self, files, session: str) -> int:
        stored = _stored(files, session)
        sizes = sum(max(len(file.data), LEAST_BYTES) for file in stored)
        return sizes + self._incoming[session]


def _stored(files, session: str) -> list:
    """The files of a session, the oldest first."""
    return list(files.file_storage.get(session, {}).values())


def _inline_scripts() -> str:
    """The hashes of the scripts in Streamlit's page, for the security policy."""
    return " ".join(
        f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
        for script in re.findall(r"<script>(.*?)</script>", start_page(), re.DOTALL)
    )


HEADERS = {
    # Streamlit makes the components' scripts blobs, and sets styles in elements.
    "Content-Security-Policy": "; ".join(
        (
            "default-src 'self'",
            f"script-src 'self' blob: {_inline_scripts()}",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "media-src 'self' data: blob:",
            "font-src 'self' data:",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    ),
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}
